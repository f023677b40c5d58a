import type { Layer } from '../../config/schema';
import type { EvalResult } from '../../engine/evaluation';

/** One training configuration of an experiment. */
export interface Variant {
  id: string;
  label: string;
  presets: readonly string[];
  changes: Layer;
  /** Variant that it is paired with, seed by seed; left out for those that nothing is compared with. */
  base?: string;
  /** The paper's figures in per cent, by column id (`average`, a domain id, or a benchmark id). */
  paper?: Readonly<Record<string, number>>;
  /** Domain ids whose accuracy this variant is trained for; all when left out (single-domain training counts only its own). */
  domains?: readonly string[];
}

/** A statement of the paper that an experiment tests. */
export interface Claim {
  /** One sentence, in the paper's sense. */
  text: string;
  variant: string;
  against: string;
  /** Column that it is about. */
  column: string;
  /** Sign that the paper reports for variant − against. */
  sign: 1 | -1;
  /** The paper's difference in points; null when it gives none. */
  paper: number | null;
}

/** A column of a table: an accuracy. */
export interface Column {
  id: string;
  label: string;
}

/** One table or figure of the paper. */
export interface Experiment {
  id: 'table1' | 'table2a' | 'table2b' | 'table2c' | 'table2d' | 'figure3' | 'figure4';
  title: string;
  columns: readonly Column[];
  variants: readonly Variant[];
  claims: readonly Claim[];
  /** What differs from the paper, one sentence each. */
  notes: readonly string[];
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
