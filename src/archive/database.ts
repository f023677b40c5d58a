import Dexie, { type Table } from 'dexie';
import type { Shelf } from './tables';

/** A version of a database: tables with their keys, and what turns the version before into this one. */
export interface Version {
  tables: Record<string, string>;
  upgrade?: Parameters<ReturnType<Dexie['version']>['upgrade']>[0];
}

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

/**
 * Opens a database; `versions` are oldest first.
 * @throws NewerArchiveError; or what IndexedDB says when it is not to be had
 */
export async function openDatabase(name: string, versions: readonly Version[]): Promise<Dexie> {
  if (typeof indexedDB === 'undefined') throw new Error('this browser has no IndexedDB here');
  const installed = await installedVersion(name);
  if (installed > versions.length)
    throw new NewerArchiveError(
      `the archive of this browser was written by a newer version of MCPO Lab (its format is ${installed}, this program reads up to ${versions.length}): reload the page, or open the newer version`,
    );
  const db = new Dexie(name);
  versions.forEach(({ tables, upgrade }, i) => {
    const version = db.version(i + 1).stores(tables);
    if (upgrade) version.upgrade(upgrade);
  });
  await new Promise<void>((resolve, reject) => {
    db.on('blocked', () =>
      reject(new Error('another tab holds an older version of the archive: close the other tabs of MCPO Lab, then reload')),
    );
    db.open().then(() => resolve(), reject);
  });
  return db;
}

/** A table whose key is a text. */
export const shelf = <Row>(table: Table<Row, string>): Shelf<Row> => ({
  get: (key) => table.get(key),
  all: () => table.toArray(),
  keys: () => table.toCollection().primaryKeys(),
  put: async (rows) => {
    await table.bulkPut(rows as Row[]);
  },
  drop: (keys) => table.bulkDelete(keys as string[]),
});
