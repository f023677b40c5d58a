import { MAX_FILE } from '../archive/exchange/format';
import { sweepCsv, sweepParquet } from '../archive/exchange/sweepTable';
import { sizeText } from '../archive/full';
import { fromJsonLines, toJsonLines } from '../sweep/exchange/journalFile';
import { fromOptuna, toOptuna } from '../sweep/exchange/optuna';
import { hasEnded, Journal } from '../sweep/journal';
import { makeSampler } from '../sweep/samplers/make';
import { nextPoint } from '../sweep/schedule';
import type { Entry, SweepState } from '../sweep/types';
import { download } from './engine';
import { slug } from './fileName';
import { inTurn, showKept } from './sweepRun';
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

/** Whether no trial is left to train, nor to begin. */
const isOver = (state: SweepState): boolean => state.trials.every(hasEnded) && nextPoint(state, makeSampler(state.spec)) === null;

function textOf(bytes: Uint8Array): string {
  if (bytes.length > MAX_FILE) throw new Error(`it has ${sizeText(bytes.length)} (at most ${sizeText(MAX_FILE)})`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is no text (a sweep’s journal or an Optuna journal file)');
  }
}

/** Whether a file is one of Optuna's, by its first line. */
const isOptuna = (text: string): boolean => /^[^\n]*"op_code"/.test(text.trimStart());

/** Takes in a sweep's journal, ours or Optuna's, and puts it onto the page. */
export const importSweep = (name: string, bytes: Uint8Array): Promise<void> =>
  inTurn(`${name} could not be taken in`, async () => {
    const text = textOf(bytes);
    const foreign = isOptuna(text);
    const { entries, dropped } = foreign ? { entries: fromOptuna(text), dropped: 0 } : fromJsonLines(text);
    const { state } = new Journal(entries);
    const archive = await sweepArchive();
    const record = await archive.bring(state.spec.name, entries);
    // Not all that training goes on from is in Optuna's files.
    if (foreign || isOver(state)) await archive.status(record.id, 'finished');
    await showKept(record.id);
    if (dropped) sweepNotice(`The last line of ${name} was cut off and left out.`);
  });
