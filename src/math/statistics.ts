/** Statistics of the reports: means with t-intervals, paired differences, sign-flip permutation tests, Holm's correction. */
import { randomBits, STREAM } from './random';
import { studentQuantile } from './studentT';

/** A sample in short. */
export interface Summary {
  n: number;
  /** Null without values. */
  mean: number | null;
  /** Half-width of the confidence interval mean ± halfWidth; null for n < 2. */
  halfWidth: number | null;
}

/** Differences of pairs, value − base. */
export interface PairedSummary extends Summary {
  differences: number[];
  /** Two-sided p of the sign-flip test; null without pairs. */
  p: number | null;
}

/** Most non-zero differences whose 2ⁿ sign patterns are all tried. */
export const EXACT_PAIRS = 16;
/** Random sign patterns beyond that. */
export const PERMUTATIONS = 100_000;

function demandFinite(values: readonly number[]): void {
  const at = values.findIndex((x) => !Number.isFinite(x));
  if (at >= 0) throw new RangeError(`invalid value ${at}: ${values[at]} (a finite number)`);
}

/** Arithmetic mean; null without values. @throws RangeError for a value that is not finite */
export function mean(values: readonly number[]): number | null {
  demandFinite(values);
  return values.length ? values.reduce((sum, x) => sum + x, 0) / values.length : null;
}

/** Sample standard deviation (n − 1 in the denominator); null for n < 2. @throws RangeError for a value that is not finite */
export function deviation(values: readonly number[]): number | null {
  const centre = mean(values);
  if (centre === null || values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (values.length - 1));
}

/**
 * Mean and Student t-interval: halfWidth = t(1 − (1 − confidence)/2, n − 1) · s / √n.
 * @throws RangeError for a value that is not finite, or a confidence outside (0, 1)
 */
export function interval(values: readonly number[], confidence = 0.95): Summary {
  const s = deviation(values);
  const n = values.length;
  return {
    n,
    mean: mean(values),
    halfWidth: s === null ? null : (studentQuantile((1 + confidence) / 2, n - 1) * s) / Math.sqrt(n),
  };
}

/** What `signFlip` needs beyond the differences. */
export interface SignFlipOptions {
  /** Most non-zero differences for exact enumeration, at most 24; EXACT_PAIRS when left out. */
  exact?: number;
  /** Random sign patterns beyond; PERMUTATIONS when left out. */
  draws?: number;
  seed?: number;
}

/**
 * Paired permutation test: two-sided p of the differences' sum when each sign is a fair coin (Fisher 1935). Up to `exact` non-zero
 * differences all 2ⁿ patterns are tried: p = share of patterns whose |sum| is at least the observed one, itself among them. Beyond,
 * p = (1 + hits) / (1 + draws) over seeded random patterns, which is never 0. Zero differences have no sign and change nothing;
 * sums that agree to a relative 1e-9 of Σ|d| are ties and count as hits. Null without differences; 1 when all are zero.
 * The smallest p of n pairs is 2^(1 − n). @throws RangeError for a difference that is not finite
 */
export function signFlip(differences: readonly number[], options: SignFlipOptions = {}): number | null {
  const { exact = EXACT_PAIRS, draws = PERMUTATIONS, seed = 0 } = options;
  demandFinite(differences);
  if (!differences.length) return null;
  const d = differences.filter((x) => x !== 0);
  const n = d.length;
  const size = d.reduce((sum, x) => sum + Math.abs(x), 0);
  const observed = Math.abs(d.reduce((sum, x) => sum + x, 0)) - 1e-9 * size;
  let hits = 0;
  if (n <= Math.min(exact, 24)) {
    // Gray code: pattern i + 1 differs from pattern i in one sign. The first difference keeps its sign: |sum| is symmetric.
    const sign = d.map(() => 1);
    const patterns = 2 ** Math.max(0, n - 1);
    for (let i = 0; i < patterns; i++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += sign[k] * d[k];
      if (Math.abs(sum) >= observed) hits++;
      const flip = 32 - Math.clz32((i + 1) & -(i + 1));
      if (flip < n) sign[flip] = -sign[flip];
    }
    return hits / patterns;
  }
  for (let i = 0; i < draws; i++) {
    let sum = 0;
    let bits = 0;
    for (let k = 0; k < n; k++) {
      if (k % 32 === 0) bits = randomBits(seed, STREAM.analysis, i, k / 32);
      sum += (bits >>> (k % 32)) & 1 ? d[k] : -d[k];
    }
    if (Math.abs(sum) >= observed) hits++;
  }
  return (1 + hits) / (1 + draws);
}

/**
 * Differences values[i] − base[i] with their t-interval and the sign-flip test.
 * @throws RangeError when the lengths differ or a value is not finite
 */
export function paired(
  values: readonly number[],
  base: readonly number[],
  options: SignFlipOptions & { confidence?: number } = {},
): PairedSummary {
  if (values.length !== base.length)
    throw new RangeError(`invalid pairs: ${values.length} values against ${base.length} (as many)`);
  const differences = values.map((x, i) => x - base[i]);
  return { ...interval(differences, options.confidence), differences, p: signFlip(differences, options) };
}

/**
 * Holm's step-down correction (1979): adjusted p-values in the given order; rejecting those of at most α keeps the chance of any
 * false rejection among all of them at α. @throws RangeError for a p outside [0, 1]
 */
export function holm(p: readonly number[]): number[] {
  const bad = p.find((x) => !(x >= 0 && x <= 1));
  if (bad !== undefined) throw new RangeError(`invalid p: ${bad} (0 to 1)`);
  const out = p.slice();
  let least = 0;
  p.map((value, i) => ({ value, i }))
    .sort((a, b) => a.value - b.value || a.i - b.i)
    .forEach(({ value, i }, rank) => {
      least = Math.max(least, Math.min(1, value * (p.length - rank)));
      out[i] = least;
    });
  return out;
}
