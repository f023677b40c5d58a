/**
 * What Optuna's `TPESampler` does by its defaults (Optuna 4): ⌈n/10⌉ and at most 25 good observations; older ones of more than 25 weigh
 * less; a normal prior as wide as the range with weight 1; bandwidths from neighbours without the ends, or, `multivariate`, from the
 * number of observations and fields; every bandwidth at least range / min(100, 2 + n). Equal in law, not draw by draw: the random
 * numbers are this program's.
 */
import type { Sampler, SweepSpec } from '../types';
import { clipped, neighbourDistances } from './bandwidths';
import type { ChoiceDimension, Dimension, NumericDimension } from './dimension';
import type { Observation } from './observations';
import type { Kernels, Mixture, NumericKernel } from './parzen';
import { parzenSampler } from './parzenSampler';

/** Newest observations of full weight, and most good ones. */
const RECENT = 25;

/** How many of n observations are good. */
export const optunaGood = (n: number): number => Math.min(Math.ceil(0.1 * n), RECENT);

/** Weights of n observations, oldest first: the last 25 weigh 1, those before rise evenly from 1/n to 1. */
export function optunaWeights(n: number): number[] {
  const ramp = Math.max(0, n - RECENT);
  const rise = (i: number) => (ramp > 1 ? 1 / n + (i / (ramp - 1)) * (1 - 1 / n) : 1 / n);
  return Array.from({ length: n }, (_, i) => (i < ramp ? rise(i) : 1));
}

function numericKernels({ low, high }: NumericDimension, xs: readonly number[], jointOf: number | null): NumericKernel[] {
  const range = high - low;
  const centre = (low + high) / 2;
  const sigmas =
    jointOf === null
      ? neighbourDistances([...xs, centre], low, high, false).slice(0, xs.length)
      : xs.map(() => 0.2 * xs.length ** (-1 / (jointOf + 4)) * range);
  const clip = clipped(sigmas, range, xs.length + 1);
  return [...xs.map((mu, i) => ({ mu, sigma: clip[i] })), { mu: centre, sigma: range }];
}

/** (1/k + [i observed]) in proportion, k kernels in all. */
function choiceKernels({ count }: ChoiceDimension, xs: readonly number[]): number[][] {
  const kernels = xs.length + 1;
  const row = (x: number | null) => {
    const total = count / kernels + (x === null ? 0 : 1);
    return Array.from({ length: count }, (_, i) => (1 / kernels + (i === x ? 1 : 0)) / total);
  };
  return [...xs.map(row), row(null)];
}

/** Density of some fields together, the prior last; observations oldest first. */
export function optunaMixture(
  dimensions: readonly Dimension[],
  observations: readonly Observation[],
  multivariate: boolean,
): Mixture {
  const varied = dimensions.filter((d) => d.kind === 'numeric' || d.count > 1).length;
  const weights = [...optunaWeights(observations.length), 1];
  const total = weights.reduce((a, b) => a + b, 0);
  const parts = dimensions.map((dimension, d): Kernels => {
    const xs = observations.map((o) => o.x[d]);
    return dimension.kind === 'numeric'
      ? { dimension, kernels: numericKernels(dimension, xs, multivariate ? varied : null) }
      : { dimension, kernels: choiceKernels(dimension, xs) };
  });
  return { weights: weights.map((w) => w / total), parts };
}

/** @throws Error when the specification asks for another sampler */
export function optunaSampler(spec: SweepSpec): Sampler {
  const { sampler } = spec;
  if (sampler.kind !== 'optuna') throw new Error(`invalid sampler: ${sampler.kind} (optuna)`);
  return parzenSampler(spec, {
    ...sampler,
    joint: sampler.multivariate,
    good: optunaGood,
    mixtureOf: (dimensions, observations) => optunaMixture(dimensions, observations, sampler.multivariate),
  });
}
