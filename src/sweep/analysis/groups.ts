import { interval } from '../../math/statistics';
import { hasEnded, standingsOf, trialsOf } from '../journal';
import { better } from '../objective';
import type { Assignment, Objective, Standing, SweepState } from '../types';

/** A point with its seeds taken together. */
export interface Group {
  point: number;
  values: Assignment;
  state: Standing['state'];
  /** The objective of each finished trial that has one, in the order of the seeds. */
  results: readonly { trial: number; seed: number; value: number }[];
  /** Their number. */
  n: number;
  /** Null without any. */
  mean: number | null;
  /** Half-width of the 95 % interval; null for fewer than two. */
  halfWidth: number | null;
  /** Every seed has a value. */
  complete: boolean;
  /** Trained by all its trials together. */
  steps: number;
  /** 1 is the best: by the mean, groups that lack seeds after all complete ones; null without a mean. */
  rank: number | null;
}

/** Negative when value `a` is better than `b`. */
export const order = (direction: Objective['direction'], a: number, b: number): number => (direction === 'max' ? b - a : a - b);

/** The points of a sweep with their seeds taken together, in the order of the points. */
export function groupsOf(state: SweepState): Group[] {
  const { direction } = state.spec.objective;
  const groups = standingsOf(state).map(({ point, values, state: standing }): Group => {
    const trials = trialsOf(state, point);
    const results = trials.flatMap(({ trial, seed, state: s, value }) =>
      s === 'finished' && value !== null ? [{ trial, seed, value }] : [],
    );
    const summary = interval(results.map((r) => r.value));
    const steps = trials.reduce((sum, t) => sum + t.step, 0);
    return { point, values, state: standing, results, ...summary, complete: results.length === trials.length, steps, rank: null };
  });
  const ranks = new Map(
    groups
      .filter((g) => g.mean !== null)
      .sort((a, b) => Number(b.complete) - Number(a.complete) || order(direction, a.mean as number, b.mean as number))
      .map((g, i) => [g.point, i + 1]),
  );
  return groups.map((g) => ({ ...g, rank: ranks.get(g.point) ?? null }));
}

/** The group of rank 1; null while none has a value. */
export const bestGroup = (groups: readonly Group[]): Group | null => groups.find((g) => g.rank === 1) ?? null;

/** A point when its last trial had ended. */
export interface Completion {
  point: number;
  state: Group['state'];
  /** Null: pruned, stopped or failed before any of its seeds had a value. */
  value: number | null;
  halfWidth: number | null;
  n: number;
  /** Steps of all trials of the points up to this one. */
  steps: number;
  /** The best mean up to this one of a point all of whose seeds have values; null before the first. */
  best: number | null;
}

/** Points whose trials have all ended, in the order in which they did, with the best so far. */
export function history(state: SweepState, groups: readonly Group[] = groupsOf(state)): Completion[] {
  const { direction } = state.spec.objective;
  const ended = groups
    .filter(({ point }) => trialsOf(state, point).every(hasEnded))
    .map((group) => ({ group, at: Math.max(...trialsOf(state, group.point).map((t) => t.ended ?? 0)) }))
    .sort((a, b) => a.at - b.at);
  let best: number | null = null;
  let steps = 0;
  return ended.map(({ group: { point, state: standing, mean, halfWidth, n, complete, steps: own } }) => {
    if (complete) best = better(direction, best, mean);
    steps += own;
    return { point, state: standing, value: mean, halfWidth, n, steps, best };
  });
}
