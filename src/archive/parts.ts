import { ArchiveFullError, isFull, type Usage } from './full';
import type { Tables } from './tables';
import type { RunRecord } from './types';
import type { Vault } from './vault';

/** What an archive is made of. */
export interface Parts {
  name: string;
  tables: Tables;
  vault: Vault;
  /** Milliseconds since 1970. */
  now(): number;
}

/** @throws Error when there is no such run, or it was deleted for good */
export async function recordOf({ tables }: Pick<Parts, 'tables'>, id: string): Promise<RunRecord> {
  const record = await tables.runs.get(id);
  if (!record) throw new Error(`no such run: ${id} (it was deleted, or is in another browser)`);
  return record;
}

/** Space used and granted, bytes of the whole site; null where the browser does not say. */
export async function usage(): Promise<Usage | null> {
  const found = await navigator.storage?.estimate?.().catch(() => null);
  return found?.quota ? { used: found.usage ?? 0, quota: found.quota } : null;
}

const CLOSED =
  'the archive was closed, by this page or by a newer version of MCPO Lab in another tab: reload the page to save again';

/**
 * Runs a write.
 * @param what what is written, for the message, e.g. `steps 101 to 120`
 * @throws ArchiveFullError when storage is full; else what the write threw, in words
 */
export async function saving<T>(parts: Parts, what: string, ids: readonly string[], write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if ((error as Error).name === 'DatabaseClosedError') throw new Error(CLOSED);
    if (!isFull(error)) throw error;
    const first = ids.length ? await parts.tables.runs.get(ids[0]).catch(() => undefined) : undefined;
    const others = ids.length > 1 ? ` and ${ids.length - 1} more` : '';
    throw new ArchiveFullError(first ? `${what} of "${first.name}"${others}` : what, await usage());
  }
}

/** Deletes files that no row names any more; one that stays behind is swept by `purge`. */
export async function discard({ vault }: Parts, files: readonly string[]): Promise<void> {
  await Promise.all(files.map((file) => vault.remove(file).catch(() => undefined)));
}
