/** UMAP (McInnes et al. 2018) by umap-js, with exact neighbours, a seeded generator and a start of principal components. */
import { UMAP } from 'umap-js';
import { nearestSteps } from '../../math/neighbours';
import { axesSteps, onAxes } from '../../math/pca';
import { Random, STREAM } from '../../math/random';
import { part, type Steps } from '../../math/steps';

/** Settings of a map. */
export interface UmapOptions {
  dimensions: 2 | 3;
  seed: number;
  /** Neighbours of each point, itself included, as UMAP counts; at most n − 1 are taken. */
  neighbours: number;
  minDist: number;
  /** f[n, dimensions]: go on from these points, for fewer epochs and with smaller steps. */
  start?: ArrayLike<number>;
}

/** Half the side of the square that a cold start fills, and its noise. */
const START = 10;
const JITTER = 1e-3;
/** Epochs and first step size from a given start. */
const WARM_EPOCHS = 100;
const WARM_RATE = 0.1;

/**
 * Points f64[n, dimensions] and the number of neighbours used. @param rows f[n, width], n ≥ 5
 * @throws RangeError for settings out of bounds, a start of another size, or numbers that are not finite
 */
export function* umapSteps(
  rows: ArrayLike<number>,
  width: number,
  { dimensions, seed, neighbours, minDist, start }: UmapOptions,
): Steps<{ points: Float64Array; neighbours: number }> {
  const n = rows.length / width;
  if (!Number.isInteger(neighbours) || neighbours < 2 || neighbours > 200)
    throw new RangeError(`invalid number of neighbours for UMAP: ${neighbours} (2 to 200)`);
  if (!(minDist >= 0 && minDist <= 1)) throw new RangeError(`invalid least distance for UMAP: ${minDist} (0 to 1)`);
  const k = Math.min(neighbours, n - 1);
  const { index, square } = yield* part(nearestSteps(rows, width, k - 1), 0, 0.3);
  const row = <T>(i: number, own: T, at: (place: number) => T) => [
    own,
    ...Array.from({ length: k - 1 }, (_, a) => at(i * (k - 1) + a)),
  ];
  const each = Array.from({ length: n }, (_, i) => i);
  const random = new Random(seed, STREAM.analysis, 3);
  const umap = new UMAP({
    nComponents: dimensions,
    nNeighbors: k,
    minDist,
    random: () => random.unit(),
    ...(start ? { nEpochs: WARM_EPOCHS, learningRate: WARM_RATE } : {}),
  });
  umap.setPrecomputedKNN(
    each.map((i) => row(i, i, (place) => index[place])),
    each.map((i) => row(i, 0, (place) => Math.sqrt(square[place]))),
  );
  // With neighbours given, it only looks at the number of rows.
  const epochs = umap.initializeFit(each.map(() => []));
  const from = start ?? (yield* coldStart(rows, width, dimensions));
  const points = umap.getEmbedding();
  if (from.length !== n * dimensions)
    throw new RangeError(`invalid start: ${from.length} numbers (${n} points of ${dimensions})`);
  const noise = new Random(seed, STREAM.analysis, 4);
  for (let i = 0; i < n; i++)
    for (let d = 0; d < dimensions; d++) points[i][d] = from[i * dimensions + d] + JITTER * noise.normal();
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    yield 0.3 + (0.7 * (epoch + 1)) / epochs;
  }
  return { points: Float64Array.from(umap.getEmbedding().flat()), neighbours: k };
}

/** Principal components that fill a square (or cube) of side 2 START along their first axis. */
function* coldStart(rows: ArrayLike<number>, width: number, dimensions: number): Steps<Float64Array> {
  const points = onAxes(yield* part(axesSteps(rows, width, dimensions), 0.3, 0.3), rows, width);
  const most = points.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
  return points.map((x) => (most > 0 ? (START * x) / most : 0));
}
