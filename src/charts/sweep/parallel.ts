import type { DrawContext, Size } from '../drawContext';
import type { Palette } from '../palette';
import type { ChartTable } from '../table';
import { crisp, fitted, haloText, STRONG, segment, TEXT } from '../text';
import { type Axis, type Placed, placeAxis } from './axis';

/** A point as a line over the axes. */
export interface ParallelLine {
  point: number;
  /** By axis, in the order of `axes`; NaN where it has none. */
  values: readonly number[];
  color: string;
  /** Within all brushes; others stay as grey traces. */
  kept: boolean;
}

/** One axis with what is brushed on it, in its values. */
export interface ParallelAxis {
  key: string;
  axis: Axis;
  brush: readonly [number, number] | null;
}

/** Points as lines over parallel axes. */
export interface ParallelChart {
  axes: readonly ParallelAxis[];
  /** From the ground up. */
  lines: readonly ParallelLine[];
  /** The axis that keys act on. */
  focus: number | null;
  /** An axis on its way to another place, and by how many px. */
  moving: { axis: number; by: number } | null;
  empty?: string;
}

/** Where the axes lie, CSS pixels. */
export interface ParallelFrame {
  /** Axes stand side by side; on narrow canvases they lie below each other. */
  upright: boolean;
  /** Place of each axis across. */
  across: readonly number[];
  placed: readonly Placed[];
  /** Place along every axis of lines without a value. */
  none: number;
  /** Both ends of every axis; `start` is the lower value's. */
  start: number;
  end: number;
}

const LEAST = 92;
const HEAD = 44;
const ROW = 58;
const REACH = 7;
/** Half the width of a brush, and of the strip in which the pointer means an axis. */
const STRIP = 12;

/** Height that the chart needs on a canvas of this width; 300 where its axes stand. */
export const parallelHeight = (width: number, axes: number): number => (stands(width, axes) ? 300 : HEAD - 12 + axes * ROW);

const stands = (width: number, axes: number) => width >= axes * LEAST;

/** Where everything goes at this size. */
export function parallelFrame({ width, height }: Size, { axes, moving }: Pick<ParallelChart, 'axes' | 'moving'>): ParallelFrame {
  const upright = stands(width, axes.length);
  const [start, end, none] = upright ? [height - 34, HEAD, height - 14] : [54, width - 16, 22];
  const side = upright ? Math.min(72, width / (2 * axes.length)) : HEAD - 8;
  const long = upright ? width - 2 * side : height - side - 28;
  const across = axes.map(
    (_, i) => side + (axes.length > 1 ? (i / (axes.length - 1)) * long : long / 2) + (moving?.axis === i ? moving.by : 0),
  );
  return { upright, across, placed: axes.map(({ axis }) => placeAxis(axis, [start, end])), none, start, end };
}

/** Canvas place of a value of an axis. */
function placeOf({ upright, across, placed, none }: ParallelFrame, axis: number, value: number): [number, number] {
  const along = placed[axis].at(value);
  const at = Number.isFinite(along) ? along : none;
  return upright ? [across[axis], at] : [at, across[axis]];
}

/** Order in which a line meets the axes: a moving axis may have passed others. */
const orderOf = ({ across }: ParallelFrame) => across.map((_, i) => i).sort((a, b) => across[a] - across[b]);

function trace(context: DrawContext, frame: ParallelFrame, order: readonly number[], { values }: ParallelLine): void {
  let first = true;
  for (const i of order) {
    const [x, y] = placeOf(frame, i, values[i]);
    if (first) context.moveTo(x, y);
    else context.lineTo(x, y);
    first = false;
  }
}

/** Index of the axis whose strip or name is at a place; null between them. */
export function parallelAxisAt(size: Size, chart: ParallelChart, px: number, py: number): { axis: number; head: boolean } | null {
  const frame = parallelFrame(size, chart);
  const at = frame.upright ? px : py;
  const along = frame.upright ? py : px;
  let found: { axis: number; head: boolean } | null = null;
  let best = Number.POSITIVE_INFINITY;
  const half = frame.upright ? Math.min(60, size.width / (2 * chart.axes.length)) : 0;
  frame.across.forEach((place, axis) => {
    const head = frame.upright ? along < frame.end - 10 && Math.abs(at - place) < half : at < place - 12 && at > place - 34;
    const away = Math.abs(at - place);
    if ((head || away <= STRIP) && away < best) [best, found] = [away, { axis, head }];
  });
  return found;
}

/** Value of an axis at a place of the canvas, within the axis. */
export function parallelValueAt(size: Size, chart: ParallelChart, axis: number, px: number, py: number): number {
  const { upright, placed, start, end } = parallelFrame(size, chart);
  const along = Math.min(Math.max(start, end), Math.max(Math.min(start, end), upright ? py : px));
  return placed[axis].invert(along);
}

/** Where an axis dropped at a place would stand in the order. */
export function parallelSlot(size: Size, chart: ParallelChart, px: number, py: number): number {
  const { upright, across } = parallelFrame(size, { axes: chart.axes, moving: null });
  const at = upright ? px : py;
  const gap = across.length > 1 ? (across[across.length - 1] - across[0]) / (across.length - 1) : 1;
  return Math.min(across.length - 1, Math.max(0, Math.round((at - across[0]) / gap)));
}

function away(px: number, py: number, [ax, ay]: readonly number[], [bx, by]: readonly number[]): number {
  const [dx, dy] = [bx - ax, by - ay];
  const t = dx || dy ? Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy))) : 0;
  return (ax + t * dx - px) ** 2 + (ay + t * dy - py) ** 2;
}

/** Point of the line nearest to a place, kept ones before others; null where none is near. */
export function parallelLineAt(size: Size, chart: ParallelChart, px: number, py: number): number | null {
  const frame = parallelFrame(size, chart);
  const order = orderOf(frame);
  let [best, found, kept] = [REACH * REACH, null as number | null, false];
  for (const line of chart.lines) {
    if (kept && !line.kept) continue;
    for (let k = 0; k + 1 < order.length; k++) {
      const [a, b] = [order[k], order[k + 1]].map((i) => placeOf(frame, i, line.values[i]));
      const d = away(px, py, a, b);
      if (d < best || (line.kept && !kept && d < REACH * REACH)) [best, found, kept] = [d, line.point, line.kept];
    }
  }
  return found;
}

function drawAxis(
  context: DrawContext,
  size: Size,
  frame: ParallelFrame,
  chart: ParallelChart,
  i: number,
  palette: Palette,
): void {
  const { upright, across, placed, start, end, none } = frame;
  const { axis, brush } = chart.axes[i];
  const at = crisp(across[i]);
  const line = (from: number, to: number) => (upright ? segment(context, at, from, at, to) : segment(context, from, at, to, at));
  context.strokeStyle = chart.focus === i ? palette.focus : palette.quiet;
  context.lineWidth = chart.focus === i ? 2 : 1.25;
  line(start, end);
  if (chart.lines.some(({ values }) => !Number.isFinite(placed[i].at(values[i])))) {
    context.lineWidth = 1;
    context.setLineDash([2, 2]);
    line(none - 6, none + 6);
    context.setLineDash([]);
    context.font = TEXT;
    context.textBaseline = 'middle';
    context.textAlign = upright ? 'right' : 'center';
    haloText(context, 'none', upright ? at - 8 : none, upright ? none : at + 15, palette.quiet, palette);
  }
  if (brush) {
    const [a, b] = brush.map((v) => placed[i].at(v)).map((v, k) => (Number.isFinite(v) ? v : k ? end : start));
    const [from, long] = [Math.min(a, b), Math.max(3, Math.abs(b - a))];
    context.fillStyle = palette.focus;
    context.globalAlpha = 0.18;
    const box = upright ? ([at - STRIP, from, 2 * STRIP, long] as const) : ([from, at - STRIP, long, 2 * STRIP] as const);
    context.fillRect(...box);
    context.globalAlpha = 1;
    context.strokeStyle = palette.focus;
    context.lineWidth = 1;
    context.strokeRect(...box);
  }
  context.font = TEXT;
  const last = i === chart.axes.length - 1;
  const gap = chart.axes.length > 1 ? Math.abs(across[1] - across[0]) : size.width;
  let edge = Number.NEGATIVE_INFINITY;
  for (const { value, text } of placed[i].ticks) {
    const along = placed[i].at(value);
    if (!text || !Number.isFinite(along)) continue;
    if (upright) {
      context.textAlign = last ? 'right' : 'left';
      context.textBaseline = 'middle';
      const words = fitted(context, text, Math.max(30, gap * 0.55));
      haloText(context, words, at + (last ? -7 : 7), along, palette.quiet, palette);
      continue;
    }
    const words = fitted(context, text, axis.scale === 'choice' ? Math.abs(placed[i].at(1) - placed[i].at(0)) - 6 : size.width);
    const half = context.measureText(words).width / 2;
    if (along - half < edge + 6 || !words) continue;
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    haloText(context, words, Math.min(along, size.width - half - 2), at + 15, palette.quiet, palette);
    edge = along + half;
  }
  context.font = STRONG;
  context.textBaseline = 'alphabetic';
  if (upright) {
    context.textAlign = 'center';
    const name = fitted(context, axis.label, gap - 8);
    const half = context.measureText(name).width / 2;
    const x = Math.min(size.width - half - 2, Math.max(half + 2, across[i]));
    haloText(context, name, x, 16, chart.focus === i ? palette.focus : palette.ink, palette);
  } else {
    context.textAlign = 'left';
    haloText(
      context,
      fitted(context, axis.label, size.width - 40),
      16,
      at - 16,
      chart.focus === i ? palette.focus : palette.ink,
      palette,
    );
  }
}

/** Draws the axes and all lines, those that are not kept in grey below the others. */
export function drawParallel(context: DrawContext, size: Size, chart: ParallelChart, palette: Palette): void {
  context.clearRect(0, 0, size.width, size.height);
  const frame = parallelFrame(size, chart);
  const order = orderOf(frame);
  context.lineJoin = 'round';
  const grey = chart.lines.filter((l) => !l.kept);
  context.save();
  context.strokeStyle = palette.quiet;
  context.globalAlpha = grey.length > 200 ? 0.12 : 0.22;
  context.lineWidth = 1;
  // In portions: one path over very many lines is slow to fill.
  for (let from = 0; from < grey.length; from += 32) {
    context.beginPath();
    for (const line of grey.slice(from, from + 32)) trace(context, frame, order, line);
    context.stroke();
  }
  context.restore();
  const kept = chart.lines.filter((l) => l.kept);
  context.save();
  context.globalAlpha = kept.length > 200 ? 0.55 : 0.9;
  context.lineWidth = kept.length > 200 ? 1.1 : 1.75;
  for (const line of kept) {
    context.strokeStyle = line.color;
    context.beginPath();
    trace(context, frame, order, line);
    context.stroke();
  }
  context.restore();
  chart.axes.forEach((_, i) => drawAxis(context, size, frame, chart, i, palette));
  if (chart.lines.length || !chart.empty) return;
  context.font = TEXT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  haloText(context, chart.empty, size.width / 2, size.height / 2, palette.quiet, palette);
}

/** Draws one point's line over the others, with its values. */
export function drawParallelLit(
  context: DrawContext,
  size: Size,
  chart: ParallelChart,
  point: number,
  color: string,
  palette: Palette,
): void {
  const line = chart.lines.find((l) => l.point === point);
  if (!line) return;
  const frame = parallelFrame(size, chart);
  const order = orderOf(frame);
  context.save();
  context.lineJoin = 'round';
  for (const [stroke, width] of [
    [palette.card, 6],
    [color, 3],
  ] as const) {
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.beginPath();
    trace(context, frame, order, line);
    context.stroke();
  }
  context.restore();
  context.font = STRONG;
  context.textBaseline = 'middle';
  for (const i of order) {
    const { axis } = chart.axes[i];
    const value = line.values[i];
    const [x, y] = placeOf(frame, i, value);
    const text = !Number.isFinite(value) ? '–' : axis.scale === 'choice' ? (axis.names?.[value] ?? '') : axis.format(value);
    const last = i === order[order.length - 1];
    const width = context.measureText(text).width;
    const left = frame.upright ? x + (last ? -9 - width : 5) : x - width / 2 - 2;
    const top = frame.upright ? y - 18 : y - 19;
    // A ground of its own: lines and ticks are close by.
    context.fillStyle = palette.card;
    context.fillRect(left, top, width + 4, 17);
    context.textAlign = 'left';
    context.fillStyle = palette.ink;
    context.fillText(text, left + 2, top + 9);
  }
}

/** A row a point. */
export const parallelTable = ({ axes, lines }: ParallelChart): ChartTable => ({
  columns: ['point', ...axes.map(({ axis }) => axis.label), 'within the brushes'],
  rows: [...lines]
    .sort((a, b) => a.point - b.point)
    .map(({ point, values, kept }) => [
      point,
      ...values.map((v, i) =>
        Number.isFinite(v) ? (axes[i].axis.scale === 'choice' ? (axes[i].axis.names?.[v] ?? null) : v) : null,
      ),
      kept ? 'yes' : 'no',
    ]),
});
