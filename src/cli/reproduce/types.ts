import type { Layer } from '../../config/schema';
import type { EvalResult } from '../../engine/evaluation';

/** Sizes that an experiment can be run at: the presets of kind `size`. */
export const SIZES = ['tiny', 'classroom', 'paper'] as const;
export type Size = (typeof SIZES)[number];

/** The paper's tables and figures in its order, then sweeps of our own. */
export const EXPERIMENTS = ['table1', 'table2a', 'table2b', 'table2c', 'table2d', 'figure3', 'figure4', 'factors'] as const;
export type ExperimentId = (typeof EXPERIMENTS)[number];

/** Figures in per cent by column id (`average`, a domain id, or a benchmark id). */
export type Figures = Readonly<Record<string, number>>;

/** One training configuration of an experiment. */
export interface Variant {
  id: string;
  label: string;
  presets: readonly string[];
  changes: Layer;
  /** Variant that it is paired with, seed by seed; left out for those that nothing is compared with. */
  base?: string;
  /** The paper's figures for its first backbone, and for its second where it has one. */
  paper?: Figures;
  second?: Figures;
  /** Domain ids whose accuracy this variant is trained for; all when left out (single-domain training counts only its own). */
  domains?: readonly string[];
  /**
   * A row without runs of its own: the accuracy before training of another variant's runs, or variants that are trained on
   * different `domains` put together, each giving its own columns.
   */
  from?: { base: string } | { parts: readonly string[] };
}

/** A statement of the paper that an experiment tests. */
export interface Claim {
  /** One sentence, in the paper's sense. */
  text: string;
  /**
   * The tested quantity: a sum of weights × variants, seed by seed. `{a: 1, b: -1}` is the difference a − b; a single variant is
   * tested against 0, as for a change over training.
   */
  contrast: Readonly<Record<string, number>>;
  /** Column that it is about. */
  column: string;
  /** Sign of the contrast that the paper reports or argues for. */
  sign: 1 | -1;
  /** The paper's value of the contrast for its first and second backbone, in the column's unit; null when it gives none. */
  paper: number | null;
  second: number | null;
}

/** A column of a table: an accuracy, or a quantity of the diagnostics (`values.ts`). */
export interface Column {
  id: string;
  label: string;
  /** Accuracies are shown in per cent, their differences in points. */
  unit: 'percent' | 'plain';
}

/** A curve of Figure 3. */
export interface Curve {
  /** Name of a metric, or `distance/A/B` for the centroid distance of domains A and B. */
  metric: string;
  label: string;
  /** The paper's value at the start and at the end; null where it gives none. */
  paper: readonly [number, number] | null;
  /** Direction that the paper reports over training; 0 where it reports none. */
  direction: 1 | -1 | 0;
}

/** One table or figure of the paper. */
export interface Experiment {
  id: ExperimentId;
  title: string;
  columns: readonly Column[];
  /** Ids of the columns that the figure draws. */
  panels: readonly string[];
  variants: readonly Variant[];
  claims: readonly Claim[];
  curves: readonly Curve[];
  /** What the paper's figures were measured on: first and second backbone, as they are named in reports. */
  backbones: readonly string[];
  /** Runs must bring `RunRecord.states`. */
  states: boolean;
  /** What differs from the paper, one sentence each. */
  notes: readonly string[];
}

/** Mean hidden states of held-out responses, for Figure 4. */
export interface HeldOutStates {
  /** Domain of each response, by its index in the registry. */
  domain: number[];
  /** Reward of each response. */
  correct: number[];
  /** Mean over the response's tokens of the last hidden state, [response][width]; the length does not matter. */
  hidden: number[][];
}

/** What one finished run left: everything the reports are made from. */
export interface RunRecord {
  variant: string;
  seed: number;
  steps: number;
  /** Rollouts generated in training, those that a filter dropped included. */
  generated: number;
  seconds: number;
  /** Held-out accuracy (0 to 1) before training, after it at the evaluation temperature, and after it greedily. */
  base: EvalResult;
  sampled: EvalResult;
  greedy: EvalResult;
  /** Metrics by name, one value for each training step; null where there is no data. */
  curves: Record<string, (number | null)[]>;
  /** 1 − cosine between domain centroids, averaged over the first and the last tenth of the steps; null where there is no data. */
  centroids: { start: (number | null)[][]; end: (number | null)[][] };
  /** Read-out of correctness from pooled hidden states of held-out responses; null where a class is missing. */
  probe: { auc: number | null; samples: number };
  /** Only where the experiment asks for them. */
  states?: HeldOutStates;
}

/** Where results come from. */
export interface Provenance {
  command: string;
  version: string;
  commit: string;
  adapter: string;
  date: string;
  size: string;
  seeds: number;
  steps: number;
}
