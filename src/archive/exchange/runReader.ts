import { completePresets, differences, validate } from '../../config/resolve';
import { checkRecord, summarise } from '../record';
import type { Config, RunData, RunRecord } from '../types';
import { cliRecord } from './cliRecord';
import { checkFormat } from './format';
import { brief, type Fault, faultAt, parseObject } from './json';
import type { LineReader } from './lines';
import { readEvaluation, readPlainEvaluation, readStep } from './measured';

type Row = Record<string, unknown>;

/** A configuration from a file. */
export function readConfig(value: unknown, fault: Fault): Config {
  try {
    return validate(value);
  } catch (error) {
    return fault((error as Error).message);
  }
}

/** Names of presets from a file. */
export function readPresets(value: unknown, fault: Fault): string[] {
  if (!Array.isArray(value) || value.length > 20) return fault(`invalid presets: ${brief(value)} (a list of at most 20 names)`);
  try {
    completePresets(value.map(String));
  } catch (error) {
    fault((error as Error).message);
  }
  return value.map(String);
}

/** The record in a run's first line. */
export function readHeader(row: Row, fault: Fault): RunRecord {
  checkFormat(row.format, 'run', fault);
  const given = row.record;
  if (typeof given !== 'object' || given === null) return fault('the header has no record of a run');
  const { id, fleet, place, lane, name, color, notes, tags, backend, adapter, created, updated, step, steps, status, parent } =
    given as RunRecord;
  const words = { lane, name, color, notes, tags, link: (given as Partial<RunRecord>).link ?? '' };
  const known = { id, fleet, place, ...words, backend, adapter, created, updated, step, steps, status };
  for (const key of Object.keys(given)) if (key !== 'parent' && !(key in known)) fault(`unknown key: record.${key}`);
  const presets = readPresets(row.presets, fault);
  const config = readConfig(row.config, fault);
  const version = String(row.version);
  const record: RunRecord = { ...known, ...(parent ? { parent } : {}), presets, config, version, summary: {} };
  try {
    checkRecord(record);
  } catch (error) {
    fault(`record: ${(error as Error).message}`);
  }
  return record;
}

/** The summary and the last step made again from what was read. */
export function complete(run: RunData): RunData {
  const last = run.steps.at(-1);
  return { ...run, record: { ...run.record, step: last?.step ?? 0, summary: summarise(last, run.evaluations) } };
}

/**
 * Reads runs from JSON Lines: those exported here, one after another, and what the commands `train` and `race` print; a run that
 * `train --resume` went on with in the same file is one, with its later lines in place of those that it trained again.
 */
export function runReader(name: string): LineReader<RunData[]> {
  const runs: RunData[] = [];
  const byMethod = new Map<unknown, RunData>();
  let current: RunData | undefined;
  /** Runs of the command line's; those of them that were resumed and have not taken a step since. */
  const ownWords = new Set<RunData>();
  const resumed = new Set<RunData>();

  /** A run of the command line's goes on where its configuration is that of before; only the steps to train may be others. */
  const resume = (run: RunData | undefined, config: Config): boolean => {
    if (!run || !ownWords.has(run) || differences(run.record.config, config).some((d) => d.path !== 'steps')) return false;
    run.record = { ...run.record, config, steps: config.steps };
    current = run;
    resumed.add(run);
    return true;
  };
  /** Drops what a resumed run trains again from `step` on. */
  const cut = (run: RunData, step: unknown, isStep: boolean) => {
    if (!resumed.has(run) || typeof step !== 'number') return;
    if (isStep) {
      resumed.delete(run);
      run.steps = run.steps.filter((s) => s.step < step);
    }
    run.evaluations = run.evaluations.filter((e) => e.step < step);
  };
  const begin = (record: RunRecord, method?: unknown) => {
    current = { record, steps: [], evaluations: [] };
    runs.push(current);
    if (method !== undefined) byMethod.set(method, current);
  };
  const take = (text: string, line: number) => {
    if (!text.trim()) return;
    const fault = faultAt(name, line);
    const row = parseObject(text, fault);
    if ('format' in row) return begin(readHeader(row, fault));
    if (row.type === 'run') {
      const config = readConfig(row.config, fault);
      if (resume(row.method === undefined ? current : byMethod.get(row.method), config)) return;
      begin(cliRecord(row, config, name, runs[0]?.record, runs.length), row.method);
      if (current) ownWords.add(current);
      return;
    }
    const run = (row.method === undefined ? current : byMethod.get(row.method)) ?? fault('no run begins before this line');
    cut(run, row.step, row.type === 'step');
    const lastStep = run.steps.at(-1)?.step ?? 0;
    const lastEvaluation = run.evaluations.at(-1)?.step ?? -1;
    switch (row.type) {
      case 'step':
        run.steps.push(readStep(row, lastStep + 1, fault, ['method']));
        break;
      case 'evaluation':
        run.evaluations.push(readEvaluation(row, lastEvaluation + 1, fault));
        break;
      case 'eval':
        run.evaluations.push(readPlainEvaluation(row, lastEvaluation + 1, fault));
        break;
      case 'interference':
        break;
      case 'end':
        if (row.finished === true) run.record.status = 'finished';
        break;
      default:
        fault(`unknown type: ${brief(row.type)} (step or evaluation)`);
    }
  };
  return { take, end: () => runs.map(complete) };
}
