import { drawTable, pictureTable, type TableCell, type TablePicture, tableSize } from '../charts/tablePicture';
import type { Figure } from './figure';
import { whole } from './format';

export type { TableCell, TablePicture };

/** Most rows of a picture; its data have them all. */
const MOST = 100;

function shortened({ columns, rows }: TablePicture): TablePicture {
  if (rows.length <= MOST) return { columns, rows };
  const more = { text: `and ${whole(rows.length - MOST)} more: the figure’s numbers have them all`, quiet: true };
  const rest = columns.slice(1).map(() => ({ text: '' }));
  return { columns, rows: [...rows.slice(0, MOST), [more, ...rest]] };
}

/** A table as a figure. `table`: its data, where they are more than what its cells show. */
export const tableFigure = (
  title: string,
  picture: TablePicture,
  rest: Partial<Pick<Figure, 'table' | 'description' | 'runs'>> = {},
): Figure => ({
  title,
  size: tableSize(shortened(picture)),
  draw: (context, size, palette) => drawTable(context, size, shortened(picture), palette),
  table: pictureTable(picture),
  ...rest,
});

/** A number as a cell, by how it is written; `–` where there is none. */
export const numberCell = (value: number | null | undefined, show: (value: number) => string): TableCell =>
  value === null || value === undefined || !Number.isFinite(value) ? { text: '–', value: null } : { text: show(value), value };
