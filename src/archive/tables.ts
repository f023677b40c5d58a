import type { EvalResult, RunRecord, StepMetrics } from './types';

/** Rows of a run by step. `run` may also be the token of an undo, under which rolled-back rows wait. */
export type StepRow = StepMetrics & { run: string };
export interface EvaluationRow {
  run: string;
  step: number;
  result: EvalResult;
}
export interface CheckpointRow {
  run: string;
  step: number;
  /** Name in the vault. */
  file: string;
  bytes: number;
}
/** `remove`: `runs` went into the bin. `rollback`: the rows after `step` of `runs[0]` lie under the token. */
export interface UndoRow {
  token: string;
  kind: 'remove' | 'rollback';
  what: string;
  at: number;
  runs: string[];
  step: number;
}
/** A file's bytes, where there is no file system. */
export interface FileRow {
  file: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Rows by a text key. */
export interface Shelf<Row> {
  get(key: string): Promise<Row | undefined>;
  all(): Promise<Row[]>;
  keys(): Promise<string[]>;
  put(rows: readonly Row[]): Promise<void>;
  drop(keys: readonly string[]): Promise<void>;
}

/** Rows by run and step. */
export interface Series<Row extends { run: string; step: number }> {
  /** Rows with from ≤ step ≤ to, ascending, the first `most` of them. */
  range(run: string, from: number, to: number, most?: number): Promise<Row[]>;
  put(rows: readonly Row[]): Promise<void>;
  /** Drops rows with step ≥ from. */
  drop(run: string, from: number): Promise<void>;
  /** Drops single rows. */
  dropRows(rows: readonly Row[]): Promise<void>;
  all(): Promise<Row[]>;
}

/** Where rows are kept: IndexedDB, or memory. */
export interface Tables {
  runs: Shelf<RunRecord>;
  undos: Shelf<UndoRow>;
  files: Shelf<FileRow>;
  steps: Series<StepRow>;
  evaluations: Series<EvaluationRow>;
  checkpoints: Series<CheckpointRow>;
  /** All that `work` writes, or nothing; other writers wait. Not to be nested, and `work` awaits tables only. */
  atomically<T>(work: () => Promise<T>): Promise<T>;
  /** Calls `listener` with what `read` gives, now and whenever something that it read has changed. @returns stops that */
  watch<T>(read: () => Promise<T>, listener: (value: T) => void): () => void;
  close(): void;
}

/** The tables of rows by run and step. */
export const SERIES = ['steps', 'evaluations', 'checkpoints'] as const;
/** Rows handled between two pauses. */
export const SLICE = 256;

/** Rows in slices, so that none takes long. */
export async function* slices<Row extends { run: string; step: number }>(
  series: Series<Row>,
  run: string,
  from: number,
  to: number,
): AsyncGenerator<Row[]> {
  for (let at = from; ; ) {
    const rows = await series.range(run, at, to, SLICE);
    if (rows.length) yield rows;
    if (rows.length < SLICE) return;
    at = rows[rows.length - 1].step + 1;
  }
}

/** Every row of a range. */
export async function rowsOf<Row extends { run: string; step: number }>(
  series: Series<Row>,
  run: string,
  from = 0,
  to = Number.MAX_SAFE_INTEGER,
): Promise<Row[]> {
  const out: Row[] = [];
  for await (const rows of slices(series, run, from, to)) out.push(...rows);
  return out;
}
