import Dexie, { liveQuery, type Table } from 'dexie';
import type { Series, Shelf, Tables } from './tables';

/** Versions of the database, oldest first: tables with their keys, and what turns the version before into this one. */
const VERSIONS: { tables: Record<string, string>; upgrade?: Parameters<ReturnType<Dexie['version']>['upgrade']>[0] }[] = [
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

/** The archive was written by a newer version of this program. */
export class NewerArchiveError extends Error {
  override name = 'NewerArchiveError';
}

/** Dexie would open a database of a newer version as it is; so its version is looked at first. 0 when there is none. */
function installedVersion(name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    let absent = false;
    request.onupgradeneeded = () => {
      absent = true;
      request.transaction?.abort();
    };
    request.onsuccess = () => {
      resolve(Math.floor(request.result.version / 10));
      request.result.close();
    };
    request.onerror = (event) => {
      event.preventDefault();
      if (absent) resolve(0);
      else reject(request.error);
    };
  });
}

const shelf = <Row>(table: Table<Row, string>): Shelf<Row> => ({
  get: (key) => table.get(key),
  all: () => table.toArray(),
  keys: () => table.toCollection().primaryKeys(),
  put: async (rows) => {
    await table.bulkPut(rows as Row[]);
  },
  drop: (keys) => table.bulkDelete(keys as string[]),
});

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
  if (typeof indexedDB === 'undefined') throw new Error('this browser has no IndexedDB here');
  const installed = await installedVersion(name);
  if (installed > VERSIONS.length)
    throw new NewerArchiveError(
      `the archive of this browser was written by a newer version of MCPO Lab (its format is ${installed}, this program reads up to ${VERSIONS.length}): reload the page, or open the newer version`,
    );
  const db = new Dexie(name);
  VERSIONS.forEach(({ tables, upgrade }, i) => {
    const version = db.version(i + 1).stores(tables);
    if (upgrade) version.upgrade(upgrade);
  });
  await new Promise<void>((resolve, reject) => {
    db.on('blocked', () =>
      reject(new Error('another tab holds an older version of the archive: close the other tabs of MCPO Lab, then reload')),
    );
    db.open().then(() => resolve(), reject);
  });
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
