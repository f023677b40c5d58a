import type { Config } from '../../config/schema';
import type { Checkpoint } from '../../engine/checkpoint';
import { type EvalResult, Evaluator } from '../../engine/evaluation';
import type { StepMetrics } from '../../engine/metricsRing';
import { hiddenStates } from '../../engine/representation';
import { type Start, Trainer } from '../../engine/trainer';
import type { Backend } from '../../gpu/backend';
import { trainingLoop } from '../../host/loop';
import { readout } from '../../math/readout';
import type { Folder, Progress, StoredRun } from './folder';
import { type Batch, fleetKey } from './jobs';
import type { HeldOutStates } from './types';

/** Held-out instances of each benchmark whose hidden states are kept, at most. */
const STATE_PROMPTS = 50;

/** What happens around a fleet. */
export interface FleetHooks {
  /** Steps done of this fleet, and the mean reward of its runs in the last step. */
  onStep(step: number, reward: number | null): void;
  shouldStop(): boolean;
  /** Seconds between snapshots. */
  keepEvery: number;
  /** Seconds, from any start. */
  now(): number;
}

/** Six significant digits are enough for curves, and keep the files small. */
const short = (x: number | null): number | null => (x === null ? null : Number(x.toPrecision(6)));

const emptyProgress = (runs: number): Progress => ({
  step: 0,
  seconds: 0,
  curves: Array.from({ length: runs }, () => ({})),
  centroids: Array.from({ length: runs }, () => []),
});

function record(progress: Progress, steps: readonly (readonly StepMetrics[])[]): void {
  steps.forEach((own, run) => {
    for (const { metrics, centroids } of own) {
      for (const [name, value] of Object.entries(metrics)) (progress.curves[run][name] ??= []).push(short(value));
      progress.centroids[run].push(centroids.map((row) => row.map(short)));
    }
  });
  progress.step = steps[0][steps[0].length - 1].step;
}

/** Mean of matrices entry by entry, over those that have data. */
function meanMatrix(matrices: readonly (number | null)[][][]): (number | null)[][] {
  const [first] = matrices;
  return first.map((row, i) =>
    row.map((_, j) => {
      const known = matrices.map((m) => m[i][j]).filter((x) => x !== null);
      return known.length ? short(known.reduce((a, b) => a + b, 0) / known.length) : null;
    }),
  );
}

/** Held-out accuracy of every run with some fields of `eval` changed. */
export async function evaluateFleet(
  backend: Backend,
  trainer: Trainer,
  held: Partial<Config['eval']>,
  shouldStop: () => boolean,
): Promise<EvalResult[] | null> {
  const configs = trainer.configs.map((c) => ({ ...c, eval: { ...c.eval, ...held } }));
  const evaluator = await Evaluator.create(backend, configs, trainer.parameters);
  try {
    return await evaluator.evaluate(await trainer.weights(), trainer.stepsDone, () => !shouldStop());
  } finally {
    evaluator.destroy();
  }
}

/** Hidden states of held-out responses, and how well correctness can be read from them. */
async function statesOf(
  backend: Backend,
  checkpoint: Checkpoint,
  config: Config,
): Promise<{ states: HeldOutStates; probe: StoredRun['probe'] } | null> {
  const found = await hiddenStates(backend, checkpoint, config, { prompts: Math.min(STATE_PROMPTS, config.eval.prompts) });
  if (!found) return null;
  const { n, width, states, domain, reward, instance } = found;
  const hidden = Array.from({ length: n }, (_, i) =>
    Array.from(states.subarray(i * width, (i + 1) * width), (x) => Number(x.toPrecision(5))),
  );
  return {
    states: { domain: Array.from(domain), correct: Array.from(reward), hidden },
    probe: readout(states, width, reward, { group: instance }),
  };
}

/**
 * Trains a fleet to the end, from its last snapshot if there is one, evaluates it and stores its runs.
 * @param base accuracy before training, the same for every run
 * @returns false when `shouldStop` ended it early (a snapshot is then kept)
 * @throws DeviceError when the fleet does not fit the device
 */
export async function trainFleet(
  backend: Backend,
  fleet: Batch,
  start: Start,
  base: EvalResult,
  folder: Folder,
  hooks: FleetHooks,
): Promise<boolean> {
  const key = fleetKey(fleet);
  const configs = fleet.jobs.map((j) => j.config);
  const { steps, rollout } = configs[0];
  const saved = folder.snapshot(key, configs.length);
  const progress = saved?.progress ?? emptyProgress(configs.length);
  const starts = saved?.checkpoints.map((checkpoint) => ({ checkpoint, where: 'the snapshot' })) ?? [start];
  const trainer = await Trainer.create(backend, configs, starts);
  try {
    let began = hooks.now();
    let kept = began;
    const snapshot = async () => {
      progress.seconds += hooks.now() - began;
      began = kept = hooks.now();
      await folder.saveSnapshot(key, progress, await Promise.all(configs.map((_, run) => trainer.checkpoint(run))));
    };
    const finished = await trainingLoop(
      trainer,
      { steps, evalEvery: null, submissionSeconds: 1 },
      {
        now: hooks.now,
        shouldStop: hooks.shouldStop,
        onEval() {},
        async onSteps(metrics) {
          record(progress, metrics);
          const rewards = metrics.map((own) => own[own.length - 1].metrics['reward/mean']).filter((x) => x !== null);
          hooks.onStep(progress.step, rewards.length ? rewards.reduce((a, b) => a + b, 0) / rewards.length : null);
          if (hooks.now() - kept >= hooks.keepEvery) await snapshot();
        },
      },
    );
    const keep = async () => {
      if (progress.step > 0) await snapshot();
      return false;
    };
    if (!finished) return await keep();
    const sampled = await evaluateFleet(backend, trainer, {}, hooks.shouldStop);
    const greedy = sampled && (await evaluateFleet(backend, trainer, { temperature: 0, samples: 1 }, hooks.shouldStop));
    if (!sampled || !greedy) return await keep();
    const seconds = (progress.seconds + hooks.now() - began) / configs.length;
    const tenth = Math.max(1, Math.round(steps / 10));
    for (const [run, job] of fleet.jobs.entries()) {
      if (hooks.shouldStop()) return await keep();
      if (folder.has(job.key)) continue;
      const representation = await statesOf(backend, await trainer.checkpoint(run), job.config);
      if (!representation) return await keep();
      const rounds = progress.curves[run]['sampler/rounds'].reduce<number>((sum, x) => sum + (x ?? 1), 0);
      const stored: StoredRun = {
        seed: job.config.seed,
        steps,
        generated: Math.round(rounds * rollout.prompts * rollout.group),
        seconds,
        base,
        sampled: sampled[run],
        greedy: greedy[run],
        curves: progress.curves[run],
        centroids: {
          start: meanMatrix(progress.centroids[run].slice(0, tenth)),
          end: meanMatrix(progress.centroids[run].slice(-tenth)),
        },
        ...representation,
      };
      await folder.saveRun(job.key, stored);
    }
    folder.sweep(key);
    return true;
  } finally {
    trainer.destroy();
  }
}
