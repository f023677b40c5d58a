import { sweepCsv, sweepParquet } from '../archive/exchange/sweepTable';
import { toJsonLines } from '../sweep/exchange/journalFile';
import { toOptuna } from '../sweep/exchange/optuna';
import type { Entry, SweepState } from '../sweep/types';
import { download } from './engine';
import { slug } from './fileName';
import { bestOf, inTurn, showKept } from './sweepRun';
import { readSweep } from './sweepSource';
import { sweepNotice, sweeps } from './sweepState';
import { sweepArchive, tab } from './sweepTab';

/** Forms in which a sweep is exported: its journal, Optuna's journal file, and tables of its trials. */
export type SweepFormat = 'jsonl' | 'optuna' | 'csv' | 'parquet';

/** The whole journal of the sweep on the page: what is kept, and what waits to be. */
async function entriesOnPage(): Promise<Entry[]> {
  const { current } = tab;
  if (!current) throw new Error('there is no sweep on the page');
  const total = current.journal.length;
  const { unwritten } = current.writer;
  const { entries } = await (await sweepArchive()).load(current.id);
  const kept = entries.slice(0, total);
  return [...kept, ...unwritten.slice(unwritten.length - (total - kept.length))];
}

async function contents(format: SweepFormat, state: SweepState, created: number): Promise<Uint8Array<ArrayBuffer>> {
  if (format === 'csv' || format === 'parquet') {
    const blob = await (format === 'csv' ? sweepCsv : sweepParquet)(state);
    return new Uint8Array(await blob.arrayBuffer());
  }
  return new TextEncoder().encode(format === 'optuna' ? toOptuna(state, created) : toJsonLines(await entriesOnPage()));
}

/** Hands the sweep on the page to the user as a file, with what could not be kept. */
export const exportSweep = (format: SweepFormat): Promise<void> =>
  inTurn('The sweep could not be exported', async () => {
    const { journal, id, list } = sweeps.getState();
    if (!journal) throw new Error('there is nothing in it yet');
    const record = list?.find((r) => r.id === id);
    const end = format === 'optuna' ? 'optuna.log' : format;
    const name = slug(record?.name ?? journal.spec.name);
    download(await contents(format, journal, record?.created ?? 0), `mcpo-lab-sweep-${name}.${end}`);
  });

/**
 * Takes in a sweep's journal, ours or Optuna's, or the table of its trials, and puts it onto the page.
 * @returns whether it is there; the error says why it is not
 */
export async function importSweep(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  let done = false;
  await inTurn(`${name} could not be taken in`, async () => {
    const { entries, state, over, notice } = await readSweep(name, bytes);
    const archive = await sweepArchive();
    const record = await archive.bring(state.spec.name, entries, bestOf(state));
    if (over) await archive.status(record.id, 'finished');
    await showKept(record.id);
    if (notice) sweepNotice(notice);
    done = true;
  });
  return done;
}
