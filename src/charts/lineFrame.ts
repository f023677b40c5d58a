import { type ScaleLinear, type ScaleLogarithmic, scaleLinear, scaleLog } from 'd3-scale';
import type { DrawContext, Size } from './drawContext';
import type { LineChart } from './lineTypes';
import type { Palette } from './palette';
import { extentOf, logSpan } from './spans';
import { crisp, grouped, minus, segment, TEXT } from './text';

/** Where a line chart's parts lie, in CSS pixels. */
export interface Frame {
  x: ScaleLinear<number, number>;
  y: ScaleLinear<number, number> | ScaleLogarithmic<number, number>;
  left: number;
  right: number;
  top: number;
  bottom: number;
  labels: 'end' | 'below' | 'none';
  /** Columns and their width of the names under the curves. */
  legend: { columns: number; width: number; rows: number };
  /** What the axis leaves out. */
  note: string;
}

const AXIS = 26;
/** Between lines of labels. */
export const ROW = 16;
/** Width of a label's mark with the space before its name. */
export const MARK = 20;
/** Least width for labels beside the curves. */
const WIDE = 400;
const MAX_ROWS = 4;
/** Least width of a column of names under the curves. */
const NARROWEST = 130;
/** Share of the width that labels may take at most. */
const LABEL_SHARE = 0.42;

const POWERS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const raised = (n: number) => `${n < 0 ? '⁻' : ''}${[...String(Math.abs(n))].map((d) => POWERS[Number(d)]).join('')}`;

const threeFigures = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** A tick of a log axis: plain near 1, as a power of ten far from it. */
function logText(value: number): string {
  if (value >= 0.001 && value < 10_000) return threeFigures.format(value);
  const power = Math.floor(Math.log10(value) + 1e-9);
  const front = Math.round(value / 10 ** power);
  return `${front === 1 ? '' : `${front}·`}10${raised(power)}`;
}

/** Values and texts of the ticks of the vertical axis; no text: a grid line only. */
export function yTicks({ y, top, bottom }: Pick<Frame, 'y' | 'top' | 'bottom'>): { value: number; text: string }[] {
  const count = bottom - top > 130 ? 5 : 3;
  if (!('base' in y)) {
    const text = y.tickFormat(count);
    return y.ticks(count).map((value) => ({ value, text: text(value) }));
  }
  const [low, high] = y.domain();
  const decades = Math.log10(high / low);
  const every = Math.max(1, Math.ceil((decades - 0.5) / count));
  const marked = decades > 2 ? [1] : decades > 1.2 ? [1, 3] : [1, 2, 5];
  return y.ticks().flatMap((value) => {
    const power = Math.floor(Math.log10(value) + 1e-9);
    const shown = marked.includes(Math.round(value / 10 ** power)) && power % every === 0;
    if (shown) return [{ value, text: logText(value) }];
    return decades < 4 || Math.round(value / 10 ** power) === 1 ? [{ value, text: '' }] : [];
  });
}

/** Vertical scale over a range of pixels; a log axis whose span is not positive takes one from the data, and says what it leaves out. */
function vertical(chart: LineChart, range: [number, number]): Pick<Frame, 'y' | 'note'> {
  if (chart.yScale !== 'log') return { y: scaleLinear(chart.y, range), note: '' };
  const lowest = extentOf(chart.lines, chart.bands, chart.x)?.[0] ?? 1;
  const [low, high] =
    chart.y[0] > 0 && chart.y[1] > chart.y[0] ? chart.y : logSpan(extentOf(chart.lines, chart.bands, chart.x, 0), [0.1, 10]);
  return { y: scaleLog([low, high], range), note: lowest > 0 ? '' : 'log axis: 0 and below not shown' };
}

/** Where everything goes at this size. */
export function frameOf(context: DrawContext, { width, height }: Size, chart: LineChart): Frame {
  context.font = TEXT;
  const text = (words: string) => context.measureText(words).width;
  const names = chart.lines.flatMap((l) => (l.label ? [text(l.label)] : []));
  const ends = chart.lines.flatMap((l) => (l.label && l.values.length ? [l.values[l.values.length - 1]] : []));
  const value = Math.max(...[...chart.y, ...ends].filter(Number.isFinite).map((v) => text(chart.format(v))), text('0.00'));
  const labels = names.length === 0 ? 'none' : (chart.labels ?? (width >= WIDE ? 'end' : 'below'));
  const legend = { columns: 1, width, rows: 0 };
  if (labels === 'below') {
    const widest = Math.min(width - 4, MARK + Math.max(...names) + 8 + value + 14);
    const most = Math.max(1, Math.min(MAX_ROWS, Math.floor((height * 0.35) / ROW)));
    const needed = Math.min(Math.ceil(names.length / most), Math.floor(width / NARROWEST)); // shortened names before missing ones
    legend.columns = Math.max(1, needed, Math.min(names.length, Math.floor(width / widest)));
    legend.width = Math.min(Math.floor(width / legend.columns), widest + 24);
    legend.rows = Math.min(most, Math.ceil(names.length / legend.columns));
  }
  const bottom = height - AXIS - (legend.rows ? legend.rows * ROW + 4 : 0);
  const { note } = vertical(chart, [bottom, 0]);
  const top = chart.yLabel || note ? 26 : 10;
  const { y } = vertical(chart, [bottom, top]);
  const left = 8 + Math.max(...yTicks({ y, top, bottom }).map((t) => text(t.text)), 8);
  const room = Math.min(MARK + Math.max(...names, 0) + 10 + value, width * LABEL_SHARE);
  const right = labels === 'end' ? width - room - 4 : width - 8;
  return { x: scaleLinear(chart.x, [left, Math.max(left + 1, right)]), y, note, left, right, top, bottom, labels, legend };
}

/** Where the cursor's step is written under the axis; null without. */
export function cursorTick(context: DrawContext, { x }: Frame, { cursor, x: [from, to] }: LineChart) {
  if (cursor === null || cursor < from || cursor > to) return null;
  const text = minus(grouped(cursor));
  return { at: x(cursor), text, half: context.measureText(text).width / 2 };
}

/** Grid, ticks and the axes' names. */
export function drawAxes(context: DrawContext, frame: Frame, chart: LineChart, palette: Palette): void {
  const { x, y, left, right, top, bottom, labels } = frame;
  context.font = TEXT;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.lineWidth = 1;
  for (const { value, text } of yTicks(frame)) {
    const at = crisp(y(value));
    context.globalAlpha = text ? 1 : 0.5;
    context.strokeStyle = palette.line;
    segment(context, left, at, right, at);
    context.globalAlpha = 1;
    context.fillStyle = palette.quiet;
    if (text) context.fillText(text, left - 6, at);
  }
  context.textBaseline = 'alphabetic';
  const name = chart.xLabel ?? 'step';
  const edge = labels === 'end' ? Number.POSITIVE_INFINITY : right + 6 - context.measureText(name).width - 8;
  const cursor = cursorTick(context, frame, chart);
  context.textAlign = 'center';
  for (const t of x.ticks(Math.max(2, Math.floor((right - left) / 70))).filter(Number.isInteger)) {
    const text = minus(grouped(t));
    const half = context.measureText(text).width / 2;
    const free = cursor === null || Math.abs(x(t) - cursor.at) > half + cursor.half + 4;
    if (free && x(t) + half <= edge) context.fillText(text, x(t), bottom + 17);
  }
  context.textAlign = labels === 'end' ? 'left' : 'right';
  context.fillText(name, labels === 'end' ? right + 21 : right + 6, bottom + 17);
  context.textAlign = 'left';
  if (chart.yLabel) context.fillText(chart.yLabel, 2, top - 12);
  context.textAlign = 'right';
  if (frame.note) context.fillText(frame.note, right, top - 12);
}

/** Restricts drawing to the plot until `restore`. */
export function clipToPlot(context: DrawContext, { left, right, top, bottom }: Frame): void {
  context.save();
  context.beginPath();
  context.rect(left, top - 3, right - left + 1, bottom - top + 6);
  context.clip();
}
