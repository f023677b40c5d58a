import { createStore } from 'zustand/vanilla';
import type { Miss } from '../host/prediction';
import type { Config, Counterfactual } from '../host/protocol';
import { ask } from './engine';
import { lab } from './lab';
import { type FleetInfo, focused, focusedLane, type LabState } from './state';
import { MAX_VARIANTS, type Settings, settingsOf, UNCHANGED, type Variant } from './variants';

export type { Miss, Outcome } from '../host/prediction';
export type { Counterfactual, StepMetrics } from '../host/protocol';

/** The next step of a paused run, tried on one batch under several settings. */
export interface Frozen {
  /** What it was asked about: another fleet, run, step or setting makes it stale. */
  fleet: FleetInfo;
  key: string;
  run: Settings;
  /** In the order of the page's variants. */
  variants: readonly Settings[];
  result: Counterfactual;
}

/** A step that was taken after it had been predicted. */
export interface Taken {
  /** `run` for the run's own, else a variant's name. */
  who: string;
  step: number;
  /** Why the step drew another batch than the predicted one; empty when the prediction binds. */
  apart: string[];
  /** Null while the step is under way. */
  metrics: { compared: number; misses: readonly Miss[] } | null;
  /** Null until read, or when training went on before they could be. */
  parameters: { compared: number; differ: number } | null;
}

/** The counterfactual step, as the page shows it. */
export interface WhatIfState {
  frozen: Frozen | null;
  busy: boolean;
  /** Why the last question was refused. */
  error: string | null;
  taken: Taken | null;
}

/** State of the counterfactual step. */
export const whatIf = createStore<WhatIfState>(() => ({ frozen: null, busy: false, error: null, taken: null }));

/** After the last change, before the engine is asked, milliseconds. */
const CALM = 150;

/** The focused run's settings with its own seed. */
export function runSettings(state: Pick<LabState, 'lanes' | 'runs' | 'focus'>): Settings {
  const { presets, config } = focusedLane(state);
  return { presets, config: { ...config, seed: focused(state).seed } };
}

/** What keeps the next batch from being frozen; null when nothing does. */
export function obstacle({
  status,
  fleet,
  waiting,
  step,
}: LabState): 'opening' | 'training' | 'busy' | 'finished' | 'failed' | null {
  if (status === 'failed') return 'failed';
  if (!fleet || waiting > 0 || status === 'preparing') return 'opening';
  if (status === 'training') return 'training';
  if (status === 'evaluating') return 'busy';
  return step >= fleet.steps ? 'finished' : null;
}

interface Wanted {
  key: string;
  fleet: FleetInfo;
  run: Settings;
  variants: Settings[];
}

/** What there is to ask now; null while the run does not stand still. @throws ConfigError for variants that do not fit the run */
function wanted(): Wanted | null {
  const state = lab.getState();
  if (obstacle(state) !== null) return null;
  const run = runSettings(state);
  const variants = state.variants.map((v) => settingsOf(run, v));
  const key = JSON.stringify([state.focus, state.step, run.config, variants.map((v) => v.config)]);
  return { key, fleet: state.fleet as FleetInfo, run, variants };
}

/** Whether the answer at hand is of the fleet, run, step and settings that are on the page. */
export function isCurrent(frozen: Frozen | null): frozen is Frozen {
  if (!frozen) return false;
  try {
    const now = wanted();
    return now !== null && now.fleet === frozen.fleet && now.key === frozen.key;
  } catch {
    return false;
  }
}

/** One for each view that watches. */
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let asking = false;
/** What was refused: it is not asked again by itself. */
let refused: { fleet: FleetInfo; key: string } | null = null;

/** Asks soon where the answer at hand is stale. */
function refresh(): void {
  if (asking || watchers.size === 0) return;
  clearTimeout(timer);
  timer = undefined;
  try {
    const want = wanted();
    const known = want && [whatIf.getState().frozen, refused].some((k) => k && k.fleet === want.fleet && k.key === want.key);
    if (want && !known) timer = setTimeout(() => void freeze(want), CALM);
    whatIf.setState({ busy: timer !== undefined, ...(want && refused?.key !== want.key ? { error: null } : {}) });
  } catch (error) {
    whatIf.setState({ busy: false, error: (error as Error).message });
  }
}

async function freeze({ key, fleet, run, variants }: Wanted): Promise<void> {
  timer = undefined;
  asking = true;
  try {
    const { focus } = lab.getState();
    const text = (c: Config) => JSON.stringify(c);
    // What changes nothing is the run's own step; equal variants are tried once.
    const different = new Map(variants.map((v) => [text(v.config), v.config]));
    different.delete(text(run.config));
    const answer = await ask({ kind: 'counterfactual', run: focus, variants: [...different.values()] });
    const made = new Map([...different.keys()].map((k, i) => [k, answer.variants[i]]));
    const result = { ...answer, variants: variants.map((v) => made.get(text(v.config)) ?? answer.base) };
    refused = null;
    whatIf.setState({ frozen: { fleet, key, run, variants, result }, error: null });
  } catch (error) {
    refused = { fleet, key };
    whatIf.setState({ error: (error as Error).message });
  } finally {
    asking = false;
    whatIf.setState({ busy: false });
    refresh();
  }
}

/** Freezes the next batch whenever the run stands still, until the returned function is called. */
export function watchNextStep(): () => void {
  const parts = ['status', 'fleet', 'waiting', 'step', 'focus', 'lanes', 'runs', 'variants'] as const;
  const stop = lab.subscribe((now, before) => {
    if (parts.some((k) => now[k] !== before[k])) refresh();
  });
  watchers.add(stop);
  refresh();
  return () => {
    stop();
    watchers.delete(stop);
    if (watchers.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
    whatIf.setState({ busy: asking });
  };
}

/** Asks once more after a refusal. */
export function retry(): void {
  refused = null;
  refresh();
}

/** Changes one variant. */
export const setVariant = (index: number, variant: Variant): void =>
  lab.setState(({ variants }) => ({ variants: variants.map((v, i) => (i === index ? variant : v)) }));

/** Adds a second variant, equal to the first. */
export const addVariant = (): void =>
  lab.setState(({ variants }) => (variants.length < MAX_VARIANTS ? { variants: [...variants, variants[0]] } : {}));

/** Takes a variant away; the last one only loses its changes. */
export const dropVariant = (index: number): void =>
  lab.setState(({ variants }) => ({
    variants: variants.length > 1 ? variants.filter((_, i) => i !== index) : [UNCHANGED],
  }));
