import type { Assignment, Entry, Trial, TrialState } from '../types';

/** Backend of sweeps that a table of trials was all of: they cannot be trained on. */
export const TABLE = 'table';
/** Most steps of a trial that are read. */
export const MOST_STEPS = 1_000_000;

/** A trial on its way into a journal. */
export interface Found {
  values: Assignment;
  seed: number;
  state: TrialState;
  why: string;
  step: number;
  value: number | null;
  /** Order among the ends. */
  ended: number;
  curve: readonly (number | null)[];
  evaluations: Trial['evaluations'];
  /** Number of the point where the trial says it. */
  point: number | null;
  byHand: boolean;
}

/**
 * Entries of the trials, and of their ends in their order.
 * @param points trials by seed
 * @param metric whose curve there is
 * @param missing why a seed of a point has no trial
 */
export function trialEntries(
  points: readonly ReadonlyMap<number, Found>[],
  seeds: readonly number[],
  metric: string,
  missing: string,
): Entry[] {
  const entries: Entry[] = [];
  const ends: { at: number; entry: Entry }[] = [];
  points.forEach((trials, point) => {
    const [first] = trials.values();
    entries.push({ type: 'point', point, values: first.values, ...(first.byHand ? { byHand: true as const } : {}) });
  });
  points.forEach((trials, point) => {
    seeds.forEach((seed, i) => {
      const trial = point * seeds.length + i;
      const t = trials.get(seed);
      const end = (state: Exclude<TrialState, 'waiting' | 'running'>, step: number, value: number | null, why: string) =>
        ends.push({ at: t?.ended ?? Number.POSITIVE_INFINITY, entry: { type: 'end', trial, state, step, value, why } });
      if (!t) {
        end('stopped', 0, null, missing);
        return;
      }
      if (t.state === 'waiting') return;
      entries.push({ type: 'trial', trial, point, seed });
      const curve = Array.from({ length: t.step }, (_, s) => t.curve[s] ?? null);
      if (t.step) entries.push({ type: 'steps', trial, from: 1, metrics: { [metric]: curve } });
      for (const { step, result } of t.evaluations) entries.push({ type: 'evaluation', trial, step, result });
      if (t.state !== 'running') end(t.state, t.step, t.value, t.why);
    });
  });
  return [...entries, ...ends.sort((a, b) => a.at - b.at || 0).map((e) => e.entry)];
}
