import type { RunData } from '../types';
import { FORMAT } from './format';
import { exactJson } from './json';
import { pauses } from './pause';
import { runHeader } from './runLines';
import { shapesOf } from './shapes';
import { type Cell, columnsOf, RUN_COLUMNS, rowsOfRuns, WHOLE_COLUMNS } from './table';

/** Cells written in one go: a task of some 20 ms. */
const CELLS = 30_000;
/** Key of the metadata that holds the runs' headers. */
export const PARQUET_KEY = 'mcpo-lab';

const isText = (column: string) => (RUN_COLUMNS as readonly string[]).includes(column) && !WHOLE_COLUMNS.includes(column);

/**
 * The columns of `runsCsv` as Parquet; the runs' headers, configurations included, and the shapes of their steps as JSON in the metadata
 * under `mcpo-lab`.
 */
export async function runsParquet(runs: readonly RunData[]): Promise<Blob> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const columns = await columnsOf(runs);
  const most = Math.ceil(CELLS / columns.length);
  const schema = [
    { name: 'runs', num_children: columns.length },
    ...columns.map((name) =>
      isText(name)
        ? ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const)
        : WHOLE_COLUMNS.includes(name)
          ? ({ name, type: 'INT64', repetition_type: 'REQUIRED' } as const)
          : ({ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' } as const),
    ),
  ];
  const value = exactJson({ format: FORMAT.runs, runs: runs.map((r) => ({ ...runHeader(r), shapes: shapesOf(r) })) });
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema,
    statistics: false,
    kvMetadata: [{ key: PARQUET_KEY, value }],
    createdBy: 'MCPO Lab',
  });
  const pause = pauses();
  let group: Cell[][] = [];
  const flush = () => {
    if (!group.length) return;
    const columnData = columns.map((name, i) => {
      const data = group.map((row) => row[i]);
      return WHOLE_COLUMNS.includes(name)
        ? { name, data: data.map((x) => BigInt(x as number)), offsetIndex: false }
        : isText(name)
          ? { name, data, offsetIndex: false }
          : { name, data, offsetIndex: false, encoding: 'PLAIN' as const };
    });
    writer.write({ columnData, rowGroupSize: most });
    group = [];
  };
  for (const row of rowsOfRuns(runs, columns)) {
    group.push(row);
    if (group.length === most) flush();
    const wait = pause();
    if (wait) await wait;
  }
  flush();
  writer.finish();
  return new Blob([bytes.getBuffer()], { type: 'application/vnd.apache.parquet' });
}
