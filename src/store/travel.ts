import type { Bytes, Claim, RunRecord, Undo } from '../archive/types';
import { field, parseValue } from '../config/fields';
import { merged, nest } from '../config/resolve';
import type { Config, Layer } from '../config/schema';
import { commonSteps } from './kept';
import { lab } from './lab';
import type { Experiment } from './lanes';
import { goOn, keepNow, library, runState, takeClaim, theArchive } from './library';
import { writeLink } from './link';
import type { LabState } from './state';
import { pause } from './transport';
import { DEFAULT_VIEW } from './view';

/** Kept runs of the fleet on the page, in the order of its runs. @throws Error of one sentence that says why there are none */
export function pageRuns(): RunRecord[] {
  const { records, fleet, onPage, reason } = library.getState();
  if (!records) throw new Error(reason || 'kept runs are not open yet');
  if (!fleet)
    throw new Error(
      onPage.length
        ? 'these curves are shown as they were measured, without a checkpoint'
        : 'nothing is kept yet: runs are kept from their first training step on',
    );
  const runs = onPage.map((id) => records.find((r) => r.id === id));
  const here = runs.filter((r) => r !== undefined);
  if (!here.length || here.length < runs.length) throw new Error('some of these runs were deleted');
  return here;
}

/** The last of some steps that is not after `step`; 0, the start, without any. */
export const lastUpTo = (steps: readonly number[], step: number): number => steps.findLast((s) => s <= step) ?? 0;

/** Steps that the fleet on the page can go back to: all its runs have checkpoints of them. Ascending. @throws Error as `pageRuns` */
export const returnSteps = async (): Promise<number[]> => commonSteps(pageRuns());

const BUSY = ['preparing', 'training', 'evaluating'];
const isQuiet = ({ status, waiting }: LabState) => waiting === 0 && !BUSY.includes(status);

/** Stops training and writes down what it has shown. */
async function settle(): Promise<void> {
  if (lab.getState().status === 'training') pause();
  await new Promise<void>((done) => {
    if (isQuiet(lab.getState())) return done();
    const stop = lab.subscribe((state) => {
      if (!isQuiet(state)) return;
      stop();
      done();
    });
  });
  await keepNow();
}

async function bytesOf(id: string, step: number): Promise<Bytes> {
  const found = await theArchive().checkpoint(id, step);
  if (!found) throw new Error(`the checkpoint of step ${step} is gone`);
  return found.bytes;
}

/** A rollback that was done. */
export interface Rollback {
  /** The step that the fleet was at, and is at now. */
  from: number;
  step: number;
  /** Takes it back; the fleet goes on where it was. @throws Error when it was trained on since, or is no longer on the page */
  undo(): Promise<void>;
}

/**
 * Takes all runs on the page back to the newest checkpoint at or before `step`, or without one to their start; they stand still there.
 * @throws Error with nothing changed: nothing is kept, a checkpoint is damaged, or the fleet has come no further
 */
export async function rollbackFleet(step: number): Promise<Rollback> {
  const records = pageRuns();
  await settle();
  const archive = theArchive();
  const from = lab.getState().step;
  const kept = await commonSteps(records);
  const target = lastUpTo(kept, step);
  if (target >= from) throw new Error(`the runs are at step ${from}: there is nothing after step ${target} to take back`);
  const checkpoints = kept.includes(target) ? await Promise.all(records.map((r) => bytesOf(r.id, target))) : undefined;
  const undos: Undo[] = [];
  try {
    for (const { id } of records) undos.push(await archive.rollback(id, target));
  } catch (error) {
    for (const { token } of undos) await archive.undo(token);
    throw error;
  }
  const { runs, film, presets, config, race, seeds } = lab.getState();
  const experiment = { presets, config, race, seeds };
  const claim = takeClaim();
  const cut = runs.map((r) => ({
    ...r,
    trace: r.trace.upTo(target),
    evaluations: r.evaluations.filter((e) => e.step <= target),
  }));
  goOn({ records, claim }, experiment, { runs: cut, ...(checkpoints ? { checkpoints } : {}) });
  lab.setState(({ at }) => ({
    film: { ...film, frames: film.frames.filter((f) => f.step <= target) },
    at: at !== null && at > target ? null : at,
  }));
  return { from, step: target, undo: () => takeBack(records, experiment, undos) };
}

/** Takes a rollback back and puts the fleet onto the page where it was. */
async function takeBack(records: RunRecord[], experiment: Experiment, undos: readonly Undo[]): Promise<void> {
  if (library.getState().fleet !== records[0].fleet) throw new Error('another run is on the page: undo the rollback under Runs');
  await settle();
  const archive = theArchive();
  for (const { token } of undos) await archive.undo(token);
  const step = (await commonSteps(records)).at(-1) ?? 0;
  const checkpoints = step > 0 ? await Promise.all(records.map((r) => bytesOf(r.id, step))) : undefined;
  const data = await Promise.all(records.map((r) => archive.load(r.id)));
  const runs = data.map((d, i) => runState(d, Math.floor(i / experiment.seeds)));
  goOn({ records, claim: takeClaim() }, experiment, { runs, ...(checkpoints ? { checkpoints } : {}) });
}

const wordOf = (path: string) => field(path).symbol ?? field(path).label;

/** The configuration of a run on the page with some fields changed, from their texts. @throws ConfigError naming value and bounds */
export function changedConfig(run: number, change: Readonly<Record<string, string>>): Config {
  const { lanes, runs } = lab.getState();
  const { lane, seed } = runs[run];
  return Object.entries(change).reduce<Config>(
    (config, [path, text]) => merged(config, nest(path, parseValue(path, text.trim())) as Layer),
    { ...lanes[lane].config, seed },
  );
}

/**
 * Goes on with one run of the page alone, as a new run with some fields changed, from its newest checkpoint at or before `step`, or without
 * one from its start. The old run stays as it is.
 * @param change text by field path
 * @returns the step that it starts from
 * @throws ConfigError or Error with nothing changed
 */
export async function branchRun(run: number, step: number, change: Readonly<Record<string, string>>): Promise<number> {
  const own = pageRuns()[run];
  const config = changedConfig(run, change);
  await settle();
  const archive = theArchive();
  const kept = (await archive.checkpoints(own.id)).map((c) => c.step);
  const from = lastUpTo(kept, step);
  const { lanes, runs } = lab.getState();
  const { presets } = lanes[runs[run].lane];
  const experiment: Experiment = { presets, config, race: null, seeds: 1 };
  const changes = Object.entries(change).map(([path, text]) => `${wordOf(path)} ${text.trim()}`);
  const record = await archive.branch(own.id, from, {
    lane: '',
    presets: [...presets],
    config,
    link: writeLink(experiment, DEFAULT_VIEW),
    name: `${own.name}, from step ${from}${changes.length ? ` with ${changes.join(', ')}` : ''}`.slice(0, 200),
  });
  const claim: Claim | null = await archive.claim(record.fleet);
  const checkpoints = kept.includes(from) ? [await bytesOf(record.id, from)] : undefined;
  const data = await archive.load(record.id);
  goOn({ records: [record], claim }, experiment, { runs: [runState(data, 0)], ...(checkpoints ? { checkpoints } : {}) });
  return from;
}
