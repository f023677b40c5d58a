import type { DrawContext, Size } from './drawContext';
import { clipToPlot, cursorTick, drawAxes, type Frame, frameOf } from './lineFrame';
import { drawLabels, labelAt } from './lineLabels';
import { drawBand, drawLine, visible } from './lineStroke';
import type { Line, LineChart } from './lineTypes';
import type { Palette } from './palette';
import { entryAt, extentOf, nearest } from './spans';
import { crisp, haloText, segment, TEXT } from './text';

export type { Size } from './drawContext';
export type { Band, Level, Line, LineChart } from './lineTypes';
export { entryAt, extentOf, logSpan, nearest, stepSpan, valueSpan } from './spans';

/** Step at a horizontal place of the canvas, within the axis. */
export function stepAt(context: DrawContext, size: Size, chart: LineChart, px: number): number {
  return Math.round(axisAt(context, size, chart, px).step);
}

/** A horizontal place as a step (not rounded) and as a share of the axis, both within it; `inside`: whether it lies on the plot. */
export function axisAt(
  context: DrawContext,
  size: Size,
  chart: LineChart,
  px: number,
): { step: number; share: number; inside: boolean } {
  const { x, left, right } = frameOf(context, size, chart);
  const share = Math.min(1, Math.max(0, (px - left) / Math.max(1, right - left)));
  return { step: x.invert(left + share * (right - left)), share, inside: px >= left && px <= right };
}

/** What lies under the pointer. */
export interface LineHit {
  /** Position in `chart.lines`. */
  line: number;
  step: number;
  value: number;
}

/** Squared distance from a point to a piece of a line, in px². */
function away(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const t = dx || dy ? Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy))) : 0;
  return (ax + t * dx - px) ** 2 + (ay + t * dy - py) ** 2;
}

/** The line nearest to a place of the canvas, at most `reach` px away, or the one whose label is there; null without. */
export function lineAt(context: DrawContext, size: Size, chart: LineChart, px: number, py: number, reach = 10): LineHit | null {
  const frame = frameOf(context, size, chart);
  const { x, y, left, right, top, bottom } = frame;
  const label = labelAt(frame, size, chart, px, py);
  if (label) {
    const line = chart.lines[label.line];
    const i = entryAt(line, chart.cursor, chart.x);
    return { line: label.line, step: i < 0 ? Number.NaN : line.steps[i], value: label.value };
  }
  if (px < left - reach || px > right + reach || py < top - reach || py > bottom + reach) return null;
  let best = reach * reach;
  let found = -1;
  chart.lines.forEach((line, k) => {
    const { steps, values } = line;
    const [from, to] = visible(steps, values.length, [x.invert(px - reach), x.invert(px + reach)]);
    for (let i = from; i < to; i++) {
      const at = y(values[i]);
      if (!Number.isFinite(at)) continue;
      const after = i + 1 < to ? y(values[i + 1]) : Number.NaN;
      const [bx, by] = Number.isFinite(after) ? [x(steps[i + 1]), after] : [x(steps[i]), at];
      const d = away(px, py, x(steps[i]), at, bx, by);
      // Of lines one over the other the upper one, and named ones before the background.
      if (d < best || (d <= best && found >= 0 && !(chart.lines[found].label && !line.label))) [best, found] = [d, k];
    }
  });
  if (found < 0) return null;
  const line = chart.lines[found];
  const i = nearest(line.steps, x.invert(px));
  return { line: found, step: line.steps[i], value: line.values[i] };
}

function drawMarks(context: DrawContext, { x, left, right, top, bottom }: Frame, chart: LineChart, palette: Palette): void {
  const marks = (chart.marks ?? []).filter(({ step }) => step >= chart.x[0] && step <= chart.x[1]);
  context.save();
  context.strokeStyle = palette.quiet;
  context.lineWidth = 1;
  context.setLineDash([2, 3]);
  for (const { step } of marks) segment(context, crisp(x(step)), top, crisp(x(step)), bottom);
  context.restore();
  const taken: [number, number, number][] = [];
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  for (const { step, label } of marks) {
    const at = crisp(x(step));
    const width = context.measureText(label).width;
    const toLeft = at + 6 + width > right && at - left > right - at;
    const from = toLeft ? at - 5 - width : at + 5;
    let row = 0;
    while (row < 4 && taken.some(([r, a, b]) => r === row && from < b + 6 && from + width > a - 6)) row++;
    taken.push([row, from, from + width]);
    haloText(context, label, from, bottom - 7 - 15 * row, palette.quiet, palette);
  }
}

function drawLevels(context: DrawContext, { y, left, right, top, bottom }: Frame, chart: LineChart, palette: Palette): void {
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  for (const { value, label, color = palette.quiet } of chart.levels ?? []) {
    const at = y(value);
    if (!(at >= top - 1 && at <= bottom + 1)) continue;
    context.save();
    context.strokeStyle = color;
    context.lineWidth = 1.25;
    context.setLineDash([5, 3]);
    segment(context, left, crisp(at), right, crisp(at));
    context.restore();
    haloText(context, label, left + 6, at - 5 < top + 8 ? at + 14 : at - 5, palette.quiet, palette);
  }
}

function drawBrush(context: DrawContext, { x, left, right, top, bottom }: Frame, chart: LineChart, palette: Palette): void {
  if (!chart.brush) return;
  const [a, b] = chart.brush.map((step) => Math.min(right, Math.max(left, x(step)))).sort((p, q) => p - q);
  context.save();
  context.fillStyle = palette.focus;
  context.globalAlpha = 0.1;
  context.fillRect(a, top, b - a, bottom - top);
  context.globalAlpha = 1;
  context.strokeStyle = palette.focus;
  context.lineWidth = 1;
  for (const at of [a, b]) segment(context, crisp(at), top, crisp(at), bottom);
  context.restore();
}

function drawCursor(context: DrawContext, frame: Frame, chart: LineChart, palette: Palette): void {
  const tick = cursorTick(context, frame, chart);
  if (!tick) return;
  context.strokeStyle = palette.quiet;
  context.lineWidth = 1;
  segment(context, crisp(tick.at), frame.top, crisp(tick.at), frame.bottom);
  context.fillStyle = palette.ink;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillText(tick.text, tick.at, frame.bottom + 17);
}

const order = (line: { emphasis?: Line['emphasis'] }) => ({ dimmed: 0, plain: 1, strong: 2 })[line.emphasis ?? 'plain'];
const sorted = <T extends { emphasis?: Line['emphasis'] }>(list: readonly T[]) => [...list].sort((a, b) => order(a) - order(b));

/** Draws axes, bands, curves, marks, cursor and the labels at the curves' ends. */
export function drawLineChart(context: DrawContext, size: Size, chart: LineChart, palette: Palette): void {
  context.clearRect(0, 0, size.width, size.height);
  const frame = frameOf(context, size, chart);
  drawAxes(context, frame, chart, palette);
  clipToPlot(context, frame);
  for (const band of sorted(chart.bands ?? [])) drawBand(context, frame, band);
  for (const line of sorted(chart.lines)) drawLine(context, frame, line);
  context.restore();
  context.font = TEXT;
  drawLevels(context, frame, chart, palette);
  drawMarks(context, frame, chart, palette);
  drawBrush(context, frame, chart, palette);
  drawCursor(context, frame, chart, palette);
  drawLabels(context, frame, size, chart, palette);
  if (!chart.empty || extentOf(chart.lines, chart.bands, chart.x)) return;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  haloText(context, chart.empty, (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2, palette.quiet, palette);
}
