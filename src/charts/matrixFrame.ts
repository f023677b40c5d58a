import type { DrawContext, Size } from './drawContext';
import type { Palette } from './palette';
import { drawSymbol } from './symbols';
import { fitted, TEXT } from './text';

/** A row or column by its name, and for a domain its shape and colour. */
export interface Side {
  label: string;
  symbol?: number;
  color?: string;
}

/** Position of a cell. */
export interface Cell {
  row: number;
  column: number;
}

/** Where the cells of a labelled matrix lie, in CSS pixels. */
export interface MatrixFrame {
  left: number;
  top: number;
  /** Of one cell, the gap included. */
  width: number;
  height: number;
  /** How the columns' names stand. */
  names: 'across' | 'symbols' | 'upright';
}

const HEAD = 22;
/** Least distance of names; where rows are closer, some go without. */
const LINE = 13;

/** Cells as large as there is room: at most `shape` times as wide as high, at most `most` px high. */
export function matrixFrame(
  context: DrawContext,
  size: Size,
  { rows, columns }: { rows: readonly Side[]; columns: readonly Side[] },
  { foot, shape, most }: { foot: number; shape: number; most: number },
): MatrixFrame {
  context.font = TEXT;
  const widthOf = (s: Side) => context.measureText(s.label).width + (s.symbol === undefined ? 0 : 16);
  const left = Math.ceil(Math.min(size.width * 0.36, Math.max(...rows.map(widthOf), 0) + 10));
  const widest = Math.max(...columns.map(widthOf), 0);
  const across = (size.width - left - 2) / Math.max(1, columns.length);
  const marked = columns.every((c) => c.symbol !== undefined);
  const upright = Math.ceil(Math.min(size.height * 0.3, widest + 8));
  const place = (top: number) => {
    const height = Math.min(most, (size.height - top - foot) / Math.max(1, rows.length));
    return { top, height, width: Math.max(1, Math.min(across, height * shape)) };
  };
  const flat = place(HEAD);
  if (widest + 6 <= flat.width) return { left, ...flat, names: 'across' };
  return marked ? { left, ...flat, names: 'symbols' } : { left, ...place(upright), names: 'upright' };
}

/** Place of a cell without the gap to its neighbours. */
export const cellBox = ({ left, top, width, height }: MatrixFrame, { row, column }: Cell): [number, number, number, number] => {
  const gap = width > 12 ? 2 : 1;
  const [x, y] = [Math.round(left + column * width), Math.round(top + row * height)];
  return [x, y, Math.round(left + (column + 1) * width) - x - gap, Math.round(top + (row + 1) * height) - y - gap];
};

/** Cell at a place of the canvas; null beside the matrix. */
export function cellOf(frame: MatrixFrame, rows: number, columns: number, px: number, py: number): Cell | null {
  const row = Math.floor((py - frame.top) / frame.height);
  const column = Math.floor((px - frame.left) / frame.width);
  return row >= 0 && row < rows && column >= 0 && column < columns ? { row, column } : null;
}

/** Names and shapes along both axes; those of the given cell stand out. */
export function drawSides(
  context: DrawContext,
  frame: MatrixFrame,
  { rows, columns }: { rows: readonly Side[]; columns: readonly Side[] },
  marked: Cell | null,
  palette: Palette,
): void {
  const { left, top, width, height, names } = frame;
  const side = ({ symbol, color }: Side, x: number, y: number) => {
    if (symbol !== undefined) drawSymbol(context, symbol, { x, y, radius: 4, color: color ?? palette.quiet, open: null });
  };
  context.font = TEXT;
  context.textBaseline = 'middle';
  const everyRow = Math.ceil(LINE / height);
  const everyColumn = names === 'upright' ? Math.ceil(LINE / width) : 1;
  rows.forEach((row, i) => {
    if (i % everyRow > 0 && marked?.row !== i) return;
    const y = top + (i + 0.5) * height - 1;
    context.fillStyle = marked?.row === i ? palette.ink : palette.quiet;
    context.textAlign = 'left';
    side(row, 6, y);
    const from = row.symbol === undefined ? 0 : 16;
    context.fillText(fitted(context, row.label, left - from - 6), from, y);
  });
  columns.forEach((column, i) => {
    if (i % everyColumn > 0 && marked?.column !== i) return;
    const x = left + (i + 0.5) * width - 1;
    context.fillStyle = marked?.column === i ? palette.ink : palette.quiet;
    if (names === 'symbols') side(column, x, top - 11);
    else if (names === 'across') {
      const wide = context.measureText(column.label).width;
      const shape = column.symbol === undefined ? 0 : 16;
      side(column, x - wide / 2 - shape / 2 + 6, top - 11);
      context.textAlign = 'left';
      context.fillText(column.label, x - wide / 2 + shape / 2, top - 11);
    } else {
      context.save();
      context.translate(x, top - 5);
      context.rotate(-Math.PI / 2);
      context.textAlign = 'left';
      context.fillText(fitted(context, column.label, top - 8), 0, 0);
      context.restore();
    }
  });
}

/** A frame around a chosen cell, seen on every ground. */
export function drawChosen(context: DrawContext, frame: MatrixFrame, cell: Cell | null, palette: Palette): void {
  if (!cell) return;
  const [x, y, width, height] = cellBox(frame, cell);
  context.save();
  context.lineJoin = 'round';
  for (const [style, line] of [
    [palette.card, 5],
    [palette.focus, 2.5],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = line;
    context.strokeRect(x, y, width, height);
  }
  context.restore();
}
