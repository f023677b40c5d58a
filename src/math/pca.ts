/** Principal components of n rows of `width` numbers: exact up to EXACT_WIDTH columns, by subspace iteration beyond. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { Random, STREAM } from './random';
import { finish, type Steps } from './steps';

/** Widest rows whose covariance is decomposed as a whole (a second of work). */
export const EXACT_WIDTH = 512;
/** Subspace iteration: vectors beyond those asked for, most rounds, relative change of the variances at which it ends. */
const SPARE = 8;
const ROUNDS = 100;
const SETTLED = 1e-10;

/** Axes of most variance. */
export interface Axes {
  /** f64[width] */
  mean: Float64Array;
  /** Unit axes, `width` numbers each; zeros beyond the width. */
  axes: number[][];
  /** Share of the total variance on each axis, 0 to 1. */
  explained: number[];
}

/** Rows on their first two principal axes. */
export interface Components {
  /** [n, 2] coordinates on the first two principal axes. */
  points: Float32Array;
  /** Share of the total variance on each axis, 0 to 1. */
  explained: [number, number];
  /** Unit axes, `width` numbers each. */
  axes: number[][];
}

interface Spectrum {
  values: number[];
  vectors: number[][];
  total: number;
}

/** All eigenvectors of the covariance, the largest variance first. */
function* exact(rows: ArrayLike<number>, width: number, mean: Float64Array): Steps<Spectrum> {
  const n = rows.length / width;
  const sum = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < width; c++) centred[c] = rows[i * width + c] - mean[c];
    for (let a = 0; a < width; a++) for (let b = 0; b <= a; b++) sum[a * width + b] += (centred[a] * centred[b]) / n;
    if (i % 256 === 255) yield i / n;
  }
  const covariance = Matrix.zeros(width, width);
  for (let a = 0; a < width; a++)
    for (let b = 0; b <= a; b++) {
      covariance.set(a, b, sum[a * width + b]);
      covariance.set(b, a, sum[a * width + b]);
    }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const order = realEigenvalues.map((value, i) => ({ value, i })).sort((a, b) => b.value - a.value);
  return {
    values: order.map((e) => Math.max(0, e.value)),
    vectors: order.map((e) => eigenvectorMatrix.getColumn(e.i)),
    total: order.reduce((s, e) => s + Math.max(0, e.value), 0),
  };
}

/** Makes the vectors (`width` numbers each, one after another) orthonormal in place; one without a direction of its own becomes zeros. */
function orthonormalise(vectors: Float64Array, width: number): void {
  const size = vectors.length / width;
  for (let a = 0; a < size; a++) {
    const x = vectors.subarray(a * width, (a + 1) * width);
    const before = Math.sqrt(x.reduce((s, v) => s + v * v, 0));
    for (let pass = 0; pass < 2; pass++)
      for (let b = 0; b < a; b++) {
        const y = vectors.subarray(b * width, (b + 1) * width);
        let along = 0;
        for (let c = 0; c < width; c++) along += x[c] * y[c];
        for (let c = 0; c < width; c++) x[c] -= along * y[c];
      }
    const length = Math.sqrt(x.reduce((s, v) => s + v * v, 0));
    for (let c = 0; c < width; c++) x[c] = length > 1e-12 * before ? x[c] / length : 0;
  }
}

/** The first `count` eigenvectors by subspace iteration from a fixed start, with Rayleigh–Ritz in the end. */
function* iterated(rows: ArrayLike<number>, width: number, mean: Float64Array, count: number): Steps<Spectrum> {
  const n = rows.length / width;
  const size = Math.min(width, count + SPARE);
  const random = new Random(0, STREAM.analysis, width);
  let basis = Float64Array.from({ length: size * width }, () => random.normal());
  orthonormalise(basis, width);
  let total = 0;
  for (let k = 0; k < rows.length; k++) total += (rows[k] - mean[k % width]) ** 2 / n;
  let last = 0;
  let gram = Matrix.zeros(size, size);
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(size * width);
    gram = Matrix.zeros(size, size);
    const along = new Float64Array(size);
    for (let i = 0; i < n; i++) {
      for (let a = 0; a < size; a++) {
        let s = 0;
        for (let c = 0; c < width; c++) s += (rows[i * width + c] - mean[c]) * basis[a * width + c];
        along[a] = s;
      }
      for (let a = 0; a < size; a++) {
        for (let c = 0; c < width; c++) next[a * width + c] += (along[a] * (rows[i * width + c] - mean[c])) / n;
        for (let b = 0; b < size; b++) gram.set(a, b, gram.get(a, b) + (along[a] * along[b]) / n);
      }
      if (i % 256 === 255) yield (round + i / n) / ROUNDS;
    }
    const trace = gram.trace();
    if (Math.abs(trace - last) <= SETTLED * trace || round === ROUNDS - 1) break;
    last = trace;
    basis = next;
    orthonormalise(basis, width);
    yield (round + 1) / ROUNDS;
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(gram, { assumeSymmetric: true });
  const order = realEigenvalues.map((value, i) => ({ value, i })).sort((a, b) => b.value - a.value);
  const vectors = order.map(({ i }) => {
    const mix = eigenvectorMatrix.getColumn(i);
    return Array.from({ length: width }, (_, c) => mix.reduce((s, m, a) => s + m * basis[a * width + c], 0));
  });
  return { values: order.map((e) => Math.max(0, e.value)), vectors, total };
}

/** `principalAxes` in steps. */
export function* axesSteps(
  rows: ArrayLike<number>,
  width: number,
  count: number,
  previous?: readonly (readonly number[])[],
): Steps<Axes> {
  const n = rows.length / width;
  const mean = new Float64Array(width);
  for (let i = 0; i < n; i++) for (let c = 0; c < width; c++) mean[c] += rows[i * width + c] / n;
  const { values, vectors, total } = yield* width > EXACT_WIDTH ? iterated(rows, width, mean, count) : exact(rows, width, mean);
  const axes = Array.from({ length: count }, (_, k) => {
    const axis = vectors[k] ?? new Array<number>(width).fill(0);
    const against = previous?.[k]?.reduce((s, x, c) => s + x * axis[c], 0) ?? 1;
    return against < 0 ? axis.map((x) => -x) : axis;
  });
  return { mean, axes, explained: axes.map((_, k) => (total > 0 ? (values[k] ?? 0) / total : 0)) };
}

/**
 * The first `count` principal axes of n rows of `width` numbers.
 * @param previous axes of the picture before: signs follow them, so that pictures do not flip
 */
export function principalAxes(
  rows: ArrayLike<number>,
  width: number,
  count: number,
  previous?: readonly (readonly number[])[],
): Axes {
  return finish(axesSteps(rows, width, count, previous));
}

/** Coordinates of any rows of the same width on axes found before, f64[n, count]. */
export function onAxes({ mean, axes }: Axes, rows: ArrayLike<number>, width: number): Float64Array {
  const n = rows.length / width;
  const points = new Float64Array(axes.length * n);
  for (let i = 0; i < n; i++)
    axes.forEach((axis, k) => {
      let s = 0;
      for (let c = 0; c < width; c++) s += (rows[i * width + c] - mean[c]) * axis[c];
      points[axes.length * i + k] = s;
    });
  return points;
}

/** First two principal components of n rows of `width` numbers (width ≥ 2); `previous` as in `principalAxes`. */
export function principalComponents(rows: ArrayLike<number>, width: number, previous?: readonly number[][]): Components {
  const found = principalAxes(rows, width, 2, previous);
  const [first, second] = found.explained;
  return { points: Float32Array.from(onAxes(found, rows, width)), explained: [first, second], axes: found.axes };
}
