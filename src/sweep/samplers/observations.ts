import { newestStep, reportedAt } from '../reports';
import type { Objective, Standing } from '../types';
import type { Dimension } from './dimension';

/** A point that has something to tell, by coordinates. */
export interface Observation {
  x: readonly number[];
  /** Steps that a pruned point did; infinite for a finished one. */
  step: number;
  /** Smaller is better. */
  loss: number;
}

/** Newest step of all of a point's trials, and the mean there; null without reports. */
function lastReport(standing: Standing): { step: number; value: number } | null {
  const step = newestStep(standing);
  if (step === null) return null;
  const values = [...standing.reports.values()].flatMap((r) => reportedAt(r, step) ?? []);
  return { step, value: values.reduce((a, b) => a + b, 0) / values.length };
}

/**
 * What standings tell, in their order: finished points by their value, pruned and stopped ones by how far they came and what they had
 * there. Running and failed ones tell nothing, nor does a point outside the swept fields (one that was asked for by hand).
 */
export function observationsOf(
  dimensions: readonly Dimension[],
  standings: readonly Standing[],
  direction: Objective['direction'],
): Observation[] {
  const lossOf = (value: number) => (Number.isNaN(value) ? Infinity : direction === 'max' ? -value : value);
  return standings.flatMap((standing): Observation[] => {
    const { state, value, values } = standing;
    if (state === 'running' || state === 'failed' || (state === 'finished' && value === null)) return [];
    let x: number[];
    try {
      x = dimensions.map((d) => d.coordinate(values[d.field]));
    } catch {
      return [];
    }
    if (state === 'finished') return [{ x, step: Infinity, loss: lossOf(value as number) }];
    const last = lastReport(standing);
    return [last ? { x, step: last.step, loss: lossOf(last.value) } : { x, step: -Infinity, loss: 0 }];
  });
}

/** The best `count` observations and the others, both in the order given: finished before pruned, later pruned first, then by loss. */
export function split(observations: readonly Observation[], count: number): { good: Observation[]; bad: Observation[] } {
  const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
  const order = observations
    .map((_, i) => i)
    .sort((i, j) => {
      const [a, b] = [observations[i], observations[j]];
      return compare(b.step, a.step) || compare(a.loss, b.loss) || i - j;
    });
  const best = new Set(order.slice(0, count));
  return { good: observations.filter((_, i) => best.has(i)), bad: observations.filter((_, i) => !best.has(i)) };
}
