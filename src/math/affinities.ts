/** Similarities of points in the original space, as t-SNE takes them (van der Maaten & Hinton 2008). */
import { rowCount, squaredDistance } from './embedding';
import { finish, type Steps } from './steps';

/** Most points: the pairs' similarities take 4 n² bytes. */
export const MAX_POINTS = 2000;

/**
 * The wanted perplexity, or the largest whole one that n points allow (below (n − 1)/3).
 * @throws RangeError for fewer than 5 points, which allow none
 */
export function choosePerplexity(n: number, wanted = 30): number {
  const largest = Math.ceil((n - 1) / 3) - 1;
  if (largest < 1) throw new RangeError(`invalid number of points for t-SNE: ${n} (5 to ${MAX_POINTS})`);
  return Math.min(wanted, largest);
}

/** Place of the pair i < j among n(n − 1)/2. */
const pairAt = (n: number, i: number, j: number) => i * n - (i * (i + 1)) / 2 + j - i - 1;

/** Row of p_{j|i} ∝ exp(−b d_ij) whose entropy is ln(perplexity): b by bisection on a shifted, never overflowing exponent. */
function conditional(distance: Float64Array, i: number, perplexity: number, out: Float64Array): void {
  const n = distance.length;
  let nearest = Number.POSITIVE_INFINITY;
  let mean = 0;
  for (let j = 0; j < n; j++) {
    if (j === i) continue;
    nearest = Math.min(nearest, distance[j]);
    mean += distance[j] / (n - 1);
  }
  let [b, low, high] = [mean > nearest ? 1 / (mean - nearest) : 1, 0, 0];
  for (let step = 0; step < 100; step++) {
    let total = 0;
    let weighted = 0;
    for (let j = 0; j < n; j++) {
      const e = j === i ? 0 : Math.exp(-b * (distance[j] - nearest));
      out[j] = e;
      total += e;
      weighted += e * (distance[j] - nearest);
    }
    for (let j = 0; j < n; j++) out[j] /= total;
    const excess = Math.log(total) + (b * weighted) / total - Math.log(perplexity);
    if (Math.abs(excess) < 1e-10) return;
    if (excess > 0) low = b;
    else high = b;
    b = high === 0 ? 2 * b : (low + high) / 2;
  }
}

/** `similarities` in steps, a row in each. @throws RangeError as `similarities` */
export function* similaritySteps(rows: ArrayLike<number>, width: number, perplexity: number): Steps<Float64Array> {
  const n = rowCount(rows, width);
  if (n > MAX_POINTS) throw new RangeError(`invalid number of points for t-SNE: ${n} (5 to ${MAX_POINTS})`);
  if (!(perplexity >= 1 && perplexity < (n - 1) / 3))
    throw new RangeError(
      `invalid perplexity: ${perplexity} (at least 1 and below (N − 1)/3 = ${((n - 1) / 3).toFixed(2)}, N = ${n})`,
    );
  const p = new Float64Array((n * (n - 1)) / 2);
  const distance = new Float64Array(n);
  const row = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) distance[j] = squaredDistance(rows, width, i, j);
    conditional(distance, i, perplexity, row);
    for (let j = 0; j < n; j++) if (j !== i) p[pairAt(n, Math.min(i, j), Math.max(i, j))] += row[j] / (2 * n);
    yield (i + 1) / n;
  }
  return p;
}

/**
 * Symmetrised similarities p_ij = (p_{j|i} + p_{i|j}) / 2n of the pairs i < j, f64[n(n − 1)/2]; they sum to a half. More equal rows
 * than the perplexity asks for share their similarity evenly.
 * @throws RangeError unless 1 ≤ perplexity < (n − 1)/3 and n ≤ MAX_POINTS
 */
export function similarities(rows: ArrayLike<number>, width: number, perplexity: number): Float64Array {
  return finish(similaritySteps(rows, width, perplexity));
}
