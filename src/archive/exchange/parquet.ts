import type { Bytes, RunData } from '../types';
import { FORMAT } from './format';
import { exactJson } from './json';
import { pauses } from './pause';
import { runHeader } from './runLines';
import { type Cell, columnsOf, RUN_COLUMNS, rowsOfRuns, WHOLE_COLUMNS } from './table';

/** Rows written in one go: a task of a few milliseconds. */
const GROUP = 500;
/** Key of the metadata that holds the runs' headers. */
export const PARQUET_KEY = 'mcpo-lab';

const isText = (column: string) => (RUN_COLUMNS as readonly string[]).includes(column) && !WHOLE_COLUMNS.includes(column);

/** The columns of `runsCsv` as Parquet; the runs' headers, configurations included, as JSON in the metadata under `mcpo-lab`. */
export async function runsParquet(runs: readonly RunData[]): Promise<Bytes> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const columns = columnsOf(runs);
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
  const value = exactJson({ format: FORMAT.runs, runs: runs.map(runHeader) });
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema, kvMetadata: [{ key: PARQUET_KEY, value }], createdBy: 'MCPO Lab' });
  const pause = pauses();
  let group: Cell[][] = [];
  const flush = () => {
    if (!group.length) return;
    const columnData = columns.map((name, i) => {
      const data = group.map((row) => row[i]);
      return WHOLE_COLUMNS.includes(name)
        ? { name, data: data.map((x) => BigInt(x as number)) }
        : isText(name)
          ? { name, data }
          : { name, data, encoding: 'PLAIN' as const };
    });
    writer.write({ columnData, rowGroupSize: GROUP });
    group = [];
  };
  for (const row of rowsOfRuns(runs, columns)) {
    group.push(row);
    if (group.length === GROUP) flush();
    const wait = pause();
    if (wait) await wait;
  }
  flush();
  writer.finish();
  return new Uint8Array(bytes.getBuffer());
}
