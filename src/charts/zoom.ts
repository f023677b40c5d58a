/** Windows on an axis: pure functions from one span to the next. Whoever shows the chart remembers the span. */

export type Span = readonly [number, number];

/** Fewest steps that a window shows. */
export const LEAST = 4;

/** The span moved into the bounds, as wide as it is or as they are, and at least `least`. */
export function within([low, high]: Span, [from, to]: Span, least = LEAST): [number, number] {
  const width = Math.min(to - from, Math.max(least, high - low));
  const start = Math.min(to - width, Math.max(from, (low + high - width) / 2));
  return [start, start + width];
}

/** Zooms around a place that stays where it is: `factor` 2 shows half as much, ½ twice as much. @throws RangeError unless factor > 0 */
export function zoomAt(span: Span, centre: number, factor: number, bounds: Span, least = LEAST): [number, number] {
  if (!(factor > 0)) throw new RangeError(`invalid zoom factor: ${factor} (above 0)`);
  const width = span[1] - span[0];
  const next = Math.min(bounds[1] - bounds[0], Math.max(least, width / factor));
  const share = width > 0 ? Math.min(1, Math.max(0, (centre - span[0]) / width)) : 0.5;
  const start = span[0] + share * (width - next);
  return within([start, start + next], bounds, least);
}

/** Moves the span by `by`, as far as the bounds allow. */
export const panBy = (span: Span, by: number, bounds: Span): [number, number] =>
  within([span[0] + by, span[1] + by], bounds, Math.min(LEAST, span[1] - span[0]));

/** Zoom factor of a turn of the wheel (`event.deltaY` and `event.deltaMode`): a notch is about a fifth. */
export const wheelFactor = (deltaY: number, deltaMode = 0): number =>
  2 ** (-Math.max(-300, Math.min(300, deltaY * [1, 16, 300][deltaMode])) / 380);

/** Span between two ends of a drag, in either order; null when they are so close that it was a click. */
export function brushed(a: number, b: number, bounds: Span, least = LEAST): [number, number] | null {
  const [low, high] = [Math.max(bounds[0], Math.min(a, b)), Math.min(bounds[1], Math.max(a, b))];
  return high - low < least ? null : [low, high];
}

/**
 * Span under two fingers: the steps `from` (under them when they came down) lie at the shares `to` of the axis now.
 * Null while the fingers are too close to tell.
 */
export function pinched(from: readonly [number, number], to: readonly [number, number], bounds: Span): [number, number] | null {
  const apart = to[1] - to[0];
  const width = (from[1] - from[0]) / apart;
  if (Math.abs(apart) < 0.02 || !(width > 0)) return null;
  const start = from[0] - to[0] * width;
  const full = Math.min(bounds[1] - bounds[0], Math.max(LEAST, width));
  return within([start + (width - full) / 2, start + (width + full) / 2], bounds);
}

/** Whether a window is less than all there is. */
export const isZoomed = (span: Span, bounds: Span): boolean => span[0] > bounds[0] || span[1] < bounds[1];
