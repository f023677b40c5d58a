import { scaleLinear } from 'd3-scale';
import type { DrawContext, Size } from '../drawContext';
import type { Palette } from '../palette';
import type { ChartTable } from '../table';
import { crisp, fitted, segment, TEXT } from '../text';

/** An estimate with its interval; null where it cannot be told. */
export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
}

/** Items with one estimate a series each. */
export interface RankChart {
  /** What each bar of an item is; the first is filled, others are outlined. */
  series: readonly string[];
  items: readonly { label: string; estimates: readonly Estimate[] }[];
  /** Largest value of the axis; from the data when left out. */
  top?: number;
  xLabel: string;
  format(value: number): string;
}

const BAR = 11;
const GAP = 14;
const HEAD = 24;
const FOOT = 24;

/** Height in px that the chart needs. */
export const rankHeight = ({ items, series }: RankChart): number => HEAD + FOOT + items.length * (series.length * BAR + GAP);

/** Item at a height of the canvas; null between them. */
export function rankAt({ items, series }: RankChart, py: number): number | null {
  const i = Math.floor((py - HEAD) / (series.length * BAR + GAP));
  return i >= 0 && i < items.length ? i : null;
}

const finite = (v: number | null): v is number => v !== null && Number.isFinite(v);

/** Draws a row of bars an item, each with its interval's line and its value. */
export function drawRank(context: DrawContext, size: Size, chart: RankChart, palette: Palette): void {
  context.clearRect(0, 0, size.width, size.height);
  context.font = TEXT;
  const all = chart.items.flatMap((item) => item.estimates.flatMap((e) => [e.value, e.high].filter(finite)));
  const top = chart.top ?? Math.max(1e-9, ...all) * 1.05;
  const names = Math.min(size.width * 0.36, Math.max(0, ...chart.items.map((i) => context.measureText(i.label).width)));
  const right = size.width - 4;
  const left = names + 14;
  const x = scaleLinear([0, top], [left, right]);
  const bottom = HEAD + chart.items.length * (chart.series.length * BAR + GAP);
  context.textBaseline = 'alphabetic';
  context.textAlign = 'center';
  context.lineWidth = 1;
  let end = Number.NEGATIVE_INFINITY;
  for (const t of x.ticks(Math.max(2, Math.floor((right - left) / 70)))) {
    context.strokeStyle = palette.line;
    segment(context, crisp(x(t)), HEAD, crisp(x(t)), bottom);
    const text = chart.format(t);
    const half = context.measureText(text).width / 2;
    const at = Math.min(right - half, x(t));
    if (at - half < end + 8) continue;
    context.fillStyle = palette.quiet;
    context.fillText(text, at, bottom + 16);
    end = at + half;
  }
  let across = 2;
  context.textAlign = 'left';
  chart.series.forEach((name, k) => {
    drawBar(context, [across, 7], 12, k, palette);
    context.fillStyle = palette.quiet;
    context.textBaseline = 'middle';
    context.fillText(name, across + 18, 12);
    across += 18 + context.measureText(name).width + 18;
  });
  chart.items.forEach((item, i) => {
    const y = HEAD + i * (chart.series.length * BAR + GAP) + GAP / 2;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillStyle = palette.ink;
    context.fillText(fitted(context, item.label, names), 0, y + (chart.series.length * BAR) / 2);
    item.estimates.forEach(({ value, low, high }, k) => {
      const at = y + k * BAR;
      if (!finite(value)) {
        context.fillStyle = palette.quiet;
        context.fillText('–', left + 4, at + BAR / 2);
        return;
      }
      drawBar(context, [left, at + 1], Math.max(1, x(Math.min(top, value)) - left), k, palette);
      if (!finite(low) || !finite(high)) return;
      const middle = crisp(at + BAR / 2);
      const [from, to] = [x(Math.max(0, low)), x(Math.min(top, high))];
      for (const [color, width] of [
        [palette.card, 3.5],
        [palette.ink, 1.5],
      ] as const) {
        context.strokeStyle = color;
        context.lineWidth = width;
        segment(context, from, middle, to, middle);
        for (const edge of [from, to]) segment(context, edge, middle - 3, edge, middle + 3);
      }
    });
  });
}

function drawBar(context: DrawContext, [x, y]: readonly [number, number], width: number, series: number, palette: Palette): void {
  const color = palette.sequentialStops[series ? 2 : 3];
  context.fillStyle = series ? palette.card : color;
  context.fillRect(x, y, width, BAR - 2);
  if (!series) return;
  context.strokeStyle = color;
  context.lineWidth = 1.25;
  context.strokeRect(x + 0.5, y + 0.5, Math.max(0, width - 1), BAR - 3);
}

/** A row an item and series. */
export const rankTable = ({ items, series, xLabel }: RankChart): ChartTable => ({
  columns: ['field', 'estimate', xLabel, 'low', 'high'],
  rows: items.flatMap((item) => item.estimates.map((e, k) => [item.label, series[k], e.value, e.low, e.high])),
});
