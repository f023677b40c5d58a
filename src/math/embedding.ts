/** How embeddings fill their sphere: alignment, uniformity, effective rank, participation ratio. Rows: f[n, width], row by row. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Number of rows. @throws RangeError unless `rows` holds whole, finite rows of `width` ≥ 1 numbers */
export function rowCount(rows: ArrayLike<number>, width: number): number {
  const n = rows.length / width;
  if (!(width >= 1) || !Number.isInteger(width) || !Number.isInteger(n))
    throw new RangeError(`invalid rows: ${rows.length} numbers in rows of ${width}`);
  for (let i = 0; i < rows.length; i++)
    if (!Number.isFinite(rows[i]))
      throw new RangeError(`invalid number ${i % width} of row ${Math.floor(i / width)}: ${rows[i]}`);
  return n;
}

/** ‖x_i − x_j‖² */
export function squaredDistance(rows: ArrayLike<number>, width: number, i: number, j: number): number {
  let sum = 0;
  for (let a = i * width, b = j * width, end = a + width; a < end; a++, b++) {
    const d = rows[a] - rows[b];
    sum += d * d;
  }
  return sum;
}

/** Rows divided by their lengths, f64[n, width]; rows of zeros stay zeros. @throws RangeError as `rowCount` */
export function unitRows(rows: ArrayLike<number>, width: number): Float64Array {
  const n = rowCount(rows, width);
  const out = Float64Array.from(rows);
  for (let i = 0; i < n; i++) {
    const row = out.subarray(i * width, (i + 1) * width);
    const most = row.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
    if (most === 0) continue;
    const length = most * Math.sqrt(row.reduce((sum, x) => sum + (x / most) ** 2, 0));
    for (let k = 0; k < width; k++) row[k] /= length;
  }
  return out;
}

/**
 * Alignment (Wang & Isola 2020, eq. 4, exponent 2): mean ‖x_i − x_j‖² over pairs i < j of equal label. 0 is perfect; unit rows in
 * unrelated directions have 2. Null without such a pair.
 */
export function alignment(rows: ArrayLike<number>, width: number, label: ArrayLike<number | string>): number | null {
  const n = rowCount(rows, width);
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      if (label[i] !== label[j]) continue;
      sum += squaredDistance(rows, width, i, j);
      pairs++;
    }
  return pairs ? sum / pairs : null;
}

/**
 * Uniformity (Wang & Isola 2020, eq. 5, t = 2): ln of the mean of exp(−2 ‖x_i − x_j‖²) over pairs i < j. 0 when all rows agree,
 * at least −8 for unit rows; lower is more uniform. Null for fewer than two rows.
 */
export function uniformity(rows: ArrayLike<number>, width: number): number | null {
  const n = rowCount(rows, width);
  if (n < 2) return null;
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sum += Math.exp(-2 * squaredDistance(rows, width, i, j));
  return Math.log(sum / ((n * (n - 1)) / 2));
}

/** Squared singular values of the rows, by the smaller of XᵀX and XXᵀ; what rounding makes negative is 0. */
function squaredSingularValues(rows: ArrayLike<number>, width: number): number[] {
  const n = rowCount(rows, width);
  const tall = n >= width;
  const size = tall ? width : n;
  const gram = Matrix.zeros(size, size);
  for (let a = 0; a < size; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      if (tall) for (let i = 0; i < n; i++) sum += rows[i * width + a] * rows[i * width + b];
      else for (let k = 0; k < width; k++) sum += rows[a * width + k] * rows[b * width + k];
      gram.set(a, b, sum);
      gram.set(b, a, sum);
    }
  const values = size ? new EigenvalueDecomposition(gram, { assumeSymmetric: true }).realEigenvalues : [];
  const most = values.reduce((m, x) => Math.max(m, x), 0);
  return values.map((x) => (x > 1e-15 * most * Math.max(n, width) ? x : 0));
}

/**
 * Effective rank (Roy & Vetterli 2007): exp of the entropy of the singular values (of the rows as they are, not centred) divided by
 * their sum. Between 1 and min(n, width); null when all rows are zero.
 */
export function effectiveRank(rows: ArrayLike<number>, width: number): number | null {
  const singular = squaredSingularValues(rows, width).map(Math.sqrt);
  const total = singular.reduce((sum, s) => sum + s, 0);
  if (!(total > 0)) return null;
  return Math.exp(-singular.reduce((sum, s) => sum + (s > 0 ? (s / total) * Math.log(s / total) : 0), 0));
}

/**
 * Participation ratio (Σλ)² / Σλ² of the eigenvalues of the uncentred covariance XᵀX/n: the metric `embedding/rank`. Between 1 and
 * min(n, width); null when all rows are zero.
 */
export function participationRatio(rows: ArrayLike<number>, width: number): number | null {
  const lambda = squaredSingularValues(rows, width);
  const squares = lambda.reduce((sum, x) => sum + x * x, 0);
  return squares > 0 ? lambda.reduce((sum, x) => sum + x, 0) ** 2 / squares : null;
}
