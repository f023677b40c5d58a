/**
 * Exact t-SNE to the plane (van der Maaten & Hinton 2008) with the settings of method.md 9: perplexity 30, start from the first two
 * principal components at deviation 1e-4, learning rate max(N/12, 50) (Belkina et al. 2019), 250 iterations with attraction × 12 at
 * momentum 0.5, then 750 at 0.8, per-coordinate gains. The rule N/12 belongs to implementations whose step leaves the factor 4 of
 * the gradient out (FIt-SNE, openTSNE), and so does this one.
 */
import { rowCount, squaredDistance } from './embedding';
import { principalComponents } from './pca';
import { Random, STREAM } from './random';

/** Most points: the pairs' similarities take 4 n² bytes. */
export const MAX_POINTS = 2000;
/** Iterations with exaggerated attraction, and altogether. */
export const EXAGGERATED = 250;
export const ITERATIONS = 1000;
const EXAGGERATION = 12;
const START_DEVIATION = 1e-4;
/** Seeded noise on the start, as a share of its deviation: parts points that are equal. */
const JITTER = 0.01;

/** Settings of a map. */
export interface TsneOptions {
  /** Effective number of neighbours; `choosePerplexity(n)` when left out. */
  perplexity?: number;
  seed?: number;
}

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

/**
 * Symmetrised similarities p_ij = (p_{j|i} + p_{i|j}) / 2n of the pairs i < j, f64[n(n − 1)/2]; they sum to a half. More equal rows
 * than the perplexity asks for share their similarity evenly.
 * @throws RangeError unless 1 ≤ perplexity < (n − 1)/3 and n ≤ MAX_POINTS
 */
export function similarities(rows: ArrayLike<number>, width: number, perplexity: number): Float64Array {
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
  }
  return p;
}

/** KL(P ‖ Q) in nats, q_ij ∝ 1 / (1 + ‖y_i − y_j‖²) over ordered pairs; `p` as `similarities` gives it. */
export function divergence(p: Float64Array, y: Float64Array): number {
  const n = y.length / 2;
  let total = 0;
  let sum = 0;
  for (let i = 0, at = 0; i < n; i++)
    for (let j = i + 1; j < n; j++, at++) {
      const spread = 1 + (y[2 * i] - y[2 * j]) ** 2 + (y[2 * i + 1] - y[2 * j + 1]) ** 2;
      total += 2 / spread;
      if (p[at] > 0) sum += 2 * p[at] * Math.log(p[at] * spread);
    }
  return sum + Math.log(total);
}

/**
 * A quarter of ∂KL/∂y, f64[n, 2]: Σ_j (e p_ij − q_ij) (y_i − y_j) / (1 + ‖y_i − y_j‖²). The gradient itself is 4 times this at e = 1.
 * @param exaggeration e, the factor on the attraction
 */
export function quarterGradient(
  p: Float64Array,
  y: Float64Array,
  exaggeration: number,
  out: Float64Array = new Float64Array(y.length),
): Float64Array {
  const n = y.length / 2;
  const repulsion = new Float64Array(2 * n);
  out.fill(0);
  let total = 0;
  for (let i = 0, at = 0; i < n; i++) {
    const [xi, yi] = [y[2 * i], y[2 * i + 1]];
    let [ax, ay, rx, ry] = [0, 0, 0, 0];
    for (let j = i + 1; j < n; j++, at++) {
      const dx = xi - y[2 * j];
      const dy = yi - y[2 * j + 1];
      const near = 1 / (1 + dx * dx + dy * dy);
      const attract = p[at] * near;
      const repel = near * near;
      total += near;
      ax += attract * dx;
      ay += attract * dy;
      rx += repel * dx;
      ry += repel * dy;
      out[2 * j] -= attract * dx;
      out[2 * j + 1] -= attract * dy;
      repulsion[2 * j] -= repel * dx;
      repulsion[2 * j + 1] -= repel * dy;
    }
    out[2 * i] += ax;
    out[2 * i + 1] += ay;
    repulsion[2 * i] += rx;
    repulsion[2 * i + 1] += ry;
  }
  for (let k = 0; k < out.length; k++) out[k] = exaggeration * out[k] - repulsion[k] / (2 * total);
  return out;
}

/** First two principal components, the largest loading of each axis positive, at deviation 1e-4 on the first; with seeded jitter. */
function start(rows: ArrayLike<number>, width: number, n: number, seed: number): Float64Array {
  const { points, axes } = principalComponents(rows, width);
  const sign = axes.map((axis) => Math.sign(axis.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0)) || 1);
  let square = 0;
  for (let i = 0; i < n; i++) square += points[2 * i] ** 2 / n;
  const scale = square > 0 ? START_DEVIATION / Math.sqrt(square) : 0;
  const random = new Random(seed, STREAM.analysis);
  return Float64Array.from(points, (x, k) => sign[k % 2] * x * scale + JITTER * START_DEVIATION * random.normal());
}

/** A map in the making: `step()` until `done`. Equal rows, perplexity and seed give the same points bit for bit. */
export class TsneMap {
  /** f64[n, 2], centred. */
  readonly points: Float64Array;
  readonly perplexity: number;
  /** Iterations done, of ITERATIONS. */
  iteration = 0;
  private readonly p: Float64Array;
  private readonly rate: number;
  private readonly velocity: Float64Array;
  private readonly gains: Float64Array;
  private readonly gradient: Float64Array;

  /**
   * @param rows f[n, width] with width ≥ 2
   * @throws RangeError for fewer than 5 or more than MAX_POINTS rows, numbers that are not finite, or a perplexity of at least
   * (n − 1)/3 or below 1
   */
  constructor(rows: ArrayLike<number>, width: number, { perplexity, seed = 0 }: TsneOptions = {}) {
    const n = rowCount(rows, width);
    if (width < 2) throw new RangeError(`invalid width for t-SNE: ${width} (at least 2)`);
    this.perplexity = perplexity ?? choosePerplexity(n);
    this.p = similarities(rows, width, this.perplexity);
    this.points = start(rows, width, n, seed);
    this.rate = Math.max(n / EXAGGERATION, 50);
    this.velocity = new Float64Array(2 * n);
    this.gains = new Float64Array(2 * n).fill(1);
    this.gradient = new Float64Array(2 * n);
  }

  get done(): boolean {
    return this.iteration >= ITERATIONS;
  }

  /** KL(P ‖ Q) of the points as they are, in nats, without exaggeration. */
  divergence(): number {
    return divergence(this.p, this.points);
  }

  /** One iteration of gradient descent with momentum and gains (+ 0.2 while the velocity descends, × 0.8 when it does not, at least 0.01). */
  step(): void {
    const { points, velocity, gains, gradient } = this;
    const early = this.iteration++ < EXAGGERATED;
    quarterGradient(this.p, points, early ? EXAGGERATION : 1, gradient);
    const momentum = early ? 0.5 : 0.8;
    const centre = [0, 0];
    for (let k = 0; k < points.length; k++) {
      const agree = gradient[k] > 0 === velocity[k] > 0;
      gains[k] = Math.max(0.01, agree ? gains[k] * 0.8 : gains[k] + 0.2);
      velocity[k] = momentum * velocity[k] - this.rate * gains[k] * gradient[k];
      points[k] += velocity[k];
      centre[k % 2] += (2 * points[k]) / points.length;
    }
    for (let k = 0; k < points.length; k++) points[k] -= centre[k % 2];
  }
}

/**
 * A finished map, f64[n, 2].
 * @param progress told the share of iterations done every 10 of them; return false to stop: the result is then null
 * @throws RangeError as `TsneMap`
 */
export function tsne(
  rows: ArrayLike<number>,
  width: number,
  options: TsneOptions = {},
  progress?: (done: number) => boolean,
): { points: Float64Array; divergence: number; perplexity: number } | null {
  const map = new TsneMap(rows, width, options);
  while (!map.done) {
    map.step();
    if (map.iteration % 10 === 0 && progress && !progress(map.iteration / ITERATIONS)) return null;
  }
  return { points: map.points, divergence: map.divergence(), perplexity: map.perplexity };
}
