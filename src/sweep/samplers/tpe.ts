/**
 * Tree-structured Parzen estimators as they were published (Bergstra, Bardenet, Bengio & Kégl 2011, section 4), field by field: the best
 * 0.15 of the observations are good; a density is an equal mixture of the uniform prior and one cut normal an observation, as wide as
 * the distance to the farther of its neighbours, the ends of the range among them; of a choice with N values, value i has the
 * probability ∝ N · 1/N + (times it was observed). What the paper calls a reasonable range of widths is range / min(100, 1 + n) to range.
 */
import type { Sampler, SweepSpec } from '../types';
import { clipped, neighbourDistances } from './bandwidths';
import type { Dimension } from './dimension';
import type { Observation } from './observations';
import type { Kernels, Mixture } from './parzen';
import { parzenSampler } from './parzenSampler';

/** Share of the observations that are good. */
const GOOD_SHARE = 0.15;

/** A field's density, the prior last. */
export function tpeMixture([dimension]: readonly Dimension[], observations: readonly Observation[]): Mixture {
  const xs = observations.map((o) => o.x[0]);
  const n = xs.length;
  const prior = dimension.kind === 'choice' ? dimension.count : 1;
  let part: Kernels;
  if (dimension.kind === 'choice') {
    const row = (p: (i: number) => number) => Array.from({ length: dimension.count }, (_, i) => p(i));
    part = { dimension, kernels: [...xs.map((x) => row((i) => (i === x ? 1 : 0))), row(() => 1 / dimension.count)] };
  } else {
    const { low, high } = dimension;
    const sigmas = clipped(neighbourDistances(xs, low, high, true), high - low, n);
    part = { dimension, kernels: [...xs.map((mu, i) => ({ mu, sigma: sigmas[i] })), { mu: (low + high) / 2, sigma: Infinity }] };
  }
  return { weights: [...xs.map(() => 1 / (n + prior)), prior / (n + prior)], parts: [part] };
}

/** @throws Error when the specification asks for another sampler */
export function tpeSampler(spec: SweepSpec): Sampler {
  const { sampler } = spec;
  if (sampler.kind !== 'tpe') throw new Error(`invalid sampler: ${sampler.kind} (tpe)`);
  return parzenSampler(spec, { ...sampler, joint: false, good: (n) => Math.ceil(GOOD_SHARE * n), mixtureOf: tpeMixture });
}
