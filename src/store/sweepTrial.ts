import { makeRecord } from '../archive/record';
import type { RunData, RunRecord } from '../archive/types';
import type { Bytes } from '../host/protocol';
import { configOf, presetsOf } from '../sweep/configs';
import type { SweepState, Trial } from '../sweep/types';
import { showRuns } from './kept';
import { keepNow, library, resumeFleet, runState, theArchive } from './library';
import { writeLink } from './link';
import { complain, show } from './look';
import { open } from './opening';
import { inTurn } from './sweepRun';
import { sweeps } from './sweepState';
import { sweepArchive } from './sweepTab';
import { DEFAULT_VIEW } from './view';

/** Journals hold some metrics; this many steps of them make up a run. */
const stepsOf = ({ step, curves }: Trial): RunData['steps'] =>
  Array.from({ length: step }, (_, i) => ({
    step: i + 1,
    metrics: Object.fromEntries(Object.entries(curves).map(([name, values]) => [name, values[i] ?? null])),
    centroids: [],
    gradientCosine: [],
  }));

/** A trial as a run of its own; opened twice at the same step it is the same run. `name`: the sweep's. */
export function trialRun(state: SweepState, trial: Trial, sweep: { id: string; name: string }): RunData {
  const { spec, backend, adapter, version } = state;
  const { values } = state.points[trial.point];
  const config = configOf(spec, values, trial.seed);
  const presets = presetsOf(spec, values);
  const metrics = Object.keys(trial.curves).length;
  const id = `${sweep.id}_${trial.trial}_${trial.step}`;
  const record: RunRecord = {
    ...makeRecord(
      {
        lane: '',
        presets,
        config,
        name: `${sweep.name.slice(0, 150)}, trial ${trial.trial}`,
        color: trial.trial % 8,
        notes: `Trial ${trial.trial} (seed ${trial.seed}) of the sweep "${sweep.name}". Of the steps up to ${trial.step} only what the sweep recorded is there: ${metrics} metric${metrics === 1 ? '' : 's'}.`,
        link: writeLink({ presets, config, race: null, seeds: 1 }, DEFAULT_VIEW),
        backend,
        adapter,
        version,
      },
      id,
      0,
      Date.now(),
    ),
    id,
    step: trial.step,
  };
  return { record, steps: stepsOf(trial), evaluations: trial.evaluations.map(({ step, result }) => ({ step, result })) };
}

/** The kept run of a trial, made where there is none. */
async function keptRun(run: RunData, checkpoint: Bytes | null): Promise<RunRecord> {
  const archive = theArchive();
  await keepNow();
  const { id, step } = run.record;
  const record = (await archive.list()).find((r) => r.id === id) ?? (await archive.bring([run]))[0];
  if (checkpoint && record.step === step && !(await archive.checkpoints(record.id)).length)
    await archive.keep(record.id, step, checkpoint);
  return record;
}

/** Puts the run of a trial onto the page, to go on from its checkpoint or from the start. */
async function place(run: RunData, checkpoint: Bytes | null): Promise<void> {
  const { presets, config, name } = run.record;
  const experiment = { presets, config, race: null, seeds: 1 };
  if (!run.steps.length) return open(experiment);
  let record: RunRecord;
  try {
    record = await keptRun(run, checkpoint);
  } catch (error) {
    open(experiment, { ...(checkpoint ? { checkpoints: [checkpoint] } : {}), runs: [runState(run, 0)] });
    complain(`${name} is on the page, but could not be kept as a run: ${(error as Error).message}`);
    return;
  }
  if (record.fleet === library.getState().fleet) return;
  if (await theArchive().resumable(record.fleet)) await resumeFleet(record.fleet);
  else showRuns([await theArchive().load(record.id)], name);
}

/**
 * Opens a trial of the sweep on the page in the lab: its configuration, what was measured, and its last checkpoint where it has one, as
 * a kept run of its own.
 */
export const openTrial = (trial: number): Promise<void> =>
  inTurn(`Trial ${trial} could not be opened`, async () => {
    const { id, journal, list } = sweeps.getState();
    const found = journal?.trials[trial];
    if (!id || !journal || !found) throw new Error(`there is no such trial (${journal?.trials.length ?? 0} so far)`);
    const name = list?.find((r) => r.id === id)?.name ?? journal.spec.name;
    const checkpoint = await (await sweepArchive()).checkpointOf(id, trial);
    await place(trialRun(journal, found, { id, name }), checkpoint);
    show('overview');
  });
