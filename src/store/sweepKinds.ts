import { isParquet } from '../archive/exchange/parquetFile';
import { isTrialsCsv, isTrialsParquet } from '../archive/exchange/sweepTableReader';

/** Which files are sweeps. Tells it before what reads them loads. */

/** Whether a file is one of Optuna's journals, by its first line. */
export const isOptuna = (text: string): boolean => /^[^\n]*"op_code"/.test(text.trimStart());

/** What a journal's first entry begins with is far within so many bytes. */
const HEAD = 4096;

/** Whether a file is a sweep: a journal, ours or Optuna's, or a table of its trials, by how it begins (Parquet: ends). */
export async function isSweep(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  if (isParquet(head)) return isTrialsParquet(file);
  const text = new TextDecoder().decode(head);
  return isOptuna(text) || isTrialsCsv(text) || /^\s*\{\s*"type"\s*:\s*"sweep"/.test(text);
}
