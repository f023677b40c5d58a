import type { Config } from '../config/schema';
import type { EvalResult } from '../engine/evaluation';
import type { StepMetrics } from '../engine/metricsRing';

export type { EvalResult, StepMetrics };

/** What the page asks of the engine's worker. */
export type Command =
  /** Builds a new run; whatever ran before is dropped. `checkpoint`: bytes of a training checkpoint to go on from. */
  | { type: 'open'; config: Config; backend: 'auto' | 'webgpu' | 'cpu'; checkpoint?: Uint8Array<ArrayBuffer> }
  | { type: 'play' }
  | { type: 'pause' }
  /** One training step. */
  | { type: 'step' }
  | { type: 'evaluate' }
  /** Asks for the run's checkpoint; answered by `checkpoint`. */
  | { type: 'save' };

/** One rollout in words. */
export interface RolloutText {
  domain: string;
  column: string;
  prompt: string;
  response: string;
  /** The verifier's verdict: accepted or not, and why. */
  correct: boolean;
  reason: string;
  advantage: number;
}

/** The current pool: embeddings reduced to two principal components. */
export interface PoolPicture {
  /** [N, 2] principal coordinates of the unit embeddings; null without a projection head. */
  points: Float32Array | null;
  /** Share of the variance on each of the two axes. */
  explained: [number, number];
  domain: Uint32Array;
  reward: Float32Array;
}

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
      parameters: number;
      flopsPerStep: number;
    }
  | { type: 'status'; status: Status }
  /** Something the user should know: a fall-back, a warm start that must come first. */
  | { type: 'notice'; text: string }
  /** Preparation or evaluation under way: share done, 0 to 1. */
  | { type: 'progress'; what: string; done: number }
  | { type: 'steps'; steps: StepMetrics[]; stepsPerSecond: number }
  | { type: 'picture'; step: number; pool: PoolPicture; rollouts: RolloutText[] }
  | { type: 'evaluation'; step: number; result: EvalResult }
  | { type: 'checkpoint'; bytes: Uint8Array<ArrayBuffer>; step: number }
  /** `fatal`: the run cannot go on; what was reached is kept and can be saved or reopened. */
  | { type: 'error'; text: string; fatal: boolean };
