import type { Objective, Standing } from './types';

/** What a trial reported: (steps done, value), ascending. */
export type Reports = readonly (readonly [number, number])[];

/** Index of the first report at or after a step; the length without one. */
function indexFrom(reports: Reports, step: number): number {
  let low = 0;
  let high = reports.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reports[middle][0] < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first report at or after a step. */
export const firstFrom = (reports: Reports, step: number): readonly [number, number] | undefined =>
  reports[indexFrom(reports, step)];

/** The value reported after just so many steps. */
export function reportedAt(reports: Reports | undefined, step: number): number | undefined {
  const found = reports && firstFrom(reports, step);
  return found?.[0] === step ? found[1] : undefined;
}

/** Newest step that all of a point's trials with reports have done; null without reports. */
export function newestStep({ reports }: Pick<Standing, 'reports'>): number | null {
  let least = Infinity;
  for (const r of reports.values()) if (r.length) least = Math.min(least, r[r.length - 1][0]);
  return least === Infinity ? null : least;
}

/** Whether all trials with reports are at or past a step, one of them by its newest report alone. */
export function justReached({ reports }: Pick<Standing, 'reports'>, step: number): boolean {
  const trials = [...reports.values()].filter((r) => r.length);
  const from = trials.map((r) => indexFrom(r, step));
  return trials.every((r, i) => from[i] < r.length) && trials.some((r, i) => from[i] === r.length - 1);
}

/** Means of two points over the seeds for which both have a value; null without a common seed. */
export interface PairedMeans {
  seeds: readonly number[];
  mine: number;
  theirs: number;
}

/** Pairs two points' values by seed. @param at the value that a trial's reports stand for, if they have it */
export function pairedMeans(
  me: Pick<Standing, 'reports'>,
  other: Pick<Standing, 'reports'>,
  at: (reports: Reports) => number | undefined,
): PairedMeans | null {
  const seeds: number[] = [];
  let mine = 0;
  let theirs = 0;
  for (const [seed, reports] of me.reports) {
    const a = at(reports);
    const b = a === undefined ? undefined : at(other.reports.get(seed) ?? []);
    if (a === undefined || b === undefined) continue;
    seeds.push(seed);
    mine += a;
    theirs += b;
  }
  return seeds.length ? { seeds, mine: mine / seeds.length, theirs: theirs / seeds.length } : null;
}

/** 1 where more is better, −1 where less is. */
export const signOf = ({ direction }: Pick<Objective, 'direction'>): 1 | -1 => (direction === 'max' ? 1 : -1);
