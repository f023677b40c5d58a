import type { FileMetaData, SchemaElement } from 'hyparquet';
import { sizeText } from '../full';
import { MAX_FILE } from './format';
import type { Fault } from './json';
import { PARQUET_KEY } from './parquet';
import { pauses } from './pause';

/** A cell of a Parquet file; whole numbers come as numbers. */
export type ParquetCell = number | string | boolean | null;

/** A Parquet file that this program wrote. */
export interface ParquetTable {
  columns: readonly string[];
  /** What the metadata holds under `mcpo-lab`. */
  kept: Readonly<Record<string, unknown>>;
  /** Rows, those of a row group at a time, cells in the order of the columns; lets the page in between. */
  groups(): AsyncGenerator<ParquetCell[][]>;
}

/** Most cells that are read. */
const MAX_CELLS = 100_000_000;
const MAGIC = 'PAR1';

/** Whether a file begins as Parquet files do. */
export const isParquet = (head: Uint8Array): boolean => String.fromCharCode(...head.subarray(0, 4)) === MAGIC;

const isLeaf = (e: SchemaElement) => !e.num_children && e.repetition_type !== 'REPEATED';

/** Runs the library, whose errors are about bytes. */
async function decoding<T>(fault: Fault, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    // The browser's own: the file cannot be read.
    if (error instanceof DOMException) throw error;
    return fault(`is a damaged Parquet file (${(error as Error).message})`);
  }
}

function keptIn({ key_value_metadata: pairs }: FileMetaData, fault: Fault): Record<string, unknown> {
  const text = pairs?.find(({ key }) => key === PARQUET_KEY)?.value;
  if (text === undefined)
    return fault('is a Parquet file that this page did not write: of Parquet files it opens those that it exported');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  return fault(`is a damaged Parquet file (its metadata under ${PARQUET_KEY} is no JSON object)`);
}

/** The footer as text, which holds the metadata as it was written; empty where there is none. */
export async function parquetFooter(file: Blob): Promise<string> {
  const tail = new DataView(await file.slice(-8).arrayBuffer());
  if (tail.byteLength < 8) return '';
  return file.slice(Math.max(0, file.size - 8 - tail.getUint32(0, true)), -8).text();
}

/** Opens a Parquet file that this program wrote. `fault` is told what is wrong with the file. */
export async function openParquet(file: Blob, fault: Fault): Promise<ParquetTable> {
  const { parquetMetadataAsync, parquetRead } = await import('hyparquet');
  if (file.size < 12 || (await file.slice(-4).text()) !== MAGIC) fault('is a Parquet file that was cut off: its end is missing');
  const source = { byteLength: file.size, slice: (from: number, to?: number) => file.slice(from, to).arrayBuffer() };
  const metadata = await decoding(fault, () => parquetMetadataAsync(source, { geoparquet: false }));
  const kept = keptIn(metadata, fault);
  const leaves = metadata.schema.slice(1);
  if (!leaves.every(isLeaf)) fault('is a Parquet file with nested columns, which this page never writes');
  const columns = leaves.map((e) => e.name);
  const double = columns.find((name, i) => columns.indexOf(name) !== i);
  if (double !== undefined) fault(`has two columns named ${JSON.stringify(double)}`);
  const { row_groups: parts } = metadata;
  const unpacked = parts.reduce(
    (n, g) => n + g.columns.reduce((m, c) => m + Number(c.meta_data?.total_uncompressed_size ?? 0), 0),
    0,
  );
  if (unpacked > MAX_FILE) fault(`unpacks to ${sizeText(unpacked)} (at most ${sizeText(MAX_FILE)})`);
  const cells = parts.reduce((n, g) => n + Number(g.num_rows), 0) * columns.length;
  if (cells > MAX_CELLS) fault(`has ${cells} cells (at most ${MAX_CELLS})`);

  async function* groups(): AsyncGenerator<ParquetCell[][]> {
    const pause = pauses();
    for (const part of parts) {
      const only = { ...metadata, row_groups: [part], num_rows: part.num_rows };
      const rows = await decoding(
        fault,
        () =>
          new Promise<unknown[][]>((resolve, reject) => {
            parquetRead({ file: source, metadata: only, rowFormat: 'array', onComplete: resolve }).catch(reject);
          }),
      );
      if (rows.some((row) => row.length !== columns.length || row.includes(undefined)))
        fault('is a damaged Parquet file (a column has too few rows)');
      yield rows.map((row) => row.map((x) => (typeof x === 'bigint' ? Number(x) : x)) as ParquetCell[]);
      const wait = pause();
      if (wait) await wait;
    }
  }
  return { columns, kept, groups };
}
