import { compareMetrics, compareParameters, type Outcome } from '../host/prediction';
import type { Bytes, Event, StepMetrics } from '../host/protocol';
import { ask, onEngineEvent } from './engine';
import { lab } from './lab';
import type { Experiment } from './lanes';
import { goOn, keepNow, theArchive } from './library';
import { writeLink } from './link';
import { open } from './opening';
import { focused } from './state';
import { step as stepOnce } from './transport';
import { pageRuns } from './travel';
import { isUnchanged, type Settings, UNCHANGED, VARIANT_NAMES } from './variants';
import { DEFAULT_VIEW } from './view';
import { isCurrent, type Taken, whatIf } from './whatif';

/** Why the real step of a variant would train on another batch than the frozen one. */
export function apartOf({ held, config }: Outcome, run: Settings): string[] {
  return [...held, ...(config.rollout.group === run.config.rollout.group ? [] : ['rollout.group'])];
}

/**
 * Takes the next step: the run's own (null), together with the other runs of its fleet, or a variant's, which goes on alone as a run of
 * its own from where the focused run stands. @throws Error when the answer at hand is stale or the engine fails
 */
export async function take(which: number | null): Promise<void> {
  const { frozen } = whatIf.getState();
  if (!isCurrent(frozen)) throw new Error('the run has moved on since this step was tried');
  const { result, run } = frozen;
  const outcome = which === null ? result.base : result.variants[which];
  const taken: Taken = {
    who: which === null ? 'run' : VARIANT_NAMES[which],
    step: result.stepsDone + 1,
    apart: apartOf(outcome, run),
    metrics: null,
    parameters: null,
  };
  if (which === null) {
    expect(outcome, lab.getState().focus, taken);
    stepOnce();
    return;
  }
  const { bytes, step } = await ask({ kind: 'checkpoint', run: result.run });
  if (step !== result.stepsDone || !isCurrent(frozen)) throw new Error('the run has moved on since this step was tried');
  const others = lab.getState().variants.filter((v, i) => i !== which && !isUnchanged(v));
  await branch(frozen.variants[which], step, bytes, VARIANT_NAMES[which]);
  lab.setState({ variants: others.length ? others : [UNCHANGED] });
  expect(outcome, 0, taken);
  stepOnce();
}

/**
 * Puts the focused run onto the page alone, with other settings, from a checkpoint; kept as a branch of its kept run where it has one.
 */
async function branch({ presets, config }: Settings, step: number, bytes: Bytes, name: string): Promise<void> {
  const { trace, evaluations, seed } = focused(lab.getState());
  const experiment = { presets, config, race: null, seeds: 1 };
  const resumption = { checkpoints: [bytes], runs: [{ lane: 0, seed, trace: trace.upTo(step), evaluations }] };
  const kept = await keptBranch(experiment, step, name);
  if (kept) goOn(kept, experiment, resumption);
  else open(experiment, resumption);
}

/** A kept run that branches off the focused one at a step; null where that is not kept. */
async function keptBranch(experiment: Experiment, step: number, name: string) {
  try {
    await keepNow();
    const own = pageRuns()[lab.getState().focus];
    const record = await theArchive().branch(own.id, step, {
      lane: '',
      presets: [...experiment.presets],
      config: experiment.config,
      link: writeLink(experiment, DEFAULT_VIEW),
      name: `${own.name}, from step ${step} as ${name}`.slice(0, 200),
    });
    return { records: [record], claim: await theArchive().claim(record.fleet) };
  } catch {
    // Nothing is kept yet, or no longer can be: the step is taken all the same, and kept as any new run.
    return null;
  }
}

let unlisten = () => {};

/** Compares the next step of a run with what was predicted. */
function expect(outcome: Outcome, run: number, taken: Taken): void {
  unlisten();
  whatIf.setState({ taken });
  const end = onEngineEvent((event: Event) => {
    if (event.type === 'error' && event.fatal) unlisten();
    if (event.type !== 'steps') return;
    const made = event.steps[run]?.find((s) => s.step === taken.step);
    if (!made) return;
    unlisten();
    void compare(outcome, made, run, taken);
  });
  unlisten = () => {
    end();
    unlisten = () => {};
  };
}

async function compare(outcome: Outcome, made: StepMetrics, run: number, taken: Taken): Promise<void> {
  const known = { ...taken, metrics: compareMetrics(outcome.step, made) };
  whatIf.setState({ taken: known });
  try {
    const { bytes, step } = await ask({ kind: 'checkpoint', run });
    if (step !== taken.step || whatIf.getState().taken !== known) return;
    whatIf.setState({ taken: { ...known, parameters: compareParameters(outcome.parameters, bytes) } });
  } catch {
    // A fleet that is gone has no parameters to compare; the metrics stand.
  }
}

/** Hides what became of the last step that was taken. */
export const dismissTaken = (): void => whatIf.setState({ taken: null });
