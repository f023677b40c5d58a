import type { DrawContext, Size } from '../drawContext';
import type { Palette } from '../palette';
import type { ChartTable } from '../table';
import { crisp, haloText, segment, TEXT } from '../text';
import { type Axis, drawAxisBelow, drawAxisLeft, type Placed, placeAxis, widestTick } from './axis';
import { drawMark, type Mark } from './mark';

/** One value: a seed's, or a point's mean. */
export interface Dot {
  /** Whose it is: what is hit, lit and named. */
  point: number;
  x: number;
  /** NaN: no value; it lies on the rail under the plot. */
  y: number;
  mark: Mark;
  color: string;
  /** CSS pixels. */
  radius: number;
  alpha?: number;
  /** What it is, for the table. */
  kind?: string;
}

/** Mean with its interval. */
export interface Whisker {
  point: number;
  x: number;
  mean: number;
  /** NaN with fewer than two seeds. */
  low: number;
  high: number;
  color: string;
  alpha?: number;
}

/** Dots with whiskers over numbers or choices. */
export interface DotChart {
  x: Axis;
  y: Axis;
  dots: readonly Dot[];
  whiskers?: readonly Whisker[];
  /** A line that keeps its value until the next: best so far. */
  steps?: { label: string; color: string; x: readonly number[]; y: readonly number[] };
  /** Horizontal lines. */
  levels?: readonly { value: number; label: string }[];
  /** A strip between two values, such as an interval. */
  band?: { low: number; high: number; color: string } | null;
  /** Words at the rail of dots without a value. */
  missing?: string;
  empty?: string;
}

/** Where the parts lie, CSS pixels. */
export interface DotFrame {
  x: Placed;
  y: Placed;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Height of the rail; NaN without. */
  rail: number;
}

const RAIL = 20;
/** How far from its dots the pointer still means them. */
const REACH = 12;

/** Where everything goes at this size. */
export function dotFrame(context: DrawContext, { width, height }: Size, chart: DotChart): DotFrame {
  context.font = TEXT;
  const rail = chart.dots.some((d) => !Number.isFinite(d.y));
  const top = 26;
  const bottom = height - 40;
  const foot = rail ? bottom - RAIL : bottom;
  const y = placeAxis(chart.y, [foot, top]);
  const left = 8 + Math.min(widestTick(context, y), width * 0.3);
  const right = Math.max(left + 1, width - 10);
  return {
    x: placeAxis(chart.x, [left + 4, right - 4]),
    y,
    left,
    right,
    top,
    bottom,
    rail: rail ? bottom - RAIL / 2 + 2 : Number.NaN,
  };
}

/** Place of a dot. */
export const dotPlace = ({ x, y, rail }: DotFrame, dot: Pick<Dot, 'x' | 'y'>): [number, number] => [
  x.at(dot.x),
  Number.isFinite(dot.y) ? y.at(dot.y) : rail,
];

/** Point of the dot or whisker nearest to a place of the canvas; null where none is near. */
export function dotAt(context: DrawContext, size: Size, chart: DotChart, px: number, py: number): number | null {
  const frame = dotFrame(context, size, chart);
  let [best, found] = [REACH * REACH, null as number | null];
  for (const dot of [...chart.dots, ...(chart.whiskers ?? []).map((w) => ({ ...w, y: w.mean }))]) {
    const [x, y] = dotPlace(frame, dot);
    const away = (x - px) ** 2 + (y - py) ** 2;
    if (away <= best) [best, found] = [away, dot.point];
  }
  return found;
}

/** A mean's stroke with the interval's line and its caps. */
export function drawWhisker(
  context: DrawContext,
  x: number,
  [low, mean, high]: readonly number[],
  color: string,
  half = 5,
): void {
  context.save();
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  if (Number.isFinite(low) && Number.isFinite(high)) {
    segment(context, x, low, x, high);
    for (const end of [low, high]) segment(context, x - half * 0.6, end, x + half * 0.6, end);
  }
  context.lineWidth = 2.5;
  segment(context, x - half, mean, x + half, mean);
  context.restore();
}

/** Whiskers; ends that leave the plot are cut off there. */
function drawWhiskers(
  context: DrawContext,
  { x, y, left, right, top, bottom }: DotFrame,
  all: readonly Whisker[],
  half = 5,
): void {
  context.save();
  context.beginPath();
  context.rect(left - half, top, right - left + 2 * half, Math.min(bottom, y.range[0]) - top);
  context.clip();
  for (const w of all) {
    context.globalAlpha = w.alpha ?? 1;
    drawWhisker(context, x.at(w.x), [y.at(w.low), y.at(w.mean), y.at(w.high)], w.color, half);
  }
  context.restore();
}

function drawSteps(context: DrawContext, frame: DotFrame, { steps }: DotChart, palette: Palette): void {
  if (!steps?.x.length) return;
  context.save();
  context.strokeStyle = steps.color;
  context.lineWidth = 1.75;
  context.lineJoin = 'round';
  context.beginPath();
  let last = frame.y.at(steps.y[0]);
  context.moveTo(frame.x.at(steps.x[0]), last);
  for (let i = 1; i < steps.x.length; i++) {
    const x = frame.x.at(steps.x[i]);
    context.lineTo(x, last);
    last = frame.y.at(steps.y[i]);
    context.lineTo(x, last);
  }
  context.lineTo(frame.right, last);
  context.stroke();
  context.restore();
  context.textAlign = 'right';
  context.textBaseline = 'alphabetic';
  context.fillStyle = palette.quiet;
  context.fillText(steps.label, frame.right, frame.top - 12);
  const start = frame.right - context.measureText(steps.label).width;
  context.strokeStyle = steps.color;
  context.lineWidth = 1.75;
  segment(context, start - 22, frame.top - 16, start - 6, frame.top - 16);
}

function drawGround(context: DrawContext, frame: DotFrame, chart: DotChart, palette: Palette): void {
  const { x, y, left, right, top, bottom, rail } = frame;
  const foot = y.range[0];
  if (chart.band) {
    context.save();
    context.fillStyle = chart.band.color;
    context.globalAlpha = 0.14;
    const [a, b] = [y.at(chart.band.high), y.at(chart.band.low)];
    context.fillRect(left, a, right - left, b - a);
    context.restore();
  }
  drawAxisLeft(context, y, left, right, palette);
  drawAxisBelow(context, x, top, foot, palette);
  context.fillStyle = palette.quiet;
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  context.fillText(chart.y.label, 2, top - 12);
  context.textAlign = 'right';
  context.fillText(chart.x.label, right, bottom + 33);
  if (Number.isFinite(rail)) {
    context.strokeStyle = palette.line;
    context.setLineDash([2, 3]);
    segment(context, left, crisp(foot + 5), right, crisp(foot + 5));
    context.setLineDash([]);
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillText(chart.missing ?? 'no value', left + 2, rail);
  }
  for (const { value, label } of chart.levels ?? []) {
    const at = y.at(value);
    if (!(at >= top - 1 && at <= foot + 1)) continue;
    context.save();
    context.strokeStyle = palette.quiet;
    context.setLineDash([5, 3]);
    segment(context, left, crisp(at), right, crisp(at));
    context.restore();
    context.textAlign = 'left';
    context.textBaseline = 'alphabetic';
    if (label) haloText(context, label, left + 4, at - 5, palette.quiet, palette);
  }
}

/** Draws axes, levels, line, whiskers and dots. */
export function drawDots(context: DrawContext, size: Size, chart: DotChart, palette: Palette): void {
  context.clearRect(0, 0, size.width, size.height);
  const frame = dotFrame(context, size, chart);
  drawGround(context, frame, chart, palette);
  drawWhiskers(context, frame, chart.whiskers ?? []);
  for (const dot of chart.dots) {
    const [x, y] = dotPlace(frame, dot);
    context.globalAlpha = dot.alpha ?? 1;
    drawMark(context, dot.mark, x, y, dot.radius, dot.color, palette);
    context.globalAlpha = 1;
  }
  drawSteps(context, frame, chart, palette);
  if (chart.dots.length || !chart.empty) return;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  haloText(context, chart.empty, (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2, palette.quiet, palette);
}

/** Draws a point's dots once more, with rings, over what is there. */
export function drawDotsLit(
  context: DrawContext,
  size: Size,
  chart: DotChart,
  point: number,
  color: string,
  palette: Palette,
): void {
  const frame = dotFrame(context, size, chart);
  const own = (chart.whiskers ?? []).filter((w) => w.point === point);
  drawWhiskers(
    context,
    frame,
    own.map((w) => ({ ...w, color, alpha: 1 })),
    7,
  );
  for (const dot of chart.dots) {
    if (dot.point !== point) continue;
    const [x, y] = dotPlace(frame, dot);
    context.beginPath();
    context.arc(x, y, dot.radius + 3.5, 0, 2 * Math.PI);
    context.strokeStyle = palette.card;
    context.lineWidth = 4;
    context.stroke();
    context.strokeStyle = color;
    context.lineWidth = 2;
    context.stroke();
    drawMark(context, dot.mark, x, y, dot.radius, dot.color, palette);
  }
}

const words = ({ scale, names }: Axis, value: number): string | number | null =>
  scale === 'choice' ? (names?.[value] ?? null) : Number.isFinite(value) ? value : null;

/** A row a dot and a whisker. */
export function dotTable({ x, y, dots, whiskers = [], steps }: DotChart): ChartTable {
  const number = (v: number) => (Number.isFinite(v) ? v : null);
  const step = (at: number) => (steps ? (steps.y[steps.x.findLastIndex((v) => v <= at)] ?? null) : null);
  return {
    columns: ['point', 'what', x.label, y.label, 'low', 'high', ...(steps ? [steps.label] : [])],
    rows: [
      ...dots.map((d) => [d.point, d.kind ?? 'value', words(x, d.x), number(d.y), null, null, ...(steps ? [step(d.x)] : [])]),
      ...whiskers.map((w) => [
        w.point,
        'mean',
        words(x, w.x),
        number(w.mean),
        number(w.low),
        number(w.high),
        ...(steps ? [step(w.x)] : []),
      ]),
    ],
  };
}
