import { liveQuery, type Table } from 'dexie';
import { openDatabase, shelf, type Version } from '../database';
import { memoryShelf, memoryTables } from '../memoryTables';
import type { Shelf } from '../tables';
import type { Bytes } from '../types';
import type { Entry, Snapshot, SweepRecord } from './types';

/** A sweep's record with what only the archive needs. */
export interface SweepRow extends SweepRecord {
  /** Entries of its journal. */
  entries: number;
  /** When it was put into the bin. */
  deleted?: number;
}
/** Consecutive entries of a journal, the first of which is number `seq` (0 first). */
export interface EntriesRow {
  sweep: string;
  seq: number;
  entries: Entry[];
}
export interface SnapshotRow extends Snapshot {
  sweep: string;
}
export interface CheckpointRow {
  sweep: string;
  trial: number;
  bytes: Bytes;
}

/** Rows by sweep and a number. */
export interface Ranks<Row> {
  get(sweep: string, number: number): Promise<Row | undefined>;
  /** All rows of a sweep, ascending. */
  of(sweep: string): Promise<Row[]>;
  put(row: Row): Promise<void>;
  /** Drops all rows of a sweep. */
  drop(sweep: string): Promise<void>;
}

/** Where sweeps are kept: IndexedDB, or memory. */
export interface SweepTables {
  sweeps: Shelf<SweepRow>;
  entries: Ranks<EntriesRow>;
  snapshots: Shelf<SnapshotRow>;
  checkpoints: Ranks<CheckpointRow>;
  /** All that `work` writes, or nothing; other writers wait. Not to be nested, and `work` awaits tables only. */
  atomically<T>(work: () => Promise<T>): Promise<T>;
  /** Calls `listener` with what `read` gives, now and whenever something that it read has changed. @returns stops that */
  watch<T>(read: () => Promise<T>, listener: (value: T) => void): () => void;
  close(): void;
}

/** Versions of the database, oldest first. */
const VERSIONS: Version[] = [
  { tables: { sweeps: 'id', entries: '[sweep+seq]', snapshots: 'sweep', checkpoints: '[sweep+trial]' } },
];
const NAMES = Object.keys(VERSIONS[VERSIONS.length - 1].tables);

const ranks = <Row>(table: Table<Row, [string, number]>, key: string): Ranks<Row> => {
  const of = (sweep: string) => table.where(key).between([sweep, 0], [sweep, Number.MAX_SAFE_INTEGER], true, true);
  return {
    get: (sweep, number) => table.get([sweep, number]),
    of: (sweep) => of(sweep).toArray(),
    put: async (row) => {
      await table.put(row);
    },
    drop: async (sweep) => {
      await of(sweep).delete();
    },
  };
};

/**
 * Opens the database.
 * @throws NewerArchiveError; or what IndexedDB says when it is not to be had
 */
export async function dexieSweeps(name: string): Promise<SweepTables> {
  const db = await openDatabase(name, VERSIONS);
  return {
    sweeps: shelf(db.table('sweeps')),
    entries: ranks(db.table('entries'), '[sweep+seq]'),
    snapshots: shelf(db.table('snapshots')),
    checkpoints: ranks(db.table('checkpoints'), '[sweep+trial]'),
    atomically: (work) => db.transaction('rw', NAMES, work),
    watch: (read, listener) => {
      const subscription = liveQuery(read).subscribe(listener, () => undefined);
      return () => subscription.unsubscribe();
    },
    close: () => db.close(),
  };
}

function memoryRanks<Row extends { sweep: string }>(numberOf: (row: Row) => number): Ranks<Row> {
  const rows = new Map<string, Map<number, Row>>();
  return {
    get: async (sweep, number) => structuredClone(rows.get(sweep)?.get(number)),
    of: async (sweep) => structuredClone([...(rows.get(sweep) ?? [])].sort(([a], [b]) => a - b).map(([, row]) => row)),
    put: async (row) => {
      const own = rows.get(row.sweep) ?? new Map<number, Row>();
      rows.set(row.sweep, own.set(numberOf(row), structuredClone(row)));
    },
    drop: async (sweep) => void rows.delete(sweep),
  };
}

/** Tables that end with the page. Writers take turns; `work` must check before it writes, for nothing is taken back. */
export function memorySweeps(): SweepTables {
  const { atomically, watch, close } = memoryTables();
  return {
    sweeps: memoryShelf((r) => r.id),
    entries: memoryRanks((r) => r.seq),
    snapshots: memoryShelf((s) => s.sweep),
    checkpoints: memoryRanks((c) => c.trial),
    atomically,
    watch,
    close,
  };
}
