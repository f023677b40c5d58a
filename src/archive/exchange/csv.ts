import { csvFormatRow } from 'd3-dsv';
import type { RunData } from '../types';
import { linesFile } from './runLines';
import { type Cell, columnsOf, rowsOfRuns } from './table';

const cellText = (cell: Cell): string => (cell === null ? '' : Object.is(cell, -0) ? '-0' : String(cell));

/** One line of a CSV file (RFC 4180), without its end. Numbers keep every bit; no data is an empty cell. */
export const csvLine = (cells: readonly Cell[]): string => csvFormatRow(cells.map(cellText));

function* lines(columns: readonly string[], rows: Iterable<readonly Cell[]>): Generator<string> {
  yield csvFormatRow(columns as string[]);
  for (const row of rows) yield csvLine(row);
}

/** A table as CSV: a header line, then a line for each row. */
export const tableCsv = (table: { columns: readonly string[]; rows: Iterable<readonly Cell[]> }): Promise<Blob> =>
  linesFile(lines(table.columns, table.rows), 'text/csv');

/** Runs as CSV: a line for each step, with columns about the run, metrics, matrices and held-out accuracy (`mcpo-lab runs 1`). */
export async function runsCsv(runs: readonly RunData[]): Promise<Blob> {
  const columns = await columnsOf(runs);
  return tableCsv({ columns, rows: rowsOfRuns(runs, columns) });
}
