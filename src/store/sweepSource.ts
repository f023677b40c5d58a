import { MAX_FILE } from '../archive/exchange/format';
import { isParquet } from '../archive/exchange/parquetFile';
import { isTrialsCsv, readSweepCsv, readSweepParquet } from '../archive/exchange/sweepTableReader';
import { sizeText } from '../archive/full';
import { fromJsonLines } from '../sweep/exchange/journalFile';
import { fromOptuna } from '../sweep/exchange/optuna';
import { fromTable } from '../sweep/exchange/trialTable';
import { hasEnded, Journal } from '../sweep/journal';
import { makeSampler } from '../sweep/samplers/make';
import { nextPoint } from '../sweep/schedule';
import type { Entry, SweepState } from '../sweep/types';
import { isOptuna } from './sweepKinds';

/** A sweep from a file. */
export interface SweepSource {
  entries: Entry[];
  state: SweepState;
  /** Nothing is left to train, or it cannot be trained on. */
  over: boolean;
  /** What people should know of it; empty: nothing. */
  notice: string;
}

/** Whether no trial is left to train, nor to begin. */
const isOver = (state: SweepState): boolean => state.trials.every(hasEnded) && nextPoint(state, makeSampler(state.spec)) === null;

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is no text (a sweep’s journal, an Optuna journal file, or a table of trials as CSV)');
  }
}

const bare = (name: string) => name.replace(/\.(csv|parquet)$/i, '').slice(0, 200) || 'Table';
const NO_CURVES = 'is a table: it has no curves, and the sweep cannot be trained on.';
const NO_SPEC =
  'What was swept is told by its columns and values; sampler, pruner, budget and what all trials had in common are not, and the largest value counts as the best.';

async function read(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Omit<SweepSource, 'state'>> {
  if (isParquet(bytes)) {
    const table = await readSweepParquet(new Blob([bytes]), (what) => {
      throw new Error(`it ${what}`);
    });
    return { entries: fromTable(table, bare(name)), over: true, notice: `${name} ${NO_CURVES}` };
  }
  const text = textOf(bytes);
  if (isTrialsCsv(text))
    return { entries: fromTable(readSweepCsv(text), bare(name)), over: true, notice: `${name} ${NO_CURVES} ${NO_SPEC}` };
  // Not all that training goes on from is in Optuna's files.
  if (isOptuna(text)) return { entries: fromOptuna(text), over: true, notice: '' };
  const { entries, dropped } = fromJsonLines(text);
  return { entries, over: false, notice: dropped ? `The last line of ${name} was cut off and left out.` : '' };
}

/**
 * Reads a sweep's file: its journal, Optuna's journal file, or a table of its trials as CSV or Parquet.
 * @throws Error naming line, or row and column, value and bound
 */
export async function readSweep(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<SweepSource> {
  if (bytes.length > MAX_FILE) throw new Error(`it has ${sizeText(bytes.length)} (at most ${sizeText(MAX_FILE)})`);
  const found = await read(name, bytes);
  const { state } = new Journal(found.entries);
  return { ...found, state, over: found.over || isOver(state) };
}
