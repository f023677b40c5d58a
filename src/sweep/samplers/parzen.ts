/** Mixtures of products of kernels, one kernel an observation and a prior last: the densities of tree-structured Parzen estimators. */
import { logNormalMass, logNormalPdf, truncatedQuantile } from '../../math/truncatedNormal';
import type { ChoiceDimension, NumericDimension } from './dimension';

/** A normal cut to the dimension's ends; uniform between them when `sigma` is infinite. */
export interface NumericKernel {
  mu: number;
  sigma: number;
}

/** The kernels of one dimension, as many as the mixture has weights. */
export type Kernels =
  | { dimension: NumericDimension; kernels: readonly NumericKernel[] }
  /** Probabilities of the choices. */
  | { dimension: ChoiceDimension; kernels: readonly (readonly number[])[] };

export const isNumeric = (k: Kernels): k is Extract<Kernels, { dimension: NumericDimension }> => k.dimension.kind === 'numeric';

export interface Mixture {
  /** They sum to 1. */
  weights: readonly number[];
  parts: readonly Kernels[];
}

/** A source of numbers in (0, 1). */
export interface Chance {
  unit(): number;
}

/** The first index at which the running sum of the weights exceeds the share `u` of their total. */
export function drawIndex(weights: readonly number[], u: number): number {
  let rest = u * weights.reduce((a, b) => a + b, 0);
  for (let i = 0; i < weights.length - 1; i++) {
    rest -= weights[i];
    if (rest < 0) return i;
  }
  return weights.length - 1;
}

/** ln mass of a kernel between two coordinates, before it is cut. */
const logMassOf = ({ mu, sigma }: NumericKernel, from: number, to: number): number =>
  sigma === Infinity ? Math.log(to - from) : logNormalMass((from - mu) / sigma, (to - mu) / sigma);

/** ln density (of cells: ln probability) of coordinate x under each kernel. */
function logDensities(part: Kernels): (x: number) => readonly number[] {
  if (!isNumeric(part)) return (x) => part.kernels.map((p) => Math.log(p[x]));
  const { dimension, kernels } = part;
  const { low, high, cell } = dimension;
  const whole = kernels.map((k) => logMassOf(k, low, high));
  if (cell)
    return (x) => {
      const [from, to] = cell(x);
      return kernels.map((k, i) => logMassOf(k, from, to) - whole[i]);
    };
  return (x) =>
    kernels.map((k, i) => {
      if (k.sigma === Infinity) return -whole[i];
      return logNormalPdf((x - k.mu) / k.sigma) - Math.log(k.sigma) - whole[i];
    });
}

/** ln density of points of coordinates, one a part. */
export function logDensityOf({ weights, parts }: Mixture): (x: readonly number[]) => number {
  const logWeights = weights.map(Math.log);
  const densities = parts.map(logDensities);
  return (x) => {
    const terms = logWeights.slice();
    densities.forEach((of, d) => of(x[d]).forEach((value, i) => (terms[i] += value)));
    const most = terms.reduce((a, b) => Math.max(a, b), -Infinity);
    return most === -Infinity ? most : most + Math.log(terms.reduce((sum, t) => sum + Math.exp(t - most), 0));
  };
}

function drawNumeric({ mu, sigma }: NumericKernel, { low, high }: NumericDimension, u: number): number {
  if (sigma === Infinity) return low + u * (high - low);
  const x = mu + sigma * truncatedQuantile(u, (low - mu) / sigma, (high - mu) / sigma);
  return Math.min(high, Math.max(low, x));
}

/** A point of coordinates: a kernel by its weight, then each dimension from that kernel. */
export function drawFrom({ weights, parts }: Mixture, chance: Chance): number[] {
  const i = drawIndex(weights, chance.unit());
  return parts.map((part) =>
    isNumeric(part) ? drawNumeric(part.kernels[i], part.dimension, chance.unit()) : drawIndex(part.kernels[i], chance.unit()),
  );
}

/** Of `candidates` points drawn from `good`, the one where good's density exceeds bad's the most: the greatest expected improvement. */
export function bestCandidate(good: Mixture, bad: Mixture, candidates: number, chance: Chance): number[] {
  const [inGood, inBad] = [logDensityOf(good), logDensityOf(bad)];
  let best: number[] = [];
  let most = Number.NaN;
  for (let i = 0; i < candidates; i++) {
    const x = drawFrom(good, chance);
    const gain = inGood(x) - inBad(x);
    if (i > 0 && !(gain > most)) continue;
    best = x;
    most = gain;
  }
  return best;
}
