import { liveQuery, type Table } from 'dexie';
import { openDatabase, shelf, type Version } from './database';
import type { Series, Tables } from './tables';

/** Versions of the database, oldest first. */
const VERSIONS: Version[] = [
  {
    tables: {
      runs: 'id',
      undos: 'token',
      files: 'file',
      steps: '[run+step]',
      evaluations: '[run+step]',
      checkpoints: '[run+step]',
    },
  },
];
const NAMES = Object.keys(VERSIONS[VERSIONS.length - 1].tables);

const series = <Row extends { run: string; step: number }>(table: Table<Row, [string, number]>): Series<Row> => {
  const between = (run: string, from: number, to: number) =>
    table.where('[run+step]').between([run, from], [run, to], true, true);
  return {
    range: (run, from, to, most) => {
      const rows = between(run, from, to);
      return (most === undefined ? rows : rows.limit(most)).toArray();
    },
    put: async (rows) => {
      await table.bulkPut(rows as Row[]);
    },
    drop: async (run, from) => {
      await between(run, from, Number.MAX_SAFE_INTEGER).delete();
    },
    dropRows: (rows) => table.bulkDelete(rows.map((r): [string, number] => [r.run, r.step])),
    all: () => table.toArray(),
  };
};

/**
 * Opens the database.
 * @throws NewerArchiveError; or what IndexedDB says when it is not to be had
 */
export async function dexieTables(name: string): Promise<Tables> {
  const db = await openDatabase(name, VERSIONS);
  return {
    runs: shelf(db.table('runs')),
    undos: shelf(db.table('undos')),
    files: shelf(db.table('files')),
    steps: series(db.table('steps')),
    evaluations: series(db.table('evaluations')),
    checkpoints: series(db.table('checkpoints')),
    atomically: (work) => db.transaction('rw', NAMES, work),
    watch: (read, listener) => {
      const subscription = liveQuery(read).subscribe(listener, () => undefined);
      return () => subscription.unsubscribe();
    },
    close: () => db.close(),
  };
}
