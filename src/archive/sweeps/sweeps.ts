import { claim, claimed } from '../claim';
import { ArchiveFullError, isFull, sizeText } from '../full';
import { usage } from '../parts';
import { checkWords, newId } from '../record';
import type { Undo } from '../types';
import { dexieSweeps, memorySweeps, type SweepRow, type SweepTables } from './tables';
import type { Entry, SweepArchive, SweepRecord, SweepSpec } from './types';

export type * from './types';

const CLOSED =
  'the archive was closed, by this page or by a newer version of MCPO Lab in another tab: reload the page to save again';

/** Runs a write; `what` is written. @throws ArchiveFullError when storage is full; else what the write threw, in words */
async function saving<T>(what: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if ((error as Error).name === 'DatabaseClosedError') throw new Error(CLOSED);
    if (!isFull(error)) throw error;
    throw new ArchiveFullError(what, await usage());
  }
}

const recordOf = ({ entries: _, deleted: __, ...record }: SweepRow): SweepRecord => record;

/** A record after some entries. */
function grown(row: SweepRow, entries: readonly Entry[], at: number, best = row.best): SweepRow {
  const next = { ...row, entries: row.entries + entries.length, updated: at, best };
  for (const entry of entries) {
    if (entry.type === 'sweep') Object.assign(next, { spec: entry.spec, backend: entry.backend, adapter: entry.adapter });
    else if (entry.type === 'trial') next.trials++;
    else if (entry.type === 'end') next.ended++;
  }
  return next;
}

function assemble(name: string, tables: SweepTables, now: () => number, reason: string): SweepArchive {
  async function rowOf(id: string): Promise<SweepRow> {
    const row = await tables.sweeps.get(id);
    if (!row) throw new Error(`no such sweep: ${id} (it was deleted, or is in another browser)`);
    return row;
  }
  const change = (id: string, what: string, part: Partial<SweepRow>) =>
    saving(what, () => tables.atomically(async () => tables.sweeps.put([{ ...(await rowOf(id)), ...part, updated: now() }])));
  const begin = (title: string, spec: SweepSpec): SweepRow => {
    checkWords({ name: title });
    const [created, device] = [now(), { backend: '', adapter: '' }];
    const counts = { trials: 0, ended: 0, best: null, entries: 0 };
    return { id: newId(), name: title, created, updated: created, spec, ...device, ...counts, status: 'paused' };
  };
  const list = async () =>
    (await tables.sweeps.all())
      .filter((r) => r.deleted === undefined)
      .sort((a, b) => b.created - a.created)
      .map(recordOf);
  const undoOf = ({ id, name: title, deleted }: SweepRow): Undo => ({
    token: id,
    what: `deleted "${title}"`,
    at: deleted as number,
  });

  return {
    persistent: reason === '',
    reason,
    async create(spec) {
      const row = begin(spec.name, spec);
      await saving('a new sweep', () => tables.atomically(() => tables.sweeps.put([row])));
      return recordOf(row);
    },
    async bring(title, entries, best) {
      const [first] = entries;
      if (first?.type !== 'sweep') throw new Error('a journal begins with an entry of type sweep');
      const row = grown(begin(title, first.spec), entries, now(), best);
      await saving('a sweep from a file', () =>
        tables.atomically(async () => {
          await tables.entries.put({ sweep: row.id, seq: 0, entries: [...entries] });
          await tables.sweeps.put([row]);
        }),
      );
      return recordOf(row);
    },
    async append(id, entries, best) {
      if (!entries.length) return;
      await saving(entries.length === 1 ? 'an entry of the journal' : `${entries.length} entries of the journal`, () =>
        tables.atomically(async () => {
          const row = await rowOf(id);
          await tables.entries.put({ sweep: id, seq: row.entries, entries: [...entries] });
          await tables.sweeps.put([grown(row, entries, now(), best)]);
        }),
      );
    },
    async snapshot(id, { entries, fleets, trials }) {
      const size = sizeText(trials.reduce((sum, t) => sum + (t.bytes?.length ?? 0), 0));
      await saving(`the state of ${trials.length} trials (${size})`, () =>
        tables.atomically(async () => {
          const { name: title, entries: written } = await rowOf(id);
          if (entries > written)
            throw new Error(`invalid snapshot: it rests on ${entries} entries (the journal of "${title}" has ${written})`);
          await tables.snapshots.put([{ sweep: id, entries, fleets, trials }]);
        }),
      );
    },
    async checkpoint(id, trial, bytes) {
      await saving(`the checkpoint of trial ${trial} (${sizeText(bytes.length)})`, () =>
        tables.atomically(async () => {
          await rowOf(id);
          await tables.checkpoints.put({ sweep: id, trial, bytes });
        }),
      );
    },
    checkpointOf: async (id, trial) => (await tables.checkpoints.get(id, trial))?.bytes ?? null,
    status: (id, status) => change(id, 'the state of the sweep', { status }),
    async rename(id, title) {
      checkWords({ name: title });
      await change(id, 'a name', { name: title });
    },
    load: (id) =>
      // One transaction: another tab may be writing.
      tables.atomically(async () => {
        const row = await rowOf(id);
        const entries: Entry[] = [];
        for (const part of await tables.entries.of(id)) {
          if (part.seq !== entries.length)
            throw new Error(`the journal of "${row.name}" has a gap: entry ${part.seq + 1} follows entry ${entries.length}`);
          for (const entry of part.entries) entries.push(entry);
        }
        const kept = await tables.snapshots.get(id);
        const snapshot = kept ? { entries: kept.entries, fleets: kept.fleets, trials: kept.trials } : null;
        return { record: recordOf(row), entries, snapshot };
      }),
    list,
    watch: (listener) => tables.watch(list, listener),
    remove: (id) =>
      saving('the deletion', () =>
        tables.atomically(async () => {
          const row = { ...(await rowOf(id)), deleted: now() };
          await tables.sweeps.put([row]);
          return undoOf(row);
        }),
      ),
    undo: (token) =>
      saving('what is to be restored', () =>
        tables.atomically(async () => {
          const row = await tables.sweeps.get(token);
          if (row?.deleted === undefined)
            throw new Error('this can no longer be undone: it was undone before, or deleted for good');
          const { deleted: _, ...live } = row;
          await tables.sweeps.put([live]);
        }),
      ),
    undos: async () =>
      (await tables.sweeps.all())
        .filter((r) => r.deleted !== undefined)
        .map(undoOf)
        .sort((a, b) => b.at - a.at),
    purge: (age = 0) =>
      tables.atomically(async () => {
        const due = (await tables.sweeps.all()).filter((r) => r.deleted !== undefined && r.deleted <= now() - age);
        const ids = due.map((r) => r.id);
        for (const id of ids) {
          await tables.entries.drop(id);
          await tables.checkpoints.drop(id);
        }
        await tables.snapshots.drop(ids);
        await tables.sweeps.drop(ids);
      }),
    claim: (id) => claim(name, id),
    claimed: () => claimed(name),
    close: () => tables.close(),
  };
}

/**
 * Opens the sweeps of this browser. Where there is no IndexedDB, or one that a newer version of the program wrote, they are kept in memory;
 * `persistent` and `reason` say so. `parts` replaces what the archive is made of, for tests.
 */
export async function openSweeps(
  name = 'mcpo-lab-sweeps',
  { tables, now = Date.now }: { tables?: SweepTables; now?: () => number } = {},
): Promise<SweepArchive> {
  try {
    return assemble(name, tables ?? (await dexieSweeps(name)), now, '');
  } catch (error) {
    const own = `memory of ${crypto.getRandomValues(new Uint32Array(2))}`;
    const reason = `sweeps are not kept when this page closes: the browser's storage cannot be used (${(error as Error).message})`;
    return assemble(own, memorySweeps(), now, reason);
  }
}
