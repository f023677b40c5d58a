import { fileTime } from './checkpoints';
import { frameName } from './films';
import { dropFrom, resummarise } from './history';
import { discard, type Parts, recordOf, saving } from './parts';
import { checkStep, newId } from './record';
import { SERIES, type Series, SLICE, type UndoRow } from './tables';
import type { Archive, Undo } from './types';

const END = Number.MAX_SAFE_INTEGER;
/** A file without a row may belong to a checkpoint that another tab is just writing; after this many milliseconds it does not. */
const ORPHAN_AGE = 600_000;

/** Gives rows with step ≥ from to another owner. */
async function move<Row extends { run: string; step: number }>(series: Series<Row>, run: string, to: string, from: number) {
  for (;;) {
    const rows = await series.range(run, from, END, SLICE);
    await series.put(rows.map((r) => ({ ...r, run: to })));
    await series.dropRows(rows);
    if (rows.length < SLICE) return;
  }
}

type Bin = Pick<Archive, 'remove' | 'rollback' | 'undo' | 'undos' | 'purge'>;

/** What takes things away, and gives them back. */
export function bin(parts: Parts): Bin {
  const { tables, vault, now } = parts;
  const undoOf = ({ token, what, at }: UndoRow): Undo => ({ token, what, at });

  async function restoreRollback({ runs: [id], token, step }: UndoRow): Promise<void> {
    const record = await recordOf(parts, id);
    if (record.step !== step)
      throw new Error(
        `"${record.name}" has been trained on since (it is at step ${record.step}, not ${step}): undoing would overwrite that`,
      );
    for (const name of SERIES) await move(tables[name] as Series<{ run: string; step: number }>, token, id, 0);
    const [last] = (await tables.steps.range(id, step, END)).slice(-1);
    const reached = last?.step ?? step;
    const summary = await resummarise(tables, id, reached);
    await tables.runs.put([{ ...record, step: reached, updated: now(), summary }]);
  }

  return {
    async remove(ids) {
      const token = newId();
      return saving(parts, 'the deletion', ids, () =>
        tables.atomically(async () => {
          const records = [];
          for (const id of ids) records.push(await recordOf(parts, id));
          const live = records.filter((r) => r.deleted === undefined);
          const at = now();
          const what = live.length === 1 ? `deleted "${live[0].name}"` : `deleted ${live.length} runs`;
          const row: UndoRow = { token, kind: 'remove', what, at, runs: live.map((r) => r.id), step: 0 };
          await tables.runs.put(live.map((r) => ({ ...r, deleted: at })));
          await tables.undos.put([row]);
          return undoOf(row);
        }),
      );
    },

    async rollback(id, step) {
      checkStep(step);
      const token = newId();
      return saving(parts, `the rollback to step ${step}`, [id], () =>
        tables.atomically(async () => {
          const record = await recordOf(parts, id);
          if (step > record.step) throw new Error(`invalid step: ${step} ("${record.name}" has 0 to ${record.step})`);
          for (const name of SERIES) await move(tables[name] as Series<{ run: string; step: number }>, id, token, step + 1);
          const what = `took "${record.name}" back from step ${record.step} to ${step}`;
          const row: UndoRow = { token, kind: 'rollback', what, at: now(), runs: [id], step };
          const summary = await resummarise(tables, id, step);
          await tables.runs.put([{ ...record, step, updated: now(), summary }]);
          await tables.undos.put([row]);
          return undoOf(row);
        }),
      );
    },

    async undo(token) {
      await saving(parts, 'what is to be restored', [], () =>
        tables.atomically(async () => {
          const row = await tables.undos.get(token);
          if (!row) throw new Error('this can no longer be undone: it was undone before, or deleted for good');
          if (row.kind === 'rollback') await restoreRollback(row);
          else
            for (const id of row.runs) {
              const { deleted: _, ...record } = await recordOf(parts, id);
              await tables.runs.put([record]);
            }
          await tables.undos.drop([token]);
        }),
      );
    },

    undos: async () => (await tables.undos.all()).sort((a, b) => b.at - a.at).map(undoOf),

    async purge(age = 0) {
      const files = await tables.atomically(async () => {
        const undos = await tables.undos.all();
        const due = undos.filter((u) => u.at <= now() - age);
        const runs = new Set(due.filter((u) => u.kind === 'remove').flatMap((u) => u.runs));
        // A rollback of a run that goes for good goes with it.
        const gone = undos.filter((u) => due.includes(u) || (u.kind === 'rollback' && runs.has(u.runs[0])));
        const owners = [...runs, ...gone.filter((u) => u.kind === 'rollback').map((u) => u.token)];
        const named: string[] = [];
        for (const owner of owners) named.push(...(await dropFrom(tables, owner, 0)));
        await tables.runs.drop([...runs]);
        await tables.undos.drop(gone.map((u) => u.token));
        return named;
      });
      await discard(parts, files);
      const used = new Set((await tables.checkpoints.all()).map((c) => c.file));
      const fleets = new Set((await tables.runs.all()).map((r) => r.fleet));
      const owned = (name: string) => used.has(name) || fleets.has(frameName(name)?.fleet ?? '');
      const orphans = (await vault.names()).filter((name) => !owned(name) && fileTime(name) < now() - ORPHAN_AGE);
      await discard(parts, orphans);
    },
  };
}
