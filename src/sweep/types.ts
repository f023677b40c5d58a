import type { Value } from '../config/fields';
import type { EvalResult } from '../engine/evaluation';

/**
 * Words of a sweep. A **point** is one choice of the swept fields' values; a **trial** is one training of a point with one seed; points
 * are compared on the same seeds. Trials advance in **rounds** of `report` steps; decisions (pruning, new points) fall between rounds and
 * depend on what was measured alone, so that a sweep can be made again from any moment to the same result.
 */

/** Field name that stands for the choice of a method preset; every other name is a key path of the schema. */
export const METHOD = 'method';

/** What a numeric field may be: all of it, or `count` values evenly spread on its scale (both ends included), which a grid needs. */
export interface RangeField {
  field: string;
  from: number;
  to: number;
  scale: 'linear' | 'log';
  integer: boolean;
  count?: number;
}

/** What any field may be, named one by one (at least one value, each once). */
export interface ChoiceField {
  field: string;
  values: readonly Value[];
}

export type SweptField = RangeField | ChoiceField;
export const isRange = (f: SweptField): f is RangeField => 'from' in f;

/** A point's values by field, in the order of the specification. */
export type Assignment = Readonly<Record<string, Value>>;

export type SamplerSpec =
  | { kind: 'grid' }
  | { kind: 'random'; seed: number }
  /** Scrambled by a seeded digital shift unless `seed` is 0. */
  | { kind: 'sobol'; seed: number }
  /** Tree-structured Parzen estimators, field by field (Bergstra et al. 2011). */
  | { kind: 'tpe'; seed: number; startup: number; candidates: number }
  /** Optuna's `TPESampler`: its defaults for gamma, weights, bandwidths; all fields together when `multivariate`. */
  | { kind: 'optuna'; seed: number; startup: number; candidates: number; multivariate: boolean };

export type PrunerSpec =
  | { kind: 'none' }
  /** Worse than the median of what others had at that step; `startup` points come first unjudged, `warmup` steps too. */
  | { kind: 'median'; startup: number; warmup: number }
  /** Asynchronous successive halving: the best 1/`factor` of every rung go on; the first rung is at `min` steps. */
  | { kind: 'asha'; min: number; factor: number }
  | { kind: 'hyperband'; min: number; factor: number }
  /** Significantly worse than the best point on the seeds that both have (one-sided signed-rank test, level `p`). */
  | { kind: 'wilcoxon'; p: number; startup: number };

/** What is best. */
export interface Objective {
  /** A training metric, `reward/mean` …; or of the held-out evaluation: `heldOut/average`, `heldOut/<benchmark>`, `heldOut/domain/<domain>`. */
  metric: string;
  direction: 'max' | 'min';
  /** The last value, or the best over the training. */
  at: 'end' | 'best';
  /** Training metrics are averaged over so many steps before they are compared. */
  window: number;
}

/** When no further trial begins. What is left out does not bound; those under way are trained to their end. */
export interface Budget {
  trials?: number;
  /** Training steps of all trials together. */
  steps?: number;
  /** Of training, pauses not counted. */
  minutes?: number;
}

/** A whole sweep, as JSON holds it once defaults are filled in. */
export interface SweepSpec {
  version: 1;
  name: string;
  /** What all trials have in common: presets, then single fields by key path. */
  presets: readonly string[];
  changes: Assignment;
  fields: readonly SweptField[];
  seeds: readonly number[];
  sampler: SamplerSpec;
  objective: Objective;
  pruner: PrunerSpec;
  budget: Budget;
  /** Most trials side by side in one fleet; the device may allow fewer. */
  places: number;
  /** Steps between two decisions. */
  report: number;
}

export type TrialState = 'waiting' | 'running' | 'finished' | 'pruned' | 'stopped' | 'failed';

/** What is known of a point when decisions are made. */
export interface Standing {
  point: number;
  values: Assignment;
  /** `running` while any of its trials waits or runs; `failed` when none of its ended trials has a value. */
  state: Exclude<TrialState, 'waiting'>;
  /** Mean of the objective over its finished trials; null without any. */
  value: number | null;
  /** By seed: (steps done, what the pruner compares) after each round, ascending. */
  reports: ReadonlyMap<number, readonly (readonly [number, number])[]>;
}

/** Chooses points. Pure: the same number and the same standings give the same point. */
export interface Sampler {
  /**
   * Values of point number `point` (0 first).
   * @param standings of all points before it
   * @returns null when there is no further point
   */
  next(point: number, standings: readonly Standing[]): Assignment | null;
  /** Points there are in all; null when there is no end. */
  readonly size: number | null;
}

/** Ends points early. Pure. */
export interface Pruner {
  /**
   * Asked after a round about every point with running trials, in their order, when all have reported that round.
   * @param point its place in `standings`
   * @returns why it ends, as a sentence without a full stop; null: it goes on
   */
  judge(point: number, standings: readonly Standing[]): string | null;
}

/** Something asked for while a sweep runs; it takes effect between two rounds, and is written down with the round. */
export type Order =
  | { kind: 'budget'; budget: Budget }
  /** Points to try next, before the sampler's own. */
  | { kind: 'add'; points: readonly Assignment[] }
  | { kind: 'stopTrial'; trial: number }
  /** No further trial begins and those under way end. */
  | { kind: 'stop' };

/** A small map of a trial's last pool: one entry a rollout. `domain`: index in the registry. */
export interface TrialMap {
  x: readonly number[];
  y: readonly number[];
  domain: readonly number[];
  correct: readonly boolean[];
}

/** One line of a sweep's journal. */
export type Entry =
  | {
      type: 'sweep';
      spec: SweepSpec;
      /** Of the program, and what it ran on; the journal can only go on on the same backend. */
      version: string;
      backend: string;
      adapter: string;
      /** Bytes of device memory that fleets may take. */
      memory: number;
      /** Milliseconds since 1970. */
      at: number;
    }
  /** `byHand`: asked for by an order, not chosen by the sampler. */
  | { type: 'point'; point: number; values: Assignment; byHand?: true }
  | { type: 'trial'; trial: number; point: number; seed: number }
  /** Metrics of consecutive steps, the first of which is `from`. */
  | { type: 'steps'; trial: number; from: number; metrics: Readonly<Record<string, readonly (number | null)[]>> }
  | { type: 'evaluation'; trial: number; step: number; result: EvalResult }
  | {
      type: 'end';
      trial: number;
      state: 'finished' | 'pruned' | 'stopped' | 'failed';
      step: number;
      value: number | null;
      why: string;
    }
  /** Where the last pool's rollouts lie: their embeddings on the first two principal components. Trials without an embedding have none. */
  | ({ type: 'map'; trial: number } & TrialMap)
  | { type: 'order'; order: Order }
  /** All that was decided after `round` rounds is written; `seconds` of training so far. */
  | { type: 'round'; round: number; seconds: number };

/** What the journal knows of a trial. */
export interface Trial {
  trial: number;
  point: number;
  seed: number;
  state: TrialState;
  /** Steps done. */
  step: number;
  value: number | null;
  why: string;
  /** How many trials had ended before it did; null while it has not. */
  ended: number | null;
  /** Metric → one value a step. */
  curves: Readonly<Record<string, readonly (number | null)[]>>;
  evaluations: readonly { step: number; result: EvalResult }[];
  map: TrialMap | null;
}

/** What a journal says, read to its end. */
export interface SweepState {
  spec: SweepSpec;
  /** As the last order left it. */
  budget: Budget;
  backend: string;
  adapter: string;
  memory: number;
  version: string;
  points: readonly { point: number; values: Assignment; byHand?: true }[];
  trials: readonly Trial[];
  /** Number of the last round; −1 before the first decisions. */
  rounds: number;
  /** Of training, pauses not counted. */
  seconds: number;
  /** Asked to end. */
  stopped: boolean;
  /** Points asked for by hand that have not begun. */
  queue: readonly Assignment[];
}
