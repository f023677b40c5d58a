import type { DrawContext, Size } from '../drawContext';
import { drawLineChart, lineAt } from '../lineChart';
import { clipToPlot, frameOf } from '../lineFrame';
import { drawBand, drawLine } from '../lineStroke';
import type { Line, LineChart } from '../lineTypes';
import type { Palette } from '../palette';
import type { ChartTable } from '../table';

/** A point's curve, and the interval over its seeds. */
export interface CurveLine extends Line {
  point: number;
  name: string;
  /** NaN with fewer than two seeds. */
  low: ArrayLike<number>;
  high: ArrayLike<number>;
}

/** Curves of points over steps. */
export interface CurveChart extends Omit<LineChart, 'lines'> {
  lines: readonly CurveLine[];
}

/** Draws all curves. */
export const drawCurves = (context: DrawContext, size: Size, chart: CurveChart, palette: Palette): void =>
  drawLineChart(context, size, chart, palette);

/** Point of the curve at a place of the canvas; null without. */
export function curveAt(context: DrawContext, size: Size, chart: CurveChart, px: number, py: number): number | null {
  const hit = lineAt(context, size, chart, px, py);
  return hit && chart.lines[hit.line].point;
}

/** Draws a point's curve over the others, with its interval. */
export function drawCurvesLit(
  context: DrawContext,
  size: Size,
  chart: CurveChart,
  point: number,
  color: string,
  palette: Palette,
): void {
  const line = chart.lines.find((l) => l.point === point);
  if (!line) return;
  const frame = frameOf(context, size, chart);
  clipToPlot(context, frame);
  drawBand(context, frame, { steps: line.steps, low: line.low, high: line.high, color, alpha: 0.2 });
  drawLine(context, frame, { ...line, color: palette.card, width: 5, alpha: 1, dash: [] });
  drawLine(context, frame, { ...line, color, width: 2.5, alpha: 1, dash: [] });
  context.restore();
}

/** A row a point and step: the mean over seeds and its interval. */
export function curveTable({ lines, xLabel = 'step', yLabel = 'value' }: CurveChart): ChartTable {
  const number = (v: number) => (Number.isFinite(v) ? v : null);
  return {
    columns: ['point', 'values', xLabel, yLabel, 'low', 'high'],
    rows: [...lines]
      .sort((a, b) => a.point - b.point)
      .flatMap((l) =>
        Array.from(l.values, (v, i) => [l.point, l.name, l.steps[i], number(v), number(l.low[i]), number(l.high[i])]),
      ),
  };
}
