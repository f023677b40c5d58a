import { discard, type Parts, recordOf, saving } from './parts';
import { checkAscending, checkStep, checkWords, makeRecord, newId, summarise } from './record';
import { rowsOf, SLICE, type StepRow, type Tables } from './tables';
import type { Archive, EvalResult, NewRun, RunData, RunRecord, StepMetrics } from './types';

const END = Number.MAX_SAFE_INTEGER;

/** Writes a run's steps in slices. */
export async function putSteps(tables: Tables, id: string, steps: readonly StepMetrics[]): Promise<void> {
  for (let at = 0; at < steps.length; at += SLICE)
    await tables.steps.put(steps.slice(at, at + SLICE).map((s): StepRow => ({ ...s, run: id })));
}

/** A record's summary made again from its rows. */
export async function resummarise(tables: Tables, id: string, lastStep: number): Promise<RunRecord['summary']> {
  const [last] = await tables.steps.range(id, lastStep, lastStep);
  return summarise(last, await tables.evaluations.range(id, 0, END));
}

/** Drops a run's rows from a step on. @returns files that no row names any more */
export async function dropFrom(tables: Tables, id: string, step: number): Promise<string[]> {
  const checkpoints = await tables.checkpoints.range(id, step, END);
  await tables.steps.drop(id, step);
  await tables.evaluations.drop(id, step);
  await tables.checkpoints.drop(id, step);
  return checkpoints.map((c) => c.file);
}

const withoutRun = <T extends { run: string }>({ run: _, ...rest }: T): Omit<T, 'run'> => rest;

/** Everything measured of a run. */
export async function readRun(parts: Parts, id: string): Promise<RunData> {
  const { tables } = parts;
  const record = await recordOf(parts, id);
  const steps = (await rowsOf(tables.steps, id)).map(withoutRun);
  const evaluations = (await rowsOf(tables.evaluations, id)).map(withoutRun);
  return { record, steps, evaluations };
}

type History = Pick<Archive, 'create' | 'update' | 'append' | 'appendAll' | 'evaluation'>;

/** Records, steps and evaluations. */
export function history(parts: Parts): History {
  const { tables, now } = parts;

  async function appendAll(entries: readonly { id: string; steps: readonly StepMetrics[] }[]): Promise<void> {
    const given = entries.filter((e) => e.steps.length);
    if (!given.length) return;
    for (const { steps } of given) checkAscending(steps);
    const [{ steps: sample }] = given;
    const span = sample.length > 1 ? `steps ${sample[0].step} to ${sample.at(-1)?.step}` : `step ${sample[0].step}`;
    const ids = given.map((e) => e.id);
    const stale = await saving(parts, span, ids, () =>
      tables.atomically(async () => {
        const files: string[] = [];
        const records: RunRecord[] = [];
        for (const { id } of given) records.push(await recordOf(parts, id));
        for (const [i, { id, steps }] of given.entries()) {
          const record = records[i];
          const last = steps[steps.length - 1];
          let { summary } = record;
          if (steps[0].step <= record.step) {
            files.push(...(await dropFrom(tables, id, steps[0].step)));
            summary = await resummarise(tables, id, 0);
          }
          await putSteps(tables, id, steps);
          summary = { ...summary, 'reward/mean': last.metrics['reward/mean'] ?? null };
          await tables.runs.put([{ ...record, step: last.step, updated: now(), summary }]);
        }
        return files;
      }),
    );
    await discard(parts, stale);
  }

  return {
    async create(runs: readonly NewRun[]) {
      const fleet = newId();
      const created = now();
      const records = runs.map((run, place) => makeRecord(run, fleet, place, created));
      await saving(parts, records.length > 1 ? `${records.length} new runs` : 'a new run', [], () =>
        tables.atomically(() => tables.runs.put(records)),
      );
      return records;
    },
    async update(id, patch) {
      checkWords(patch);
      await saving(parts, 'a change', [id], () =>
        tables.atomically(async () => {
          await tables.runs.put([{ ...(await recordOf(parts, id)), ...patch, updated: now() }]);
        }),
      );
    },
    appendAll,
    append: (id, steps) => appendAll([{ id, steps }]),
    async evaluation(id: string, step: number, result: EvalResult) {
      checkStep(step);
      await saving(parts, `the evaluation of step ${step}`, [id], () =>
        tables.atomically(async () => {
          const record = await recordOf(parts, id);
          await tables.evaluations.put([{ run: id, step, result }]);
          const summary = await resummarise(tables, id, record.step);
          await tables.runs.put([{ ...record, updated: now(), summary }]);
        }),
      );
    },
  };
}
