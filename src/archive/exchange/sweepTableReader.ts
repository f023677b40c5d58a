import { csvParseRows } from 'd3-dsv';
import type { GivenTable } from '../../sweep/exchange/trialTable';
import { checkFormat } from './format';
import type { Fault } from './json';
import { openParquet, parquetFooter } from './parquetFile';

/** Whether a text is a sweep's table that `sweepCsv` wrote, by its first line. */
export const isTrialsCsv = (text: string): boolean => /^\uFEFF?"?point"?,"?trial"?,"?seed"?,/.test(text);

/** A sweep's table as CSV. */
export function readSweepCsv(text: string): GivenTable {
  const lines = csvParseRows(text.replace(/^\uFEFF/, '')).filter((row) => row.length > 1 || row[0] !== '');
  const [columns = [], ...rows] = lines;
  return { columns, rows, first: 2, kept: null };
}

/** A sweep's table as Parquet, with the specification from its metadata. `fault` is told what is wrong with the file. */
export async function readSweepParquet(file: Blob, fault: Fault): Promise<GivenTable> {
  const { columns, kept, groups } = await openParquet(file, fault);
  checkFormat(kept.format, 'trials', fault);
  const rows: GivenTable['rows'][number][] = [];
  for await (const part of groups()) for (const row of part) rows.push(row);
  return { columns, rows, first: 1, kept };
}

/** Whether a Parquet file holds a sweep's trials, in any version. */
export const isTrialsParquet = async (file: Blob): Promise<boolean> =>
  (await parquetFooter(file)).includes('{"format":"mcpo-lab trials ');
