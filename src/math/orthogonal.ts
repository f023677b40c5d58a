/** Orthogonal Procrustes alignment in any dimension, as a transform that can be laid on other points too. */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';

/** x ↦ scale · Q (x − from) + to */
export interface Orthogonal {
  dimensions: number;
  /** Q row by row, f64[dimensions²]; determinant −1 for a reflection. */
  rotation: Float64Array;
  scale: number;
  from: Float64Array;
  to: Float64Array;
}

/** How the points may be moved; `weight` counts some more than others. */
export interface OrthogonalOptions {
  /** Mirror images too (default true). */
  reflect?: boolean;
  /** Scale to fit as well (default false). */
  scale?: boolean;
  /** f[n], not negative; equal when left out. */
  weight?: ArrayLike<number>;
}

/** Pull towards no rotation, relative to the data: decides directions in which the points say nothing. */
const IDLE = 1e-9;

/**
 * The transform that lays `map` onto `target`, both f[n, dimensions] in the same order, with least weighted squares (Schönemann 1966).
 * Directions without data are left as they are. @throws RangeError unless both hold equally many points, at least one
 */
export function orthogonal(
  map: ArrayLike<number>,
  target: ArrayLike<number>,
  dimensions: number,
  { reflect = true, scale: scaled = false, weight }: OrthogonalOptions = {},
): Orthogonal {
  const n = map.length / dimensions;
  if (!Number.isInteger(n) || n < 1 || target.length !== map.length)
    throw new RangeError(
      `invalid maps: ${map.length} and ${target.length} numbers (${dimensions} for each point, as many in both)`,
    );
  const share = (i: number) => weight?.[i] ?? 1;
  const from = new Float64Array(dimensions);
  const to = new Float64Array(dimensions);
  let whole = 0;
  for (let i = 0; i < n; i++) whole += share(i);
  for (let i = 0; i < n; i++)
    for (let d = 0; d < dimensions; d++) {
      from[d] += (share(i) / whole) * map[i * dimensions + d];
      to[d] += (share(i) / whole) * target[i * dimensions + d];
    }
  const product = Matrix.zeros(dimensions, dimensions);
  let square = 0;
  for (let i = 0; i < n; i++)
    for (let a = 0; a < dimensions; a++) {
      const x = map[i * dimensions + a] - from[a];
      square += share(i) * x * x;
      for (let b = 0; b < dimensions; b++)
        product.set(b, a, product.get(b, a) + share(i) * (target[i * dimensions + b] - to[b]) * x);
    }
  const size = product.norm();
  const idle = Matrix.eye(dimensions, dimensions).mul(size > 0 ? IDLE * size : 1);
  const { leftSingularVectors: U, rightSingularVectors: V } = new SingularValueDecomposition(Matrix.add(product, idle), {
    autoTranspose: true,
  });
  let Q = U.mmul(V.transpose());
  if (!reflect && determinant(Q) < 0) {
    for (let r = 0; r < dimensions; r++) U.set(r, dimensions - 1, -U.get(r, dimensions - 1));
    Q = U.mmul(V.transpose());
  }
  let reach = 0;
  for (let a = 0; a < dimensions; a++) for (let b = 0; b < dimensions; b++) reach += Q.get(b, a) * product.get(b, a);
  const scale = scaled && square > 0 && reach > 0 ? reach / square : 1;
  return { dimensions, rotation: Float64Array.from(Q.to1DArray()), scale, from, to };
}

/** The points, f[n, dimensions], moved: f64[n, dimensions]. */
export function move({ dimensions, rotation, scale, from, to }: Orthogonal, points: ArrayLike<number>): Float64Array {
  const out = new Float64Array(points.length);
  for (let k = 0; k < points.length; k += dimensions)
    for (let b = 0; b < dimensions; b++) {
      let s = 0;
      for (let a = 0; a < dimensions; a++) s += rotation[b * dimensions + a] * (points[k + a] - from[a]);
      out[k + b] = scale * s + to[b];
    }
  return out;
}

/** Of a square matrix, by expansion along the first row. */
function determinant(m: Matrix): number {
  if (m.rows === 1) return m.get(0, 0);
  let sum = 0;
  for (let c = 0; c < m.columns; c++) {
    const others = Array.from({ length: m.columns }, (_, k) => k).filter((k) => k !== c);
    const rest = Array.from({ length: m.rows - 1 }, (_, r) => r + 1);
    sum += (c % 2 ? -1 : 1) * m.get(0, c) * determinant(m.selection(rest, others));
  }
  return sum;
}
