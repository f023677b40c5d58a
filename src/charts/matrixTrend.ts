import { scaleLinear } from 'd3-scale';
import type { DrawContext, Size } from './drawContext';
import { visible } from './lineStroke';
import { type Cell, cellBox, cellOf, drawChosen, drawSides, type MatrixFrame, matrixFrame, type Side } from './matrixFrame';
import { diverging, type Palette } from './palette';
import { entryAt } from './spans';
import { crisp, haloText, segment, TEXT } from './text';

/** A matrix whose cells are small curves over the same steps, around a zero line. */
export interface MatrixTrend {
  rows: readonly Side[];
  columns: readonly Side[];
  /** Ascending. */
  steps: ArrayLike<number>;
  /** [rows][columns], one value per step, NaN where there is none; null for a cell without a curve. */
  values: readonly (readonly (ArrayLike<number> | null)[])[];
  x: [number, number];
  /** Shared by all cells; holds 0. */
  y: readonly [number, number];
  cursor: number | null;
  selected?: Cell | null;
  format(value: number): string;
}

const frameOf = (context: DrawContext, size: Size, chart: MatrixTrend): MatrixFrame =>
  matrixFrame(context, size, chart, { foot: 2, shape: 3, most: 80 });

/** Cell at a place of the canvas; null beside the matrix. */
export const trendCellAt = (context: DrawContext, size: Size, chart: MatrixTrend, px: number, py: number): Cell | null =>
  cellOf(frameOf(context, size, chart), chart.rows.length, chart.columns.length, px, py);

/** Points of a curve piece by piece, where it has values. */
function pieces(chart: MatrixTrend, values: ArrayLike<number>, width: number): [number, number][][] {
  const [from, to] = visible(chart.steps, values.length, chart.x);
  const by = Math.max(1, Math.ceil((to - from) / Math.max(1, 2 * width)));
  const out: [number, number][][] = [[]];
  for (let i = from; i < to; i += by) {
    let [sum, n] = [0, 0];
    for (let j = i; j < Math.min(to, i + by); j++) if (Number.isFinite(values[j])) [sum, n] = [sum + values[j], n + 1];
    if (n > 0) (out.at(-1) as [number, number][]).push([chart.steps[i], sum / n]);
    else if ((out.at(-1) as [number, number][]).length) out.push([]);
  }
  return out.filter((p) => p.length > 0);
}

/** Curve, zero line and the shaded areas of both signs in one cell. */
function drawCell(context: DrawContext, chart: MatrixTrend, cell: Cell, frame: MatrixFrame, palette: Palette): void {
  const [left, top, width, height] = cellBox(frame, cell);
  const values = chart.values[cell.row]?.[cell.column];
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  if (!values) return;
  const x = scaleLinear(chart.x, [left + 2, left + width - 4]);
  const y = scaleLinear(chart.y, [top + height - 3, top + 3]);
  const zero = y(0);
  context.save();
  context.beginPath();
  context.rect(left + 1, top + 1, width - 2, height - 2);
  context.clip();
  context.lineJoin = 'round';
  for (const piece of pieces(chart, values, width)) {
    for (const sign of [-1, 1]) {
      context.fillStyle = diverging(palette, 0.6 * sign);
      context.globalAlpha = 0.5;
      context.beginPath();
      context.moveTo(x(piece[0][0]), zero);
      piece.forEach(([step, v], i) => {
        const before = piece[i - 1];
        if (before && before[1] * v < 0)
          // where the curve crosses the line
          context.lineTo(x(before[0] + ((step - before[0]) * before[1]) / (before[1] - v)), zero);
        context.lineTo(x(step), v * sign > 0 ? y(v) : zero);
      });
      context.lineTo(x((piece.at(-1) as [number, number])[0]), zero);
      context.closePath();
      context.fill();
    }
    context.globalAlpha = 1;
    context.strokeStyle = palette.ink;
    context.lineWidth = 1.25;
    context.beginPath();
    piece.forEach(([step, v], i) => (i === 0 ? context.moveTo(x(step), y(v)) : context.lineTo(x(step), y(v))));
    if (piece.length === 1) context.lineTo(x(piece[0][0]) + 1, y(piece[0][1]));
    context.stroke();
  }
  context.strokeStyle = palette.quiet;
  context.lineWidth = 1;
  context.globalAlpha = 0.6;
  context.setLineDash([2, 2]);
  segment(context, left, crisp(zero), left + width, crisp(zero));
  context.setLineDash([]);
  if (chart.cursor !== null) segment(context, crisp(x(chart.cursor)), top, crisp(x(chart.cursor)), top + height);
  context.restore();
  const i = entryAt({ steps: chart.steps, values }, chart.cursor, chart.x);
  if (i < 0 || width < 52 || height < 30) return;
  context.font = TEXT;
  context.textAlign = 'right';
  context.textBaseline = 'alphabetic';
  const end = pieces(chart, values, width).flat();
  const late = end.slice(Math.floor(end.length / 2));
  const low = late.reduce((sum, [, v]) => sum + v, 0) > 0 ? top + height - 6 : top + 14;
  haloText(context, chart.format(values[i]), left + width - 5, low, palette.ink, palette);
}

/** Draws a curve per cell with its value at the cursor or the end, and names along the axes. */
export function drawMatrixTrend(context: DrawContext, size: Size, chart: MatrixTrend, palette: Palette): void {
  context.clearRect(0, 0, size.width, size.height);
  const frame = frameOf(context, size, chart);
  drawSides(context, frame, chart, chart.selected ?? null, palette);
  chart.rows.forEach((_, row) => chart.columns.forEach((_, column) => drawCell(context, chart, { row, column }, frame, palette)));
  drawChosen(context, frame, chart.selected ?? null, palette);
}
