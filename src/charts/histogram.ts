import { type ScaleLinear, scaleLinear } from 'd3-scale';
import type { DrawContext, Size } from './drawContext';
import type { Palette } from './palette';
import { crisp, fitted, grouped, haloText, minus, segment, TEXT } from './text';

/** One distribution over shared bins. */
export interface HistogramSeries {
  label: string;
  color: string;
  /** Tells it apart without colour. */
  dash?: readonly number[];
  /** [bins] */
  counts: ArrayLike<number>;
  /** Null without data. */
  mean: number | null;
}

/** Overlaid distributions at one step. */
export interface Histogram {
  /** [bins + 1], ascending. */
  edges: ArrayLike<number>;
  series: readonly HistogramSeries[];
  /** Heights as share of each series instead of counts: for series of very different size. */
  share: boolean;
  /** Bracket between the means of two series (positions in `series`). */
  margin?: { from: number; to: number; label: string } | null;
  xLabel: string;
  format(value: number): string;
  /** Bin under the pointer: its counts replace the means. */
  hover?: number | null;
  /** Shown while there is nothing to draw. */
  empty?: string;
}

interface Frame {
  x: ScaleLinear<number, number>;
  y: ScaleLinear<number, number>;
  left: number;
  right: number;
  top: number;
  bottom: number;
  totals: number[];
}

const ROW = 16;
const percent = (v: number) => `${Math.round(1000 * v) / 10} %`;

const heightText = (v: number, { share }: Histogram) => (share ? percent(v) : grouped(v));

function heights({ series, share }: Histogram): { totals: number[]; top: number } {
  const totals = series.map(({ counts }) => Array.from(counts).reduce((sum, c) => sum + c, 0));
  const tops = series.map(({ counts }, k) => Math.max(0, ...Array.from(counts)) / (share ? totals[k] || 1 : 1));
  return { totals, top: Math.max(...tops, 0) };
}

function frameOf(context: DrawContext, { width, height }: Size, chart: Histogram): Frame {
  context.font = TEXT;
  const { totals, top: highest } = heights(chart);
  const bottom = height - 26 - chart.series.length * ROW - 4;
  const top = chart.margin ? 34 : 14;
  const y = scaleLinear([0, highest || 1], [bottom, top]);
  const left = 8 + Math.max(...y.ticks(3).map((t) => context.measureText(heightText(t, chart)).width));
  const right = width - 8;
  const x = scaleLinear([chart.edges[0] ?? 0, chart.edges[chart.edges.length - 1] ?? 1], [left, right]);
  return { x, y, left, right, top, bottom, totals };
}

/** Bin at a horizontal place of the canvas; null beside the axis. */
export function binAt(context: DrawContext, size: Size, chart: Histogram, px: number): number | null {
  const { x, left, right } = frameOf(context, size, chart);
  if (px < left || px > right) return null;
  const value = x.invert(px);
  for (let i = 0; i + 1 < chart.edges.length; i++) if (value <= chart.edges[i + 1]) return i;
  return null;
}

function drawAxes(context: DrawContext, frame: Frame, chart: Histogram, palette: Palette): void {
  const { x, y, left, right, bottom } = frame;
  context.font = TEXT;
  context.lineWidth = 1;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const t of y.ticks(3)) {
    context.strokeStyle = palette.line;
    segment(context, left, crisp(y(t)), right, crisp(y(t)));
    context.fillStyle = palette.quiet;
    context.fillText(heightText(t, chart), left - 6, y(t));
  }
  context.textBaseline = 'alphabetic';
  const edge = right + 6 - context.measureText(chart.xLabel).width - 8;
  const ticks = Math.max(2, Math.floor((right - left) / 60));
  context.textAlign = 'center';
  for (const t of x.ticks(ticks)) {
    const words = x.tickFormat(ticks)(t);
    if (x(t) + context.measureText(words).width / 2 <= edge) context.fillText(words, x(t), bottom + 17);
  }
  context.textAlign = 'right';
  context.fillText(chart.xLabel, right + 6, bottom + 17);
}

/** The outline of a histogram; bins without counts lie on the axis. */
function trace(context: DrawContext, { x, y }: Frame, chart: Histogram, k: number, total: number): void {
  const { counts } = chart.series[k];
  context.beginPath();
  context.moveTo(x(chart.edges[0]), y(0));
  for (let i = 0; i < counts.length; i++) {
    const at = y(counts[i] / total);
    context.lineTo(x(chart.edges[i]), at);
    context.lineTo(x(chart.edges[i + 1]), at);
  }
  context.lineTo(x(chart.edges[counts.length]), y(0));
}

function drawSeries(context: DrawContext, frame: Frame, chart: Histogram): void {
  const { x, y, top, totals } = frame;
  chart.series.forEach(({ color, dash, mean }, k) => {
    const total = chart.share ? totals[k] || 1 : 1;
    context.save();
    context.fillStyle = color;
    context.strokeStyle = color;
    context.lineJoin = 'round';
    trace(context, frame, chart, k, total);
    context.globalAlpha = 0.14;
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 1.75;
    context.setLineDash([...(dash ?? [])]);
    context.stroke();
    context.restore();
    if (mean === null || !Number.isFinite(mean)) return;
    const at = Math.min(x.range()[1], Math.max(x.range()[0], x(mean)));
    context.save();
    context.strokeStyle = color;
    context.lineWidth = 1.25;
    context.setLineDash([...(dash ?? [])]);
    segment(context, at, top - 4, at, y(0));
    context.restore();
    context.fillStyle = color;
    context.beginPath();
    context.moveTo(at - 4.5, top - 10);
    context.lineTo(at + 4.5, top - 10);
    context.lineTo(at, top - 2);
    context.closePath();
    context.fill();
  });
}

function drawMargin(context: DrawContext, { x, left, right, top }: Frame, chart: Histogram, palette: Palette): void {
  if (!chart.margin) return;
  const [a, b] = [chart.margin.from, chart.margin.to].map((k) => chart.series[k]?.mean ?? Number.NaN);
  if (!Number.isFinite(a + b)) return;
  const [from, to] = [x(a), x(b)].sort((p, q) => p - q).map((v) => Math.min(right, Math.max(left, v)));
  const at = crisp(top - 16);
  context.strokeStyle = palette.ink;
  context.lineWidth = 1;
  segment(context, from, at, to, at);
  for (const end of [from, to]) segment(context, crisp(end), at - 3, crisp(end), at + 4);
  context.textBaseline = 'alphabetic';
  context.textAlign = 'center';
  const half = context.measureText(chart.margin.label).width / 2;
  const middle = Math.min(right - half, Math.max(left + half, (from + to) / 2));
  haloText(context, chart.margin.label, middle, at - 5, palette.ink, palette);
}

/** A row per series: its look, name, mean and count, or what the bin under the pointer holds. */
function drawLegend(context: DrawContext, { width, height }: Size, { totals }: Frame, chart: Histogram, palette: Palette): void {
  const { hover = null, series } = chart;
  const bin = hover !== null && hover + 1 < chart.edges.length ? hover : null;
  const numbers = series.map(({ counts, mean }, k): [string, string] => {
    if (bin !== null) return [percent(counts[bin] / (totals[k] || 1)), `n ${grouped(counts[bin])}`];
    return [mean === null ? '–' : `mean ${chart.format(mean)}`, `n ${grouped(totals[k])}`];
  });
  const wide = [0, 1].map((c) => Math.max(...numbers.map((n) => context.measureText(n[c]).width)));
  const name = Math.max(...series.map((s) => context.measureText(s.label).width));
  const last = Math.min(width - 2, 22 + name + 20 + wide[0] + 20 + Math.max(wide[1], 60));
  context.textBaseline = 'middle';
  series.forEach(({ label, color, dash }, k) => {
    const y = height - (series.length - k) * ROW + ROW / 2;
    context.save();
    context.fillStyle = color;
    context.globalAlpha = 0.2;
    context.fillRect(2, y - 4, 14, 9);
    context.globalAlpha = 1;
    context.strokeStyle = color;
    context.lineWidth = 1.75;
    context.setLineDash((dash ?? []).map((d) => d / 1.5));
    segment(context, 2, y - 4, 16, y - 4);
    context.restore();
    context.textAlign = 'right';
    context.fillStyle = palette.quiet;
    context.fillText(numbers[k][1], last, y);
    const middle = last - Math.max(wide[1], 60) - 14;
    context.fillStyle = palette.ink;
    context.fillText(numbers[k][0], middle, y);
    context.textAlign = 'left';
    context.fillText(fitted(context, label, middle - wide[0] - 12 - 22), 22, y);
  });
}

/** Draws outlines, means, the margin's bracket and a legend with means and counts. */
export function drawHistogram(context: DrawContext, size: Size, chart: Histogram, palette: Palette): void {
  context.clearRect(0, 0, size.width, size.height);
  const frame = frameOf(context, size, chart);
  const { x, left, right, top, bottom, totals } = frame;
  drawAxes(context, frame, chart, palette);
  const { hover = null } = chart;
  if (hover !== null && hover + 1 < chart.edges.length) {
    const [from, to] = [x(chart.edges[hover]), x(chart.edges[hover + 1])];
    context.fillStyle = palette.quiet;
    context.globalAlpha = 0.25;
    context.fillRect(from, top - 4, to - from, bottom - top + 4);
    context.globalAlpha = 1;
  }
  drawSeries(context, frame, chart);
  drawMargin(context, frame, chart, palette);
  drawLegend(context, size, frame, chart, palette);
  if (hover !== null && hover + 1 < chart.edges.length) {
    const words = minus(`${chart.format(chart.edges[hover])} to ${chart.format(chart.edges[hover + 1])}`);
    const half = context.measureText(words).width / 2 + 5;
    const middle = Math.min(right - half + 6, Math.max(half, (x(chart.edges[hover]) + x(chart.edges[hover + 1])) / 2));
    context.fillStyle = palette.card;
    context.fillRect(middle - half, bottom + 3, 2 * half, 19);
    context.fillStyle = palette.ink;
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    context.fillText(words, middle, bottom + 17);
  }
  if (!chart.empty || totals.some((t) => t > 0)) return;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  haloText(context, chart.empty, (left + right) / 2, (top + bottom) / 2, palette.quiet, palette);
}
