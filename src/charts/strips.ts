import type { DrawContext, Size } from './drawContext';
import type { Palette } from './palette';
import { crisp, fitted, STRONG, segment, TEXT } from './text';

/** Distributions on one scale around 0, group by group. */
export interface StripChart {
  groups: readonly {
    title: string;
    /** `quantiles`: 5, 25, 50, 75 and 95 %; null without any value. */
    strips: readonly { label: string; color: string; quantiles: readonly number[] | null; mean: number | null }[];
  }[];
  format(value: number): string;
}

const ROW = 22;
const HEAD = 22;
const TITLE = 26;
const [LABEL, NUMBER] = [72, 84];

/** Height in px that the chart needs. */
export const stripsHeight = ({ groups }: StripChart): number =>
  HEAD + groups.reduce((sum, g) => sum + TITLE + ROW * g.strips.length, 0) + 4;

/** The widest reach of the 5 and 95 % quantiles on both sides of 0. */
export const reachOf = (all: readonly (readonly number[] | null)[]): number =>
  Math.max(1e-9, ...all.flatMap((q) => (q ? [Math.abs(q[0]), Math.abs(q[4])] : [])));

/** Draws each distribution as a box (middle half), a line (5 to 95 %) and a stroke (median), with its mean at the right. */
export function drawStrips(context: DrawContext, size: Size, chart: StripChart, palette: Palette): void {
  context.clearRect(0, 0, size.width, size.height);
  const reach = reachOf(chart.groups.flatMap((g) => g.strips.map((s) => s.quantiles)));
  const [from, to] = [LABEL, size.width - NUMBER];
  const x = (v: number) => (from + to) / 2 + (Math.max(-1, Math.min(1, v / reach)) * (to - from)) / 2;
  context.textBaseline = 'middle';
  const write = (text: string, at: number, y: number, align: CanvasTextAlign, color: string, font = TEXT) => {
    context.font = font;
    context.textAlign = align;
    context.fillStyle = color;
    context.fillText(text, at, y);
  };
  for (const [value, align] of [
    [-reach, 'left'],
    [0, 'center'],
    [reach, 'right'],
  ] as const)
    write(value === 0 ? '0' : chart.format(value), x(value), HEAD / 2, align, palette.quiet);
  write('mean', size.width - 2, HEAD / 2, 'right', palette.quiet);
  let y = HEAD;
  for (const { title, strips } of chart.groups) {
    write(title, 0, y + TITLE / 2 + 2, 'left', palette.ink, STRONG);
    y += TITLE;
    context.strokeStyle = palette.quiet;
    context.lineWidth = 1;
    context.setLineDash([2, 2]);
    segment(context, crisp(x(0)), y, crisp(x(0)), y + ROW * strips.length);
    context.setLineDash([]);
    for (const { label, color, quantiles: q, mean } of strips) {
      const middle = y + ROW / 2;
      context.font = TEXT;
      write(fitted(context, label, LABEL - 12), 0, middle, 'left', palette.ink);
      if (q) {
        context.strokeStyle = color;
        context.lineWidth = 1.25;
        segment(context, x(q[0]), middle, x(q[4]), middle);
        const wide = Math.max(1, x(q[3]) - x(q[1]));
        context.fillStyle = palette.card;
        context.fillRect(x(q[1]), middle - 5, wide, 10);
        context.fillStyle = color;
        context.globalAlpha = 0.28;
        context.fillRect(x(q[1]), middle - 5, wide, 10);
        context.globalAlpha = 1;
        context.strokeRect(x(q[1]), middle - 5, wide, 10);
        context.lineWidth = 2;
        segment(context, x(q[2]), middle - 7, x(q[2]), middle + 7);
      }
      write(mean === null ? '–' : chart.format(mean), size.width - 2, middle, 'right', palette.ink);
      y += ROW;
    }
  }
}
