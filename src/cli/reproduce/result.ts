import type { Summary } from '../../math/statistics';
import type { Claim, Column, Curve, ExperimentId, Figures } from './types';

/** How responses were drawn: at the evaluation temperature, or greedily. Diagnostics have the first only. */
export type Measure = 'sampled' | 'greedy';
export const MEASURES: readonly Measure[] = ['sampled', 'greedy'];

/** `supported`, `contradicted`: the interval excludes 0 on the paper's or the other side, and p < .05. */
export type Verdict = 'supported' | 'contradicted' | 'undecided' | 'no data';
export const VERDICTS: readonly Verdict[] = ['supported', 'contradicted', 'undecided', 'no data'];

/** A difference of pairs, or another contrast, over the seeds that all its variants have; null where there is no data. */
export interface Difference extends Summary {
  /** Two-sided p of the exact sign-flip test. */
  p: number | null;
  /** p after Holm's correction over the experiment: over its claims, or over its table of differences. */
  holm: number | null;
}

/** Something for each column, by column id. */
export type ByColumn<T> = Record<string, T>;

/** Means and 95 % t-intervals over seeds of one variant, in the columns' units. */
export interface Row {
  variant: string;
  label: string;
  seeds: number[];
  /** In the figure: not for runs on part of the domains, which stand in a row that joins them. */
  drawn: boolean;
  /** Rollouts generated a step and seconds a run, means over its runs; null for a row without runs of its own. */
  cost: { rollouts: number; seconds: number } | null;
  sampled: ByColumn<Summary>;
  greedy: ByColumn<Summary>;
  paper: Figures;
  second: Figures;
}

/** Paired differences of one variant to its base, in the columns' units. */
export interface DifferenceRow {
  variant: string;
  base: string;
  label: string;
  /** In the figure: not for differences to the accuracy before training, which dwarf the others. */
  drawn: boolean;
  sampled: ByColumn<Difference>;
  greedy: ByColumn<Difference>;
  paper: ByColumn<number | null>;
  second: ByColumn<number | null>;
}

/** A claim with what the runs say about it. */
export interface ClaimResult {
  claim: Claim;
  verdict: Verdict;
  /** One or two sentences: difference, interval, pairs, p, the paper's difference, and what could not have been seen. */
  sentence: string;
  sampled: Difference;
  greedy: Difference;
  /** Effects smaller than this would have gone unnoticed with these pairs: the interval's half-width. */
  detectable: number | null;
}

/** One variant's curve: means and half-widths of 95 % intervals over seeds, at these steps. */
export interface CurveLine {
  variant: string;
  label: string;
  steps: number[];
  mean: (number | null)[];
  halfWidth: (number | null)[];
}

/** A curve of Figure 3 in every variant. */
export interface CurveResult {
  curve: Curve;
  lines: CurveLine[];
}

/** A panel of Figure 4: the t-SNE map of one variant's first seed. */
export interface MapResult {
  variant: string;
  label: string;
  seed: number;
  points: [number, number][];
  /** Domain of each point, by index in the registry. */
  domain: number[];
  /** Of the map against the full space, and neighbour purity in the map; null for too few points. */
  trustworthiness: number | null;
  purity: number | null;
}

/** Everything that the reports of one experiment say. */
export interface Result {
  experiment: ExperimentId;
  title: string;
  columns: readonly Column[];
  panels: readonly string[];
  backbones: readonly string[];
  /** Seeds that any variant has. */
  seeds: number[];
  /** Steps of every run; null without runs. */
  steps: number | null;
  rows: Row[];
  differences: DifferenceRow[];
  claims: ClaimResult[];
  curves: CurveResult[];
  maps: MapResult[];
  notes: readonly string[];
}
