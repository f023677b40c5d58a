/** Forms in which a sweep is exported: its journal, Optuna's journal file, and tables of its trials. */
export type SweepFormat = 'jsonl' | 'optuna' | 'csv' | 'parquet';

/** Hands the sweep on the page to the user as a file. @throws Error */
export async function exportSweep(format: SweepFormat): Promise<void> {
  throw new Error(`a sweep cannot be exported as ${format} yet`);
}

/** Takes a sweep in from a file. @throws Error */
export async function importSweep(name: string, _bytes: Uint8Array): Promise<void> {
  throw new Error(`${name} cannot be read yet`);
}
