import { type Palette, sequential } from '../../../charts/palette';
import type { Model } from './model';

/** Colour of a value of the objective: the better, the stronger. */
export function goodColor(palette: Palette, share: number): string {
  return sequential(palette, 0.32 + 0.68 * Math.min(1, Math.max(0, share)));
}

/** Share of the way from the worst to the best point at a value; ½ where all are alike. */
export function shareOf({ points, state }: Model): (value: number) => number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { shown } of points) {
    if (!Number.isFinite(shown)) continue;
    low = Math.min(low, shown);
    high = Math.max(high, shown);
  }
  const up = state.spec.objective.direction === 'max';
  return (value) => {
    const t = high > low ? (value - low) / (high - low) : 0.5;
    return up ? t : 1 - t;
  };
}
