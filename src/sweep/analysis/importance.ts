import { Random, STREAM } from '../../math/random';
import type { SweepState } from '../types';
import { axisOf } from './axis';
import { isBalanced, mainEffects, partsOf } from './effect';
import { type Group, groupsOf } from './groups';
import { cellsOf, pedAnova } from './ped';

/** A number with its 95 % interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** How much a field matters. */
export interface FieldImportance {
  field: string;
  /** PED-ANOVA: share of what sets the best points apart; all fields sum to 1. */
  ped: Estimate;
  /** Share of the variance that the field's main effect explains; what is left is interactions and noise. */
  effect: Estimate;
}

/** Importance of every swept field. */
export interface Importance {
  /** Finished points that it is about. */
  points: number;
  /** How many more it needs; the list of fields is empty until it is 0. */
  missing: number;
  /** In the order of the specification. */
  fields: FieldImportance[];
}

/** Fewest points. */
const FEWEST_POINTS = 8;

/** Fewest points that count as the best, as long as they are no more than a third. */
const FEWEST_BEST = 5;

/** What `importance` may be told. */
export interface ImportanceOptions {
  /** Share of the points that count as the best; when left out 0.1, but at least five points, or a third of them where there are few. */
  gamma?: number;
  /** Resamples; 200 when left out. */
  resamples?: number;
  seed?: number;
}

const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

/** Quantile of sorted numbers, linear in between. */
function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
}

/** Percentiles of the resampled values, moved by what their median is off: points drawn twice make resamples look surer than they are. */
function estimate(value: number, resampled: readonly number[]): Estimate {
  const clip = (x: number) => Math.min(1, Math.max(0, x));
  if (!resampled.length) return { value, low: value, high: value };
  const sorted = resampled.slice().sort((a, b) => a - b);
  const off = value - quantile(sorted, 0.5);
  return { value, low: clip(quantile(sorted, 0.025) + off), high: clip(quantile(sorted, 0.975) + off) };
}

/**
 * How much each swept field matters, two ways, from the means of finished points. Intervals are of a seeded bootstrap: points are drawn
 * with replacement, and within each its seeds. Pruned points do not take part, so a pruned sweep tells less of what makes points bad.
 */
export function importance(
  state: SweepState,
  { gamma, resamples = 200, seed = 0 }: ImportanceOptions = {},
  groups: readonly Group[] = groupsOf(state),
): Importance {
  const { fields, objective } = state.spec;
  const axes = fields.map(axisOf);
  const used = groups
    .filter((g) => g.state === 'finished' && g.n > 0)
    .map((g) => ({ at: axes.map((a) => a.at(g.values[a.field])), results: g.results.map((r) => r.value) }))
    .filter(({ at }) => at.every(Number.isFinite));
  const points = used.length;
  const missing = Math.max(0, FEWEST_POINTS - points);
  if (missing) return { points, missing, fields: [] };

  // Two points say next to nothing of what the best have in common.
  const share = gamma ?? Math.max(0.1, Math.min(FEWEST_BEST, points / 3) / points);
  const columns = fields.map((_, k) => used.map((p) => p.at[k]));
  const cells = fields.map((f, k) => cellsOf(f, columns[k]));
  const parts = columns.map(partsOf);
  const sign = objective.direction === 'max' ? -1 : 1;
  const measure = (drawn: readonly number[], values: readonly number[], balanced: boolean) => ({
    ped: pedAnova(
      cells,
      values.map((v) => sign * v),
      drawn,
      share,
    ),
    effect: mainEffects(parts, values, drawn, balanced),
  });
  const found = measure(
    used.map((_, i) => i),
    used.map((p) => mean(p.results)),
    isBalanced(parts),
  );
  const again = Array.from({ length: resamples }, (_, r) => {
    const random = new Random(seed, STREAM.analysis, r);
    const drawn = used.map(() => random.below(points));
    const values = drawn.map((i) => mean(used[i].results.map(() => random.pick(used[i].results))));
    return measure(drawn, values, false);
  });
  return {
    points,
    missing,
    fields: fields.map(({ field }, k) => ({
      field,
      ped: estimate(
        found.ped[k],
        again.map((a) => a.ped[k]),
      ),
      effect: estimate(
        found.effect[k],
        again.map((a) => a.effect[k]),
      ),
    })),
  };
}
