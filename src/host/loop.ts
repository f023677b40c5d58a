import { breathe } from '../engine/breathe';
import type { EvalResult } from '../engine/evaluation';
import type { StepMetrics } from '../engine/metricsRing';
import type { Trainer } from '../engine/trainer';

/** What the loop tells and asks; it waits for what a hook returns. */
export interface LoopHooks {
  /** New steps of every run, [run][step], and the pace. */
  onSteps(steps: StepMetrics[][], stepsPerSecond: number): void | Promise<void>;
  onEvaluating?(done: number): void;
  onEval(step: number, results: EvalResult[]): void | Promise<void>;
  /** Asked between submissions. */
  shouldStop(): boolean;
  /** Seconds, from any start. */
  now(): number;
  /** Least seconds per step; left out or 0: as fast as it goes. */
  pace?(): number;
}

/** Longest sleep of a slowed loop: how soon it notices a stop or another pace. */
const NAP_SECONDS = 0.05;

async function slowDown(start: number, { now, pace, shouldStop }: LoopHooks): Promise<void> {
  while (pace && !shouldStop()) {
    const rest = pace() - (now() - start);
    if (rest <= 0) return;
    await new Promise((wake) => setTimeout(wake, 1000 * Math.min(rest, NAP_SECONDS)));
  }
}

/** How far and in what portions the loop trains. */
export interface LoopOptions {
  /** Total steps to reach. */
  steps: number;
  /** Steps between evaluations; 0: only before a fresh run and after the last step; null: none at all. */
  evalEvery: number | null;
  /** Aim for the time of one submission, seconds: it bounds how long a stop or a picture waits. */
  submissionSeconds: number;
}

/** A sentence about the first of these steps that had nothing to train on; undefined when all had. */
export function emptyNote(steps: readonly StepMetrics[]): string | undefined {
  const empty = steps.find(({ metrics }) => (metrics['gradient/empty'] ?? 0) > 0);
  return (
    empty && `step ${empty.step} found no group with a correct and a wrong rollout within sampler.rounds: an update was skipped`
  );
}

/**
 * Trains until `steps` are done or a stop is asked for. Several steps go into one submission; the number adapts to the pace and
 * has no influence on the results.
 * @returns true when it reached the end
 */
export async function trainingLoop(trainer: Trainer, o: LoopOptions, hooks: LoopHooks): Promise<boolean> {
  const { steps, evalEvery } = o;
  const evaluate = async (): Promise<boolean> => {
    const at = trainer.stepsDone;
    const results = await trainer.evaluate((done) => {
      hooks.onEvaluating?.(done);
      return !hooks.shouldStop();
    });
    if (results) await hooks.onEval(at, results);
    return results !== null;
  };
  /** An evaluation is due here and has not been made, or was interrupted. */
  const evaluationDue = () => {
    const at = trainer.stepsDone;
    if (evalEvery === null || trainer.evaluatedAt === at) return false;
    return at === 0 || at === steps || (evalEvery > 0 && at % evalEvery === 0);
  };
  let stride = 1;
  while (true) {
    if (hooks.shouldStop()) return false;
    if (evaluationDue() && !(await evaluate())) return false;
    const at = trainer.stepsDone;
    if (at >= steps) return true;
    const nextEval = evalEvery ? (Math.floor(at / evalEvery) + 1) * evalEvery : steps;
    const count = hooks.pace?.() ? 1 : Math.min(stride, trainer.maxStride, steps - at, nextEval - at);
    const start = hooks.now();
    const metrics = await trainer.step(count);
    const seconds = Math.max(1e-6, hooks.now() - start);
    stride = Math.max(1, Math.min(2 * stride, Math.floor((o.submissionSeconds * count) / seconds)));
    await hooks.onSteps(metrics, count / seconds);
    await slowDown(start, hooks);
    await breathe();
  }
}
