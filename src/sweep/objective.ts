import type { Objective, SweepSpec, Trial } from './types';

/** Start of the names of metrics that the held-out evaluation gives. */
export const HELD_OUT = 'heldOut/';
export const isHeldOut = ({ metric }: Objective): boolean => metric.startsWith(HELD_OUT);

/** An evaluation's value under an objective's name; null when it has no such benchmark. */
export function heldOutValue(
  metric: string,
  { average, benchmarks, domains }: Trial['evaluations'][number]['result'],
): number | null {
  const name = metric.slice(HELD_OUT.length);
  const value =
    name === 'average' ? average : name.startsWith('domain/') ? domains[name.slice('domain/'.length)] : benchmarks[name];
  return value === undefined || !Number.isFinite(value) ? null : value;
}

/** Mean of the last `window` values up to step `step` (1 first), of those that there are; null without any. */
function windowed(curve: readonly (number | null)[], step: number, window: number): number | null {
  let sum = 0;
  let count = 0;
  for (let i = Math.max(0, step - window); i < Math.min(step, curve.length); i++) {
    const value = curve[i];
    if (value === null) continue;
    sum += value;
    count++;
  }
  return count ? sum / count : null;
}

/** The objective's value after `step` steps, what pruners compare; null where there is none. */
export function reportOf(
  objective: Objective,
  { curves, evaluations }: Pick<Trial, 'curves' | 'evaluations'>,
  step: number,
): number | null {
  const { metric, window } = objective;
  if (!isHeldOut(objective)) return windowed(curves[metric] ?? [], step, window);
  const found = evaluations.findLast((e) => e.step === step);
  return found ? heldOutValue(metric, found.result) : null;
}

/** The better of two values under a direction; null is worse than anything. */
export const better = (direction: Objective['direction'], a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : direction === 'max' ? Math.max(a, b) : Math.min(a, b);

/**
 * The value of a trial that has done `step` steps. At best: the best report of any round and the last step, so that a training metric's
 * windows do not overlap more than they must.
 */
export function trialValue(
  { objective, report }: Pick<SweepSpec, 'objective' | 'report'>,
  trial: Pick<Trial, 'curves' | 'evaluations'>,
  step: number,
): number | null {
  let value = reportOf(objective, trial, step);
  if (objective.at === 'best')
    for (let s = report; s < step; s += report) value = better(objective.direction, value, reportOf(objective, trial, s));
  return value;
}
