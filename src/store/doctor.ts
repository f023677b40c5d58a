import { createStore } from 'zustand/vanilla';
import { field, getValue } from '../config/fields';
import type { Ailment, Finding, Turn } from '../host/doctor';
import { presetConfig } from './changes';
import { lab } from './lab';
import type { LabState } from './state';

export type { Ailment, Finding, Turn } from '../host/doctor';

/** What the collapse doctor has found. */
export interface DoctorState {
  /** By run, in the order of the page's runs; empty before the first look. */
  findings: readonly (readonly Finding[])[];
  /** Step of the last look; 0 before the first. */
  step: number;
  /** Steps that verdicts look back over; 0 before the first look. */
  window: number;
}

const NOTHING: DoctorState = { findings: [], step: 0, window: 0 };

/** The doctor's state. */
export const doctor = createStore<DoctorState>(() => NOTHING);

/** Steps before which the doctor has too little to go by. */
export const LEAST_STEPS = 5;

/** Between two looks, and the longest that one goes on without a pause, milliseconds. */
const EVERY = 1000;
const PORTION = 8;

type Diagnose = typeof import('../host/doctor').diagnose;

/** Looks at every run, in portions. @returns null when other runs came onto the page meanwhile */
async function examine(diagnose: Diagnose, { runs, lanes }: LabState): Promise<Finding[][] | null> {
  const found: Finding[][] = [];
  let start = performance.now();
  for (const { lane, trace } of runs) {
    if (performance.now() - start > PORTION) {
      await new Promise((next) => setTimeout(next));
      start = performance.now();
      if (lab.getState().runs !== runs) return null;
    }
    found.push(diagnose({ steps: Array.from(trace.steps), metric: (name) => trace.raw(name) }, lanes[lane].config));
  }
  return found;
}

/** Looks at the runs on the page whenever they have new steps, at most once a second. @returns stops that */
export function startDoctor(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looked = Number.NEGATIVE_INFINITY;
  let over = false;
  const look = async () => {
    looked = performance.now();
    const { diagnose, WINDOW } = await import('../host/doctor');
    const state = lab.getState();
    const step = state.runs[0].trace.lastStep;
    const findings = step > 0 ? await examine(diagnose, state) : [];
    timer = undefined;
    if (over) return;
    if (findings) doctor.setState({ findings, step, window: WINDOW });
    if (!findings || lab.getState().version !== state.version) soon();
  };
  const soon = () => {
    timer ??= setTimeout(() => void look(), Math.max(0, looked + EVERY - performance.now()));
  };
  const stop = lab.subscribe((now, before) => {
    if (now.runs !== before.runs && now.runs[0].trace.length === 0) doctor.setState(NOTHING);
    if (now.version !== before.version || now.runs !== before.runs) soon();
  });
  soon();
  return () => {
    over = true;
    stop();
    clearTimeout(timer);
    doctor.setState(NOTHING);
  };
}

const rounded = (value: number) => Number(value.toPrecision(2));

/**
 * A value to try for a field that the doctor advises to turn, as text: the presets' own where it lies that way, else half or double of what
 * the run has. Null where there is none to propose: fields that act before training, and texts.
 */
export function proposalOf({ path, to, value }: Turn, presets: readonly string[]): string | null {
  const f = field(path);
  if (f.scope === 'setup') return null;
  if (f.options) return f.options.includes(to) && to !== value ? to : null;
  if (typeof value !== 'number' || f.min === undefined || f.max === undefined) return null;
  const usual = getValue(presetConfig(presets), path) as number;
  const tidy = (x: number) =>
    String(Math.min(f.max as number, Math.max(f.min as number, f.kind === 'integer' ? Math.round(x) : rounded(x))));
  const least = f.kind === 'integer' ? 1 : 0;
  if (to === 'lower') {
    const next = tidy(usual < value ? usual : Math.max(least, value / 2));
    return Number(next) < value ? next : null;
  }
  const start = value > 0 ? 2 * value : (f.default as number) || (f.scale === 'log' ? 1 : (f.max as number) / 10);
  const next = tidy(usual > value ? usual : start);
  return Number(next) > value ? next : null;
}

/** Findings that call for action, and those worth an eye, over all runs. */
export const countOf = ({ findings }: DoctorState): { act: number; watch: number } => {
  const all = findings.flat();
  const act = all.filter((f) => f.severity === 'act').length;
  return { act, watch: all.length - act };
};

/** What the doctor looks for. */
export const AILMENTS: readonly Ailment[] = [
  'notFinite',
  'rewardCollapse',
  'entropyCollapse',
  'noise',
  'allWrong',
  'allRight',
  'emptyBatches',
  'representationCollapse',
  'clipSaturation',
  'gradientExplosion',
];
