import { bisectCenter, bisectLeft } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { Band, Line } from './lineTypes';

/** Upper end of the step axis: all steps, or for long runs the next halving that still has room. */
export function stepSpan(steps: number, reached: number): [number, number] {
  let top = steps;
  while (top > 1000 && top / 2 > reached * 1.05) top /= 2;
  return [0, Math.max(1, Math.ceil(top))];
}

/**
 * Vertical span around the data, on round numbers; `empty` without data.
 * @param least height that a flat curve keeps, so that noise is not blown up
 */
export function valueSpan(extent: readonly [number, number] | null, empty: [number, number], least = 1): [number, number] {
  if (!extent) return empty;
  const [low, high] = extent;
  const room = Math.max(0, least - (high - low), 1e-9 * Math.abs(high) - (high - low)) / 2;
  const [a, b] = scaleLinear([low - room, high + room], [0, 1])
    .nice(5)
    .domain();
  return [a, b];
}

/** Vertical span of a log axis around the data's positive part: a decade at least; `empty` without such data. */
export function logSpan(extent: readonly [number, number] | null, empty: [number, number]): [number, number] {
  if (!extent || !(extent[1] > 0)) return empty;
  const high = extent[1];
  const low = extent[0] > 0 ? extent[0] : high / 1000;
  const room = Math.sqrt(Math.max(1, 10 / (high / low)));
  return [low / room / 1.05, high * room * 1.05];
}

/** Smallest and largest finite value of curves and bands within the steps `x` (all when left out); null without data. */
export function extentOf(
  lines: readonly Pick<Line, 'steps' | 'values'>[],
  bands: readonly Pick<Band, 'steps' | 'low' | 'high'>[] = [],
  x: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  above = Number.NEGATIVE_INFINITY,
): [number, number] | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const columns = [...lines.map((l) => [l.steps, l.values]), ...bands.flatMap((b) => [b.low, b.high].map((v) => [b.steps, v]))];
  for (const [steps, values] of columns)
    for (let i = bisectLeft(steps as number[], x[0]); i < values.length && steps[i] <= x[1]; i++) {
      const v = values[i];
      if (!Number.isFinite(v) || v <= above) continue;
      if (v < low) low = v;
      if (v > high) high = v;
    }
  return low <= high ? [low, high] : null;
}

/** Position of the entry nearest to `step`; −1 without entries. */
export const nearest = (steps: ArrayLike<number>, step: number): number => (steps.length ? bisectCenter(steps, step) : -1);

/**
 * Position of the entry at `step`: the nearest one, but −1 where the entries do not reach (a run that is still shorter than others).
 * At `null` the last one within the window that has a finite value.
 */
export function entryAt(
  { steps, values }: Pick<Line, 'steps' | 'values'>,
  step: number | null,
  x: readonly [number, number],
): number {
  const count = values.length;
  if (step === null) {
    let i = count - 1;
    while (i >= 0 && (steps[i] > x[1] || !Number.isFinite(values[i]))) i--;
    return i >= 0 && steps[i] >= x[0] ? i : -1;
  }
  if (count === 0) return -1;
  const spacing = Math.max(1, (steps[count - 1] - steps[0]) / Math.max(1, count - 1));
  if (step < steps[0] - spacing || step > steps[count - 1] + spacing) return -1;
  const i = nearest(steps, step);
  return i < count && Number.isFinite(values[i]) ? i : -1;
}
