import type { DrawContext, Size } from './drawContext';
import { domainColor, laneColor, laneDash, type Palette } from './palette';
import { drawSymbol } from './symbols';
import type { ChartTable } from './table';
import { crisp, fitted, STRONG, segment, TEXT } from './text';

/** One cell of a table that is drawn. */
export interface TableCell {
  text: string;
  /** What the table's data have in its place; the text when left out. */
  value?: string | number | null;
  strong?: boolean;
  quiet?: boolean;
  /** Domain whose mark stands before the text; `open`: as an outline. */
  domain?: number;
  open?: boolean;
  /** Lane whose line stands before the text. */
  lane?: number;
}

/** A table that is drawn: columns with their heads, and rows of as many cells. */
export interface TablePicture {
  columns: readonly (Omit<TableCell, 'value'> & { right?: boolean })[];
  rows: readonly (readonly TableCell[])[];
}

const ROW = 22;
const HEAD = 24;
const GAP = 18;
const DOMAIN = 16;
const LANE = 30;
/** No column is made narrower than this, in px, nor a picture. */
const LEAST = 60;
const NARROW = 360;
const WIDE = 1080;

const markOf = ({ domain, lane }: Partial<TableCell>) => (domain !== undefined ? DOMAIN : lane !== undefined ? LANE : 0);

/** Widths that fit into `room`: the widest columns give way first. */
function shrunk(widths: number[], room: number): number[] {
  const out = [...widths];
  for (;;) {
    const over = out.reduce((a, b) => a + b, 0) - room;
    const widest = Math.max(...out);
    if (over <= 0 || widest <= LEAST) return out;
    const many = out.filter((w) => w === widest).length;
    const next = Math.max(LEAST, ...out.filter((w) => w < widest));
    const cut = Math.min(over / many, Math.max(1, widest - next));
    for (let i = 0; i < out.length; i++) if (out[i] === widest) out[i] -= cut;
  }
}

const lettersOf = ({ rows, columns }: TablePicture, k: number) =>
  Math.max(
    columns[k].text.length * 8.2 + markOf(columns[k]),
    ...rows.map((r) => (r[k] ? r[k].text.length * 7.2 + markOf(r[k]) : 0)),
  );

/** Size in px that a table asks for, guessed from its letters. */
export function tableSize(table: TablePicture): Size {
  const wide = table.columns.reduce((sum, _, k) => sum + lettersOf(table, k) + GAP, 0);
  return { width: Math.round(Math.min(WIDE, Math.max(NARROW, wide))), height: HEAD + table.rows.length * ROW + 4 };
}

function drawCell(
  context: DrawContext,
  cell: TableCell,
  left: number,
  width: number,
  y: number,
  palette: Palette,
  right = false,
) {
  const mark = markOf(cell);
  context.font = cell.strong ? STRONG : TEXT;
  const text = fitted(context, cell.text, width - mark);
  const from = right ? left + width - mark - context.measureText(text).width : left;
  if (cell.domain !== undefined) {
    const color = domainColor(palette, cell.domain);
    drawSymbol(context, cell.domain, { x: from + 6, y, radius: 4, color, open: cell.open ? palette.card : null });
  } else if (cell.lane !== undefined) {
    context.strokeStyle = laneColor(palette, cell.lane);
    context.lineWidth = 3;
    context.setLineDash([...laneDash(cell.lane)]);
    segment(context, from, y, from + LANE - 8, y);
    context.setLineDash([]);
  }
  context.textAlign = 'left';
  context.fillStyle = cell.quiet ? palette.quiet : palette.ink;
  context.fillText(text, from + mark, y);
}

/** Draws a table; texts too long for the room end in an ellipsis. */
export function drawTable(context: DrawContext, size: Size, { columns, rows }: TablePicture, palette: Palette): void {
  context.clearRect(0, 0, size.width, size.height);
  context.textBaseline = 'middle';
  const widths = columns.map((head, k) =>
    Math.max(
      ...[head, ...rows.map((r) => r[k])].map((cell) => {
        context.font = cell.strong || cell === head ? STRONG : TEXT;
        return Math.ceil(context.measureText(cell.text).width) + markOf(cell) + 1;
      }),
    ),
  );
  const fit = shrunk(widths, size.width - GAP * (columns.length - 1));
  const lefts = fit.map((_, k) => fit.slice(0, k).reduce((sum, w) => sum + w + GAP, 0));
  const end = (lefts.at(-1) ?? 0) + (fit.at(-1) ?? 0);
  columns.forEach((head, k) => {
    drawCell(context, { ...head, strong: true }, lefts[k], fit[k], HEAD / 2, palette, head.right);
  });
  context.lineWidth = 1;
  context.strokeStyle = palette.quiet;
  segment(context, 0, crisp(HEAD), end, crisp(HEAD));
  rows.forEach((row, i) => {
    const top = HEAD + i * ROW;
    context.strokeStyle = palette.line;
    context.lineWidth = 1;
    if (i > 0) segment(context, 0, crisp(top), end, crisp(top));
    row.forEach((cell, k) => {
      drawCell(context, cell, lefts[k], fit[k], top + ROW / 2, palette, columns[k].right);
    });
  });
}

/** The data that a drawn table shows. */
export const pictureTable = ({ columns, rows }: TablePicture): ChartTable => ({
  columns: columns.map((c) => c.text),
  rows: rows.map((row) => row.map(({ text, value }) => (value === undefined ? text : value))),
});
