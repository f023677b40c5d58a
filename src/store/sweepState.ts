import { createStore } from 'zustand/vanilla';
import type { SweepRecord } from '../archive/sweeps/types';
import type { SweepState } from '../sweep/types';

export type { SweepRecord };

/** Kept sweeps, and the one on the page. */
export interface SweepsState {
  /** Kept sweeps, newest first; null until they are read. */
  list: readonly SweepRecord[] | null;
  /** The sweep on the page. */
  id: string | null;
  /** What its journal says; null before its first entry. Lists grow in place, `version` says when. */
  journal: SweepState | null;
  version: number;
  status: 'none' | 'preparing' | 'running' | 'paused' | 'finished' | 'failed';
  /** Asked to pause, which takes effect at the end of what is under way. */
  pausing: boolean;
  /** What is under way before training goes on, and the share done. */
  progress: { what: string; done: number } | null;
  /** Trial-steps a second, and trials side by side. */
  pace: { stepsPerSecond: number; places: number } | null;
  notices: readonly string[];
  error: string | null;
  /** Point under the pointer, everywhere. */
  highlight: number | null;
  /** Points that are brushed or ticked; none: all count. */
  selected: readonly number[];
}

/** What the page shows of a sweep when there is none. */
export const NO_SWEEP = {
  id: null,
  journal: null,
  status: 'none',
  pausing: false,
  progress: null,
  pace: null,
  notices: [],
  error: null,
  highlight: null,
  selected: [],
} satisfies Partial<SweepsState>;

/** The sweeps' state. */
export const sweeps = createStore<SweepsState>(() => ({ list: null, version: 0, ...NO_SWEEP }));

/** Lights a point up in every picture; null: none. */
export function highlightPoint(highlight: number | null): void {
  if (sweeps.getState().highlight !== highlight) sweeps.setState({ highlight });
}

/** Chooses points in every picture; none: all count. */
export function selectPoints(points: readonly number[]): void {
  const { selected } = sweeps.getState();
  const next = [...new Set(points)].sort((a, b) => a - b);
  if (next.length !== selected.length || next.some((p, i) => p !== selected[i])) sweeps.setState({ selected: next });
}

/** Says what went wrong, until it is dismissed. */
export const sweepError = (error: string): void => sweeps.setState({ error });
/** Hides the error. */
export const dismissSweepError = (): void => sweeps.setState({ error: null });
/** Tells something that is no error. */
export const sweepNotice = (text: string): void =>
  sweeps.setState(({ notices }) => (notices.includes(text) ? {} : { notices: [...notices, text] }));
/** Hides one notice. */
export const dismissSweepNotice = (text: string): void =>
  sweeps.setState(({ notices }) => ({ notices: notices.filter((n) => n !== text) }));
