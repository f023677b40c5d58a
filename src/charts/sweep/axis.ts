import { scaleLinear, scaleLog } from 'd3-scale';
import type { DrawContext } from '../drawContext';
import { yTicks } from '../lineFrame';
import type { Palette } from '../palette';
import { crisp, fitted, segment } from '../text';

/** What is measured along one side of a picture: numbers, or choices, whose values are their places in `names`. */
export interface Axis {
  label: string;
  scale: 'linear' | 'log' | 'choice';
  /** Of numbers; above 0 where the scale is `log`. */
  domain: readonly [number, number];
  /** Of choices, from 0. */
  names?: readonly string[];
  /** Ticks at whole numbers only. */
  integer?: boolean;
  format(value: number): string;
}

/** A value with its words; no words: a grid line only. */
export interface Tick {
  value: number;
  text: string;
}

/** An axis on the canvas: px from one end to the other. */
export interface Placed {
  axis: Axis;
  range: readonly [number, number];
  /** px of a value; NaN for NaN, and on a log axis for 0 and below. */
  at(value: number): number;
  /** The value at a px; of choices a fraction between their places. */
  invert(px: number): number;
  ticks: readonly Tick[];
}

/** Puts an axis on the canvas, from `range[0]` to `range[1]`. */
export function placeAxis(axis: Axis, range: readonly [number, number]): Placed {
  const length = Math.abs(range[1] - range[0]);
  const ends = [...range];
  if (axis.scale === 'choice') {
    const names = axis.names ?? [];
    const scale = scaleLinear([-0.5, Math.max(0.5, names.length - 0.5)], ends);
    return { axis, range, at: scale, invert: (px) => scale.invert(px), ticks: names.map((text, value) => ({ value, text })) };
  }
  const y = axis.scale === 'log' ? scaleLog([...axis.domain], ends) : scaleLinear([...axis.domain], ends);
  const ticks = yTicks({ y, top: 0, bottom: length })
    .filter(({ value }) => !axis.integer || Number.isInteger(value))
    .map(({ value, text }) => ({ value, text: text && axis.integer && value < 1e4 ? String(value) : text }));
  return { axis, range, at: (v) => y(v), invert: (px) => y.invert(px), ticks };
}

/** Span of a linear axis around values, with room so that no mark lies on its end; [0, 1] without values. */
export function spanAround(values: Iterable<number>, room = 0.06): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of values) {
    if (!Number.isFinite(v)) continue;
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  if (low > high) return [0, 1];
  const wide = Math.max(high - low, 1e-9 * Math.abs(high), 1e-12);
  return high > low
    ? [low - room * wide, high + room * wide]
    : [low - Math.max(0.5 * Math.abs(low), 0.01), high + Math.max(0.5 * Math.abs(high), 0.01)];
}

/** The same on a log axis. @throws RangeError when none of the values is above 0 */
export function logSpanAround(low: number, high: number, room = 0.05): [number, number] {
  if (!(low > 0 && high >= low)) throw new RangeError(`invalid log axis: ${low} to ${high} (above 0, ascending)`);
  const factor = high > low ? (high / low) ** room : 2;
  return [low / factor, high * factor];
}

/** Grid lines and words of a horizontal axis under a plot, as many words as there is room for. */
export function drawAxisBelow(context: DrawContext, x: Placed, top: number, bottom: number, palette: Palette): void {
  const choice = x.axis.scale === 'choice';
  const room = choice ? Math.abs(x.at(1) - x.at(0)) - 6 : Number.POSITIVE_INFINITY;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'center';
  context.lineWidth = 1;
  let end = Number.NEGATIVE_INFINITY;
  for (const { value, text } of x.ticks) {
    const at = x.at(value);
    context.strokeStyle = palette.line;
    context.globalAlpha = text ? 1 : 0.5;
    if (!choice) segment(context, crisp(at), top, crisp(at), bottom);
    context.globalAlpha = 1;
    const words = choice ? fitted(context, text, room) : text;
    const half = context.measureText(words).width / 2;
    if (!words || at - half < end + 6) continue;
    context.fillStyle = palette.quiet;
    context.fillText(words, at, bottom + 17);
    end = at + half;
  }
}

/** Grid lines and words of a vertical axis left of a plot. */
export function drawAxisLeft(context: DrawContext, y: Placed, left: number, right: number, palette: Palette): void {
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.lineWidth = 1;
  for (const { value, text } of y.ticks) {
    const at = crisp(y.at(value));
    context.strokeStyle = palette.line;
    context.globalAlpha = text ? 1 : 0.5;
    segment(context, left, at, right, at);
    context.globalAlpha = 1;
    context.fillStyle = palette.quiet;
    if (text) context.fillText(fitted(context, text, left - 8), left - 6, at);
  }
}

/** Width of the widest word of an axis. */
export const widestTick = (context: DrawContext, { ticks }: Placed): number =>
  Math.max(8, ...ticks.map((t) => context.measureText(t.text).width));
