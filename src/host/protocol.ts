import type { Config } from '../config/schema';
import type { Counterfactual } from '../engine/counterfactual';
import type { EvalResult } from '../engine/evaluation';
import type { Frame } from '../engine/frame';
import type { Interference } from '../engine/interference';
import type { StepMetrics } from '../engine/metricsRing';

export type { Config, Counterfactual, EvalResult, Frame, Interference, StepMetrics };

/** Bytes of a checkpoint file. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** What the page wants to know of one run (by its place in the fleet), now. */
export type Question =
  /** The pool of the last mini-batch; null before the first step. */
  | { kind: 'frame'; run: number }
  /** Fresh responses to the same held-out prompts every time: `prompts` of each benchmark, `samples` responses each. */
  | { kind: 'heldOut'; run: number; prompts: number; samples: number }
  | { kind: 'interference'; run: number }
  /** The next step on a frozen batch, under each of these configurations. */
  | { kind: 'counterfactual'; run: number; variants: Config[] }
  | { kind: 'checkpoint'; run: number };

/** What each question is answered with. */
export interface Answers {
  frame: Frame | null;
  heldOut: Frame;
  /** Of the last update, after `step` steps. */
  interference: Interference & { step: number };
  counterfactual: Counterfactual;
  checkpoint: { bytes: Bytes; step: number };
}

/** What the page asks of the engine's worker. */
export type Command =
  /**
   * Builds a new fleet; whatever ran before is dropped. `checkpoints`: bytes to go on from, one per run or one for all; training
   * checkpoints resume exactly where they were.
   */
  | { type: 'open'; configs: Config[]; backend: 'auto' | 'webgpu' | 'cpu'; checkpoints?: Bytes[] }
  | { type: 'play' }
  | { type: 'pause' }
  /** One training step. */
  | { type: 'step' }
  | { type: 'evaluate' }
  /** At least this many seconds per step; 0 for as fast as it goes. */
  | { type: 'pace'; secondsPerStep: number }
  /** Frames of this run come while it trains, at most one in `seconds`; null: none. */
  | { type: 'watch'; run: number | null; seconds: number }
  /** Checkpoints now, announced by `kept`. */
  | { type: 'keep' }
  /** Answered by `answer` or `refusal` with the same id, in the middle of training too. */
  | { type: 'ask'; id: number; question: Question };

/** What the session is doing. */
export type Status = 'preparing' | 'paused' | 'training' | 'evaluating' | 'finished' | 'failed';

/** What the worker tells the page. */
export type Event =
  | {
      type: 'opened';
      backend: 'webgpu' | 'cpu';
      adapter: string;
      step: number;
      steps: number;
      runs: number;
      /** Of one run. */
      parameters: number;
      flopsPerStep: number;
    }
  | { type: 'status'; status: Status }
  /** Something the user should know: a fall-back, a warm start that must come first. */
  | { type: 'notice'; text: string }
  /** Preparation or evaluation under way: share done, 0 to 1. */
  | { type: 'progress'; what: string; done: number }
  /** By run, then step; every run has the same steps. */
  | { type: 'steps'; steps: StepMetrics[][]; stepsPerSecond: number }
  | { type: 'frame'; frame: Frame }
  /** By run. */
  | { type: 'evaluation'; step: number; results: EvalResult[] }
  /** Checkpoints of all runs after `step` steps, now and then and whenever training stops. */
  | { type: 'kept'; step: number; checkpoints: Bytes[] }
  | { type: 'answer'; id: number; answer: Answers[keyof Answers] }
  | { type: 'refusal'; id: number; text: string }
  /** `fatal`: the fleet cannot go on; what was reached is kept. */
  | { type: 'error'; text: string; fatal: boolean };
