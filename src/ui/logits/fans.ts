import { type Fan, fanOf } from '../../charts/distribution';
import type { Distribution, Distributions } from '../../store/analysis';
import { ROLES, type RoleName } from './roles';

/** Distributions over a film, as fans of their quantiles. */
export interface Fans extends Record<RoleName, Fan> {
  weight: Fan;
  margin: Fan;
}

type Five = [number, number, number, number, number];
const NONE: Five = [Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN];

/** Fans of distributions in the order of their steps. */
export function fansOf(all: readonly Distributions[]): Fans {
  const steps = all.map((d) => d.step);
  const fan = (of: (d: Distributions) => Distribution) =>
    fanOf(
      steps,
      all.map((d) => (of(d).quantiles as Five | null) ?? NONE),
    );
  const roles = Object.fromEntries(ROLES.map((role) => [role, fan((d) => d.logit[role])])) as Record<RoleName, Fan>;
  return { ...roles, weight: fan((d) => d.weight), margin: fan((d) => d.margin) };
}

/** Which bins a histogram shows: lots of `lot` bins from `first` on, `count` of them. */
export interface BinSpan {
  first: number;
  lot: number;
  count: number;
}

/** Most bars of a histogram. */
const BARS = 48;
const LOTS = [1, 2, 4, 5, 8, 10, 20, 40];

/** Room for all that any of the distributions holds, and a bar beside it; everything where none holds anything. */
export function binSpan(all: readonly Distribution[]): BinSpan {
  const bins = all[0]?.bins.length ?? 1;
  let [first, last] = [bins, -1];
  for (const { bins: counts } of all) {
    const from = counts.findIndex((c) => c > 0);
    if (from < 0) continue;
    first = Math.min(first, from);
    last = Math.max(
      last,
      counts.findLastIndex((c) => c > 0),
    );
  }
  if (last < 0) [first, last] = [0, bins - 1];
  const lot = LOTS.find((l) => Math.ceil((last - first + 1) / l) + 2 <= BARS) ?? Math.ceil(bins / BARS);
  const start = Math.max(0, Math.floor(first / lot) - 1);
  const end = Math.min(Math.ceil(bins / lot), Math.floor(last / lot) + 2);
  return { first: start * lot, lot, count: end - start };
}

/** Counts of the lots. */
export function lotsOf({ bins }: Distribution, { first, lot, count }: BinSpan): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) =>
    bins.subarray(first + i * lot, first + (i + 1) * lot).reduce((sum, c) => sum + c, 0),
  );
}
