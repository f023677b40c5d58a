import { bin } from './bin';
import { checkpoints } from './checkpoints';
import { claim } from './claim';
import { copies } from './copies';
import { NewerArchiveError } from './database';
import { dexieTables } from './dexieTables';
import { films } from './films';
import { glance } from './glance';
import { history, readRun } from './history';
import { memoryTables } from './memoryTables';
import { type Parts, usage } from './parts';
import type { Archive, RunRecord } from './types';
import { opfsVault, tableVault } from './vault';

export { ArchiveFullError, sizeText } from './full';
export type * from './types';
export { NewerArchiveError };

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function assemble(parts: Parts, reason: string): Archive {
  const { tables } = parts;
  const kept = checkpoints(parts);
  const list = async (): Promise<RunRecord[]> =>
    (await tables.runs.all())
      .filter((r) => r.deleted === undefined)
      .sort((a, b) => b.created - a.created || compare(a.fleet, b.fleet) || a.place - b.place);
  return {
    persistent: reason === '',
    reason,
    ...history(parts),
    ...kept,
    ...copies(parts, kept.checkpoint),
    ...bin(parts),
    ...glance(parts),
    ...films(parts),
    load: async (id) => ({ ...(await readRun(parts, id)), checkpoints: await kept.checkpoints(id) }),
    list,
    watch: (listener) => tables.watch(list, listener),
    claim: (fleet) => claim(parts.name, fleet),
    usage,
    requestPersistence: async () => (await navigator.storage?.persist?.().catch(() => false)) ?? false,
    close: () => tables.close(),
  };
}

/** An archive that ends with the page; `reason` says why, in a sentence. */
export function memoryArchive(reason: string): Archive {
  const tables = memoryTables();
  return assemble(
    { name: `memory of ${crypto.getRandomValues(new Uint32Array(2))}`, tables, vault: tableVault(tables.files), now: Date.now },
    reason,
  );
}

/**
 * Opens the archive of this browser. Where there is no IndexedDB (a private window, blocked site data) the archive is one in memory,
 * and says so by `persistent` and `reason`. `parts` replaces what the archive is made of, for tests.
 * @throws NewerArchiveError when it was written by a newer version of the program
 */
export async function openArchive(name = 'mcpo-lab', parts: Partial<Omit<Parts, 'name'>> = {}): Promise<Archive> {
  try {
    const tables = parts.tables ?? (await dexieTables(name));
    const vault = parts.vault ?? (await opfsVault(name)) ?? tableVault(tables.files);
    return assemble({ name, now: Date.now, ...parts, tables, vault }, '');
  } catch (error) {
    if (error instanceof NewerArchiveError) throw error;
    return memoryArchive(
      `runs are not kept when this page closes: the browser's storage cannot be used (${(error as Error).message})`,
    );
  }
}
