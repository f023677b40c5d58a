/** How logits, weights and margins are spread over the pool's pairs: histograms with fixed bins, quantiles for bands over time. */
import type { ContrastSwitches } from '../../math/contrastTypes';
import type { Labels } from './pool';
import { KIND, ROLE } from './roles';
import type { Terms } from './terms';

/** Quantiles that are given. */
export const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** A sample in short; null where there is no data. */
export interface Distribution {
  count: number;
  mean: number | null;
  /** At QUANTILES, interpolated between neighbours in order. */
  quantiles: number[] | null;
  /** u32[bins]: counts in equal bins from `from` to `to`; the last holds `to` itself. */
  bins: Uint32Array;
  from: number;
  to: number;
}

/** Figure 3 of the paper as whole distributions, over ordered pairs (correct anchor, partner). */
export interface Distributions {
  step: number;
  /** S_ij by role, from −1/τ to 1/τ. */
  logit: { crossPositive: Distribution; inDomainPositive: Distribution; negative: Distribution };
  /** Compatibility (5) of cross-domain positive pairs, 0 to 1. */
  weight: Distribution;
  /** Of each anchor: mean logit of its cross-domain positives − mean logit of its negatives, from −2/τ to 2/τ. */
  margin: Distribution;
}

/** What the distributions depend on. */
export interface DistributionOptions {
  tau: number;
  scope?: ContrastSwitches['scope'];
  weightMap?: ContrastSwitches['weightMap'];
  /** Verifier's reward when left out. */
  labels?: Labels;
  /** 64 when left out. */
  bins?: number;
}

/** Values in a distribution; they are sorted in place. */
export function distribution(values: Float64Array, from: number, to: number, bins: number): Distribution {
  const counts = new Uint32Array(bins);
  let sum = 0;
  for (const x of values) {
    sum += x;
    counts[Math.min(bins - 1, Math.max(0, Math.floor(((x - from) / (to - from)) * bins)))]++;
  }
  values.sort();
  const last = values.length - 1;
  const quantile = (q: number) => {
    const at = q * last;
    const below = values[Math.floor(at)];
    return below + (at - Math.floor(at)) * (values[Math.min(last, Math.floor(at) + 1)] - below);
  };
  return {
    count: values.length,
    mean: values.length ? sum / values.length : null,
    quantiles: values.length ? QUANTILES.map(quantile) : null,
    bins: counts,
    from,
    to,
  };
}

/** @throws RangeError for a number of bins outside 1 to 1000 */
export function distributions(terms: Terms, step: number, bins = 64): Distributions {
  if (!Number.isInteger(bins) || bins < 1 || bins > 1000) throw new RangeError(`invalid number of bins: ${bins} (1 to 1000)`);
  const { n } = terms.pool;
  const most = 1 / terms.options.tau;
  const size = new Uint32Array(5);
  for (let i = 0; i < n; i++) {
    if (terms.kind[i] !== KIND.correct) continue;
    for (let j = 0; j < n; j++) size[terms.role(i, j)]++;
  }
  const logit = Array.from(size, (count) => new Float64Array(count));
  const weight = new Float64Array(size[ROLE.cross]);
  const margin: number[] = [];
  const at = new Uint32Array(5);
  for (let i = 0; i < n; i++) {
    if (terms.kind[i] !== KIND.correct) continue;
    const sum = new Float64Array(5);
    const count = new Uint32Array(5);
    for (let j = 0; j < n; j++) {
      const role = terms.role(i, j);
      const s = terms.logit(i, j);
      if (role === ROLE.cross) weight[at[role]] = terms.weight(i, j);
      logit[role][at[role]++] = s;
      sum[role] += s;
      count[role]++;
    }
    if (count[ROLE.cross] && count[ROLE.negative])
      margin.push(sum[ROLE.cross] / count[ROLE.cross] - sum[ROLE.negative] / count[ROLE.negative]);
  }
  const ofLogits = (role: number) => distribution(logit[role], -most, most, bins);
  return {
    step,
    logit: {
      crossPositive: ofLogits(ROLE.cross),
      inDomainPositive: ofLogits(ROLE.inDomain),
      negative: ofLogits(ROLE.negative),
    },
    weight: distribution(weight, 0, 1, bins),
    margin: distribution(Float64Array.from(margin), -2 * most, 2 * most, bins),
  };
}
