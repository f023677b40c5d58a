/**
 * Exact t-SNE to the plane or to space (van der Maaten & Hinton 2008) with the settings of method.md 9: perplexity 30, start from the
 * first principal components at deviation 1e-4, learning rate max(N/12, 50) (Belkina et al. 2019), 250 iterations with attraction × 12 at
 * momentum 0.5, then 750 at 0.8, per-coordinate gains. The rule N/12 belongs to implementations whose step leaves the factor 4 of
 * the gradient out (FIt-SNE, openTSNE), and so does this one.
 */
import { choosePerplexity, similarities } from './affinities';
import { rowCount } from './embedding';
import { onAxes, principalAxes } from './pca';
import { Random, STREAM } from './random';
import { divergence, quarterGradient } from './tsneGradient';

export { choosePerplexity, MAX_POINTS, similarities } from './affinities';
export { divergence, quarterGradient } from './tsneGradient';

/** Iterations with exaggerated attraction, and altogether. */
export const EXAGGERATED = 250;
export const ITERATIONS = 1000;
/** Iterations from a given start, which get no exaggeration: it would tear the picture up. */
export const WARM_ITERATIONS = 250;
const EXAGGERATION = 12;
const START_DEVIATION = 1e-4;
/** Seeded noise on the start, as a share of its deviation: parts points that are equal. */
const JITTER = 0.01;

/** Settings of a map. */
export interface TsneOptions {
  /** Effective number of neighbours; `choosePerplexity(n)` when left out. */
  perplexity?: number;
  seed?: number;
  /** 2 when left out. */
  dimensions?: 2 | 3;
  /** f[n, dimensions]: go on from these points, with WARM_ITERATIONS and no exaggeration. */
  start?: ArrayLike<number>;
  /** `similarities(rows, width, perplexity)`, where they are at hand. */
  affinities?: Float64Array;
}

/** First principal components, the largest loading of each axis positive, at deviation 1e-4 on the first; with seeded jitter. */
function coldStart(rows: ArrayLike<number>, width: number, n: number, seed: number, dimensions: number): Float64Array {
  const found = principalAxes(rows, width, dimensions);
  const points = Float32Array.from(onAxes(found, rows, width));
  const sign = found.axes.map((axis) => Math.sign(axis.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0)) || 1);
  let square = 0;
  for (let i = 0; i < n; i++) square += points[dimensions * i] ** 2 / n;
  const scale = square > 0 ? START_DEVIATION / Math.sqrt(square) : 0;
  const random = new Random(seed, STREAM.analysis);
  return Float64Array.from(points, (x, k) => sign[k % dimensions] * x * scale + JITTER * START_DEVIATION * random.normal());
}

/** The given points with seeded jitter, so that points in one place can part. */
function warmStart(start: ArrayLike<number>, n: number, seed: number, dimensions: number): Float64Array {
  if (start.length !== n * dimensions)
    throw new RangeError(`invalid start: ${start.length} numbers (${n} points of ${dimensions})`);
  const random = new Random(seed, STREAM.analysis);
  return Float64Array.from(start, (x, k) => {
    if (!Number.isFinite(x)) throw new RangeError(`invalid start of point ${Math.floor(k / dimensions)}: ${x}`);
    return x + START_DEVIATION * random.normal();
  });
}

/** A map in the making: `step()` until `done`. Equal rows, perplexity, start and seed give the same points bit for bit. */
export class TsneMap {
  /** f64[n, dimensions], centred. */
  readonly points: Float64Array;
  readonly perplexity: number;
  readonly dimensions: 2 | 3;
  /** Iterations to do: ITERATIONS, or WARM_ITERATIONS from a given start. */
  readonly iterations: number;
  /** Iterations done. */
  iteration = 0;
  private readonly p: Float64Array;
  private readonly rate: number;
  private readonly exaggerated: number;
  private readonly velocity: Float64Array;
  private readonly gains: Float64Array;
  private readonly gradient: Float64Array;

  /**
   * @param rows f[n, width] with width ≥ 2
   * @throws RangeError for fewer than 5 or more than MAX_POINTS rows, numbers that are not finite, a perplexity of at least
   * (n − 1)/3 or below 1, or a start of another size
   */
  constructor(rows: ArrayLike<number>, width: number, options: TsneOptions = {}) {
    const { perplexity, seed = 0, dimensions = 2, start, affinities } = options;
    const n = rowCount(rows, width);
    if (width < 2) throw new RangeError(`invalid width for t-SNE: ${width} (at least 2)`);
    this.perplexity = perplexity ?? choosePerplexity(n);
    this.dimensions = dimensions;
    this.p = affinities ?? similarities(rows, width, this.perplexity);
    this.points = start ? warmStart(start, n, seed, dimensions) : coldStart(rows, width, n, seed, dimensions);
    this.iterations = start ? WARM_ITERATIONS : ITERATIONS;
    this.exaggerated = start ? 0 : EXAGGERATED;
    this.rate = Math.max(n / EXAGGERATION, 50);
    this.velocity = new Float64Array(dimensions * n);
    this.gains = new Float64Array(dimensions * n).fill(1);
    this.gradient = new Float64Array(dimensions * n);
  }

  get done(): boolean {
    return this.iteration >= this.iterations;
  }

  /** KL(P ‖ Q) of the points as they are, in nats, without exaggeration. */
  divergence(): number {
    return divergence(this.p, this.points, this.dimensions);
  }

  /** One iteration of gradient descent with momentum and gains (+ 0.2 while the velocity descends, × 0.8 when it does not, at least 0.01). */
  step(): void {
    const { points, velocity, gains, gradient, dimensions } = this;
    const early = this.iteration++ < this.exaggerated;
    quarterGradient(this.p, points, early ? EXAGGERATION : 1, gradient, dimensions);
    const momentum = early ? 0.5 : 0.8;
    const centre = [0, 0, 0];
    for (let k = 0; k < points.length; k++) {
      const agree = gradient[k] > 0 === velocity[k] > 0;
      gains[k] = Math.max(0.01, agree ? gains[k] * 0.8 : gains[k] + 0.2);
      velocity[k] = momentum * velocity[k] - this.rate * gains[k] * gradient[k];
      points[k] += velocity[k];
      centre[k % dimensions] += (dimensions * points[k]) / points.length;
    }
    for (let k = 0; k < points.length; k++) points[k] -= centre[k % dimensions];
  }
}

/**
 * A finished map, f64[n, dimensions].
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
    if (map.iteration % 10 === 0 && progress && !progress(map.iteration / map.iterations)) return null;
  }
  return { points: map.points, divergence: map.divergence(), perplexity: map.perplexity };
}
