import { contrast, mix } from './color';
import type { DrawContext, Size } from './drawContext';
import { type Cell, cellBox, cellOf, drawChosen, drawSides, type MatrixFrame, matrixFrame, type Side } from './matrixFrame';
import { diverging, type Palette, sequential } from './palette';
import { TEXT } from './text';

export type { Cell, Side } from './matrixFrame';

/** A small labelled matrix, at most 16 × 16. */
export interface MatrixChart {
  rows: readonly Side[];
  columns: readonly Side[];
  /** [rows][columns]; null where there is no value. */
  values: readonly (readonly (number | null)[])[];
  /** `diverging` around 0 for cosines, `sequential` for distances. */
  scale: 'diverging' | 'sequential';
  /** Values at the ends of the scale; a diverging one reaches as far on both sides. */
  span: readonly [number, number];
  format(value: number): string;
  selected?: Cell | null;
}

const FOOT = 30;

const frameOf = (context: DrawContext, size: Size, chart: MatrixChart): MatrixFrame =>
  matrixFrame(context, size, chart, { foot: FOOT, shape: 1.7, most: 56 });

/** Cell at a place of the canvas; null beside the matrix. */
export const cellAt = (context: DrawContext, size: Size, chart: MatrixChart, px: number, py: number): Cell | null =>
  cellOf(frameOf(context, size, chart), chart.rows.length, chart.columns.length, px, py);

const has = (value: number | null | undefined): value is number => value !== null && value !== undefined && !Number.isNaN(value);

/** Colour of a value on the chart's scale. */
export function matrixColor(
  { scale, span: [low, high] }: Pick<MatrixChart, 'scale' | 'span'>,
  value: number,
  palette: Palette,
): string {
  if (scale === 'diverging') return diverging(palette, value / Math.max(Math.abs(low), Math.abs(high), 1e-12));
  return sequential(palette, (value - low) / Math.max(high - low, 1e-12));
}

/** The text colour that reads best on a cell. */
export const onCell = (ground: string): string =>
  contrast(ground, '#ffffff') > contrast(ground, '#16181b') ? '#ffffff' : '#16181b';

/** Slanting lines where there is no value. */
function hatch(context: DrawContext, x: number, y: number, width: number, height: number, palette: Palette): void {
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.strokeStyle = mix(palette.line, palette.quiet, 0.3);
  context.beginPath();
  for (let c = 6; c < width + height; c += 6) {
    context.moveTo(x + Math.min(c, width), y + Math.max(0, c - width));
    context.lineTo(x + Math.max(0, c - height), y + Math.min(c, height));
  }
  context.stroke();
}

function drawScale(context: DrawContext, size: Size, { left }: MatrixFrame, chart: MatrixChart, palette: Palette): void {
  const [low, high] = chart.span;
  const far = Math.max(Math.abs(low), Math.abs(high));
  const ends = chart.scale === 'diverging' ? [-far, 0, far] : [low, high];
  const texts = ends.map((v) => chart.format(v));
  const before = context.measureText(texts[0]).width + 6;
  const after = context.measureText(texts[texts.length - 1]).width + 6;
  const width = Math.max(0, Math.min(160, size.width - left - before - after - 2));
  const [x, y] = [left + before, size.height - 14];
  const pieces = Math.max(1, Math.min(64, Math.floor(width / 2)));
  for (let i = 0; i < pieces; i++) {
    const t = i / Math.max(1, pieces - 1);
    context.fillStyle = matrixColor(chart, ends[0] + t * (ends[ends.length - 1] - ends[0]), palette);
    const from = Math.round(x + (i * width) / pieces);
    context.fillRect(from, y - 4, Math.round(x + ((i + 1) * width) / pieces) - from, 9);
  }
  context.fillStyle = palette.quiet;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.fillText(texts[0], x - 6, y);
  context.textAlign = 'left';
  context.fillText(texts[texts.length - 1], x + width + 6, y);
}

/** Draws the cells with their values where they fit, names along the axes, and the scale below. */
export function drawMatrix(context: DrawContext, size: Size, chart: MatrixChart, palette: Palette): void {
  context.clearRect(0, 0, size.width, size.height);
  const frame = frameOf(context, size, chart);
  drawSides(context, frame, chart, chart.selected ?? null, palette);
  context.font = TEXT;
  const texts = chart.values.flatMap((row) => row.filter(has).map(chart.format));
  const widest = Math.max(...texts.map((t) => context.measureText(t).width), 0);
  const readable = frame.width >= widest + 6 && frame.height >= 16;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  chart.rows.forEach((_, row) =>
    chart.columns.forEach((_, column) => {
      const [x, y, width, height] = cellBox(frame, { row, column });
      const value = chart.values[row]?.[column];
      if (!has(value)) {
        hatch(context, x, y, width, height, palette);
        return;
      }
      const ground = matrixColor(chart, value, palette);
      context.fillStyle = ground;
      context.fillRect(x, y, width, height);
      if (!readable) return;
      context.fillStyle = onCell(ground);
      context.fillText(chart.format(value), x + width / 2, y + height / 2);
    }),
  );
  drawChosen(context, frame, chart.selected ?? null, palette);
  drawScale(context, size, frame, chart, palette);
}
