import { scaleLinear } from 'd3-scale';
import type { DrawContext, Size } from './drawContext';
import { diverging, type Palette } from './palette';
import { drawSymbol } from './symbols';
import { crisp, fitted, STRONG, segment, TEXT } from './text';

/** One item: a bar from 0 to `after`, or with `before` a change from one to the other. */
export interface Bar {
  label: string;
  /** Left out for a plain bar; null where there is no value. */
  before?: number | null;
  after: number | null;
  symbol?: number;
  color?: string;
}

/** Items that share a scale. */
export interface BarGroup {
  title?: string;
  bars: readonly Bar[];
  /** From the data and 0 when left out. */
  span?: readonly [number, number];
  format(value: number): string;
}

/** Groups of items below each other. */
export interface BarChart {
  groups: readonly BarGroup[];
  /** Heads of the columns of numbers. */
  heads: { before: string; after: string; change: string };
  /** Position of the chosen item over all groups. */
  selected?: number | null;
}

const ROW = 22;
const TITLE = 26;
const HEAD = 22;
/** Least width for the column with the values before. */
const WIDE = 430;
const GAP = 14;

const hasChange = (chart: BarChart) => chart.groups.some((g) => g.bars.some((b) => b.before !== undefined));

/** Height in px that the chart needs. */
export const barsHeight = (chart: BarChart): number =>
  HEAD + chart.groups.reduce((sum, g) => sum + (g.title ? TITLE : 0) + g.bars.length * ROW, 0) + 4;

/** Top of each item, in order over all groups. */
function tops(chart: BarChart): number[] {
  const out: number[] = [];
  let y = HEAD;
  for (const group of chart.groups) {
    if (group.title) y += TITLE;
    for (let i = 0; i < group.bars.length; i++, y += ROW) out.push(y);
  }
  return out;
}

/** Item at a height of the canvas, counted over all groups; null between them. */
export function barAt(chart: BarChart, py: number): number | null {
  const found = tops(chart).findIndex((y) => py >= y && py < y + ROW);
  return found < 0 ? null : found;
}

const finite = (value: number | null | undefined): value is number => typeof value === 'number' && Number.isFinite(value);

/** Difference with its sign, as the group writes numbers; no sign where it rounds to nothing. */
export function changeText(before: number, after: number, format: (value: number) => string): string {
  const change = after - before;
  const text = format(Math.abs(change));
  return text === format(0) ? text : `${change < 0 ? '−' : '+'}${text}`;
}

interface Columns {
  label: number;
  plot: [number, number];
  before: number | null;
  after: number;
  change: number | null;
}

/** Right ends of the columns of numbers, and the plot between them and the labels. */
function columnsOf(context: DrawContext, { width }: Size, chart: BarChart): Columns {
  context.font = TEXT;
  const wide = (texts: readonly string[]) => Math.max(0, ...texts.map((t) => context.measureText(t).width));
  const bars = chart.groups.flatMap((g) => g.bars.map((bar) => ({ bar, format: g.format })));
  const column = (of: (bar: Bar, format: (v: number) => string) => string[], head: string) =>
    wide([head, ...bars.flatMap(({ bar, format }) => of(bar, format))]);
  const changed = hasChange(chart);
  let right = width - 2;
  const change = changed ? right : null;
  if (changed)
    right -=
      GAP + column((b, f) => (finite(b.before) && finite(b.after) ? [changeText(b.before, b.after, f)] : []), chart.heads.change);
  const after = right;
  right -= GAP + column((b, f) => (finite(b.after) ? [f(b.after)] : []), chart.heads.after);
  const before = changed && width >= WIDE ? right : null;
  if (before !== null) right -= GAP + column((b, f) => (finite(b.before) ? [f(b.before)] : []), chart.heads.before);
  const names = Math.max(0, ...bars.map(({ bar }) => context.measureText(bar.label).width + (bar.symbol === undefined ? 0 : 16)));
  const label = Math.min(names, width * 0.34);
  return { label, plot: [label + 16, Math.max(label + 30, right - 6)], before, after, change };
}

function spanOf({ bars, span }: BarGroup): readonly [number, number] {
  if (span) return span;
  const values = bars.flatMap((b) => [b.before, b.after].filter(finite));
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = bars.some((b) => b.before !== undefined) ? 0.04 * (high - low) : 0; // for the circles
  return low < high ? [low - (low < 0 ? room : 0), high + room] : [0, 1];
}

/** An open circle before, an arrow, a filled circle after: the arrow's way and its colour tell the sign. */
function drawDumbbell(context: DrawContext, from: number, to: number, y: number, color: string, palette: Palette): void {
  const far = Math.abs(to - from);
  context.strokeStyle = diverging(palette, to > from ? 0.85 : -0.85);
  context.lineWidth = 2.5;
  if (far > 1) segment(context, from, y, to, y);
  context.lineWidth = 1.5;
  context.strokeStyle = color;
  context.fillStyle = palette.card;
  context.beginPath();
  context.arc(from, y, 3.75, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  if (far < 8) {
    dot(context, to, y, color);
    return;
  }
  const way = Math.sign(to - from);
  context.fillStyle = color;
  context.beginPath();
  context.moveTo(to + way, y);
  context.lineTo(to - 8 * way, y - 5);
  context.lineTo(to - 8 * way, y + 5);
  context.closePath();
  context.fill();
}

function dot(context: DrawContext, x: number, y: number, color: string): void {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, 3.25, 0, 2 * Math.PI);
  context.fill();
}

/** Draws items with their bars or changes and numbers in columns. */
export function drawBars(context: DrawContext, size: Size, chart: BarChart, palette: Palette): void {
  context.clearRect(0, 0, size.width, size.height);
  const { label, plot, before, after, change } = columnsOf(context, size, chart);
  const number = (text: string, right: number | null, y: number, color: string) => {
    if (right === null) return;
    context.textAlign = 'right';
    context.fillStyle = color;
    context.fillText(text, right, y);
  };
  context.textBaseline = 'middle';
  number(chart.heads.before, before, HEAD / 2, palette.quiet);
  number(chart.heads.after, after, HEAD / 2, palette.quiet);
  number(chart.heads.change, change, HEAD / 2, palette.quiet);
  const places = tops(chart);
  let k = 0;
  for (const group of chart.groups) {
    const x = scaleLinear(spanOf(group), plot);
    const first = places[k];
    context.textAlign = 'left';
    if (group.title) {
      context.font = STRONG;
      context.fillStyle = palette.ink;
      context.fillText(fitted(context, group.title, plot[1]), 0, first - TITLE / 2 + 2);
      context.font = TEXT;
    }
    const zero = x(0);
    if (zero >= plot[0] - 1 && zero <= plot[1] + 1 && group.bars.length) {
      context.strokeStyle = palette.quiet;
      context.globalAlpha = 0.55;
      context.lineWidth = 1;
      segment(context, crisp(zero), first, crisp(zero), first + group.bars.length * ROW);
      context.globalAlpha = 1;
    }
    for (const bar of group.bars) {
      const y = places[k] + ROW / 2;
      if (chart.selected === k) {
        context.fillStyle = palette.focus;
        context.globalAlpha = 0.12;
        context.fillRect(0, places[k], size.width, ROW);
        context.globalAlpha = 1;
      }
      const color = bar.color ?? palette.ink;
      if (bar.symbol !== undefined) drawSymbol(context, bar.symbol, { x: 6, y, radius: 4, color, open: null });
      const from = bar.symbol === undefined ? 0 : 16;
      context.textAlign = 'left';
      context.fillStyle = palette.ink;
      context.fillText(fitted(context, bar.label, label - from + 1), from, y);
      context.strokeStyle = palette.line;
      context.lineWidth = 1;
      segment(context, plot[0], crisp(y), plot[1], crisp(y));
      const [a, b] = [bar.before, bar.after].map((v) => (finite(v) ? Math.min(plot[1], Math.max(plot[0], x(v))) : null));
      if (a !== null && b !== null) drawDumbbell(context, a, b, y, color, palette);
      else if (b !== null && bar.before === null) dot(context, b, y, color);
      else if (b !== null) {
        const start = Math.min(plot[1], Math.max(plot[0], zero));
        context.fillStyle = color;
        context.fillRect(Math.min(start, b), y - 4, Math.max(1, Math.abs(b - start)), 8);
      }
      number(finite(bar.before) ? group.format(bar.before) : '–', bar.before === undefined ? null : before, y, palette.quiet);
      number(finite(bar.after) ? group.format(bar.after) : '–', after, y, palette.ink);
      const moved = finite(bar.before) && finite(bar.after);
      const text = moved ? changeText(bar.before as number, bar.after as number, group.format) : '–';
      number(text, bar.before === undefined ? null : change, y, palette.ink);
      k++;
    }
  }
}
