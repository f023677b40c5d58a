import { drawTable, pictureTable, type TableCell, type TablePicture, tableSize } from '../charts/tablePicture';
import type { Figure } from './figure';

export type { TableCell, TablePicture };

/** A table as a figure. `table`: its data, where they are more than what its cells show. */
export const tableFigure = (
  title: string,
  picture: TablePicture,
  rest: Partial<Pick<Figure, 'table' | 'description' | 'runs'>> = {},
): Figure => ({
  title,
  size: tableSize(picture),
  draw: (context, size, palette) => drawTable(context, size, picture, palette),
  table: pictureTable(picture),
  ...rest,
});

/** A number as a cell, by how it is written; `–` where there is none. */
export const numberCell = (value: number | null | undefined, show: (value: number) => string): TableCell =>
  value === null || value === undefined || !Number.isFinite(value) ? { text: '–', value: null } : { text: show(value), value };
