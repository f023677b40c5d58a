import { fileName } from './checkpoints';
import { putSteps, resummarise } from './history';
import { discard, type Parts, recordOf, saving } from './parts';
import { checkAscending, checkRecord, makeRecord, newId, summarise } from './record';
import { SLICE } from './tables';
import type { Archive, RunData, RunRecord } from './types';

type Copies = Pick<Archive, 'branch' | 'bring'>;

/** Runs made from other runs, and from files. */
export function copies(parts: Parts, checkpoint: Archive['checkpoint']): Copies {
  const { tables, vault, now } = parts;
  return {
    async branch(id, step, change = {}) {
      const old = await recordOf(parts, id);
      if (!Number.isSafeInteger(step) || step < 0 || step > old.step)
        throw new Error(`invalid step: ${step} ("${old.name}" has 0 to ${old.step})`);
      const { lane, presets, config, notes, tags, backend, adapter, name, color } = old;
      const start = { lane, presets, config, notes, tags, backend, adapter, color, name: `${name}, from step ${step}` };
      const record = makeRecord({ ...start, ...change, parent: { run: id, step } }, newId(), 0, now());
      const has = (await tables.checkpoints.range(id, step, step)).length > 0;
      const kept = has ? await checkpoint(id, step) : null;
      const file = fileName(parts, record.id, step);
      try {
        return await saving(parts, `a branch at step ${step}`, [id], async () => {
          if (kept) await vault.write(file, kept.bytes);
          return tables.atomically(async () => {
            for (let from = 0; ; ) {
              const rows = await tables.steps.range(id, from, step, SLICE);
              await tables.steps.put(rows.map((r) => ({ ...r, run: record.id })));
              if (rows.length < SLICE) break;
              from = rows[rows.length - 1].step + 1;
            }
            const evaluations = await tables.evaluations.range(id, 0, step);
            await tables.evaluations.put(evaluations.map((e) => ({ ...e, run: record.id })));
            if (kept) await tables.checkpoints.put([{ run: record.id, step, file, bytes: kept.bytes.length }]);
            const whole: RunRecord = { ...record, step, summary: await resummarise(tables, record.id, step) };
            await tables.runs.put([whole]);
            return whole;
          });
        });
      } catch (error) {
        await discard(parts, [file]);
        throw error;
      }
    },

    async bring(runs: readonly RunData[]) {
      for (const { record, steps } of runs) {
        checkRecord(record);
        checkAscending(steps);
      }
      return saving(parts, runs.length === 1 ? 'a run from a file' : `${runs.length} runs from a file`, [], () =>
        tables.atomically(async () => {
          const known = await tables.runs.all();
          const ids = new Set(known.map((r) => r.id));
          const places = new Set(known.map((r) => `${r.fleet} ${r.place}`));
          // Runs of one fleet stay one, under a new name when some place of it is taken.
          const taken = new Set(runs.filter(({ record: r }) => places.has(`${r.fleet} ${r.place}`)).map((r) => r.record.fleet));
          const fleets = new Map([...taken].map((fleet) => [fleet, newId()]));
          const records: RunRecord[] = [];
          for (const { record, steps, evaluations } of runs) {
            const id = ids.has(record.id) ? newId() : record.id;
            ids.add(id);
            const { deleted: _, ...rest } = record;
            const step = steps.at(-1)?.step ?? 0;
            const whole: RunRecord = {
              ...rest,
              id,
              fleet: fleets.get(record.fleet) ?? record.fleet,
              step,
              // Whatever it was doing where it was exported, it is not doing here.
              status: step >= record.steps ? 'finished' : 'paused',
              summary: summarise(steps.at(-1), evaluations),
            };
            await putSteps(tables, id, steps);
            await tables.evaluations.put(evaluations.map((e) => ({ ...e, run: id })));
            await tables.runs.put([whole]);
            records.push(whole);
          }
          return records;
        }),
      );
    },
  };
}
