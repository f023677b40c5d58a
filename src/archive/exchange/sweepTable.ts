import { type Column, trialRows } from '../../sweep/exchange/rows';
import type { SweepState } from '../../sweep/types';
import { tableCsv } from './csv';
import { FORMAT } from './format';
import { exactJson } from './json';
import { PARQUET_KEY } from './parquet';

/** A sweep's trials as CSV: a line for each, columns as `trialRows` has them. */
export function sweepCsv(state: SweepState): Promise<Blob> {
  const { columns, rows } = trialRows(state);
  const cells = rows.map((row) => row.map((x) => (typeof x === 'boolean' ? String(x) : x)));
  return tableCsv({ columns: columns.map((c) => c.name), rows: cells });
}

const TYPES = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  whole: { type: 'INT64', repetition_type: 'REQUIRED' },
  number: { type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  flag: { type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
} as const;

/** The table of `sweepCsv` as Parquet; the specification and what the sweep ran on as JSON in the metadata under `mcpo-lab`. */
export async function sweepParquet(state: SweepState): Promise<Blob> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const { columns, rows } = trialRows(state);
  const { spec, backend, adapter, version } = state;
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'trials', num_children: columns.length }, ...columns.map(({ name, kind }) => ({ name, ...TYPES[kind] }))],
    statistics: false,
    kvMetadata: [{ key: PARQUET_KEY, value: exactJson({ format: FORMAT.trials, spec, backend, adapter, version }) }],
    createdBy: 'MCPO Lab',
  });
  const dataOf = ({ name, kind }: Column, i: number) => {
    const data = rows.map((row) => row[i]);
    if (kind === 'whole') return { name, data: data.map((x) => BigInt(x as number)), offsetIndex: false };
    return { name, data, offsetIndex: false, ...(kind === 'number' ? { encoding: 'PLAIN' as const } : {}) };
  };
  if (rows.length) writer.write({ columnData: columns.map(dataOf), rowGroupSize: rows.length });
  writer.finish();
  return new Blob([bytes.getBuffer()], { type: 'application/vnd.apache.parquet' });
}
