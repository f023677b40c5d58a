import { nearest } from '../../charts/lineChart';
import type { Trace } from '../../store/trace';
import { curveOf, metric } from '../curves';
import { useLab } from '../useLab';

/** The lane that the view shows, in words; empty when there is one run. */
export const useRunName = (): string =>
  useLab(({ lanes, runs, seeds, focus }) => {
    if (runs.length < 2) return '';
    const { lane, seed } = runs[focus] ?? runs[0];
    const { label } = lanes[lane];
    return [label, seeds > 1 ? `seed ${seed}` : ''].filter(Boolean).join(', ');
  });

/** Entry of a trace that shows a step (null: the last one); −1 without any. */
export const entryOf = (trace: Trace, step: number | null): number =>
  trace.length === 0 ? -1 : step === null ? trace.length - 1 : nearest(trace.steps, step);

/** A metric at an entry, smoothed as the curves are; NaN without data. */
export const valueAt = (trace: Trace, name: string, entry: number, window: number): number =>
  entry < 0 ? Number.NaN : (curveOf(trace, metric(name), window)[entry] ?? Number.NaN);
