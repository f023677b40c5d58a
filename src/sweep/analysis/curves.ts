import { deviation, mean } from '../../math/statistics';
import { studentQuantile } from '../../math/studentT';
import { trialsOf } from '../journal';
import { HELD_OUT, heldOutValue } from '../objective';
import type { Assignment, SweepState, Trial } from '../types';

/** A metric's course over the seeds of a point; lists are equally long. */
export interface Curve {
  point: number;
  values: Assignment;
  pruned: boolean;
  /** Ascending, 1 first for training metrics; those of the evaluations for held-out ones. */
  steps: readonly number[];
  mean: readonly number[];
  /** Half-width of the 95 % interval; null for fewer than two seeds. */
  halfWidth: readonly (number | null)[];
  /** Seeds at that step. */
  n: readonly number[];
}

const quantiles: number[] = [];
const quantile = (n: number): number => (quantiles[n] ??= studentQuantile(0.975, n - 1));

/** Step → value of one trial; steps without a value are left out. */
function courseOf({ curves, evaluations }: Trial, metric: string): Map<number, number> {
  const course = new Map<number, number>();
  const put = (step: number, value: number | null) => {
    if (value !== null && Number.isFinite(value)) course.set(step, value);
  };
  if (metric.startsWith(HELD_OUT)) for (const e of evaluations) put(e.step, heldOutValue(metric, e.result));
  else (curves[metric] ?? []).forEach((value, i) => put(i + 1, value));
  return course;
}

const lastOf = (course: ReadonlyMap<number, number>): number => Math.max(...course.keys());

/**
 * A metric's mean over each point's seeds ± 95 % interval, up to the last step that all of its seeds under way or ended have reached;
 * failed and stopped trials are left out where the point has others. A step at which some seed has no value counts fewer seeds. Points
 * without any value have no curve.
 */
export function curvesOf(state: SweepState, metric: string): Curve[] {
  return state.points.flatMap(({ point, values }): Curve[] => {
    const all = trialsOf(state, point);
    const sound = all.filter((t) => t.state !== 'failed' && t.state !== 'stopped' && t.step > 0);
    const courses = (sound.length ? sound : all).map((t) => courseOf(t, metric)).filter((c) => c.size);
    if (!courses.length) return [];
    const last = Math.min(...courses.map(lastOf));
    const steps = [...new Set(courses.flatMap((c) => [...c.keys()]))].filter((s) => s <= last).sort((a, b) => a - b);
    const samples = steps.map((s) => courses.flatMap((c) => c.get(s) ?? []));
    return [
      {
        point,
        values,
        pruned: all.some((t) => t.state === 'pruned'),
        steps,
        mean: samples.map((xs) => mean(xs) as number),
        halfWidth: samples.map((xs) => {
          const s = deviation(xs);
          return s === null ? null : (quantile(xs.length) * s) / Math.sqrt(xs.length);
        }),
        n: samples.map((xs) => xs.length),
      },
    ];
  });
}
