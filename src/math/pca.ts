import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Rows on their first two principal axes. */
export interface Components {
  /** [n, 2] coordinates on the first two principal axes. */
  points: Float32Array;
  /** Share of the total variance on each axis, 0 to 1. */
  explained: [number, number];
  /** Unit axes, `width` numbers each. */
  axes: number[][];
}

/**
 * First two principal components of n rows of `width` numbers (width ≥ 2).
 * @param previous axes of the picture before: signs follow them, so that pictures do not flip
 */
export function principalComponents(rows: ArrayLike<number>, width: number, previous?: readonly number[][]): Components {
  const n = rows.length / width;
  const mean = new Float64Array(width);
  for (let i = 0; i < n; i++) for (let c = 0; c < width; c++) mean[c] += rows[i * width + c] / n;
  const covariance = Matrix.zeros(width, width);
  const centred = new Float64Array(width);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < width; c++) centred[c] = rows[i * width + c] - mean[c];
    for (let a = 0; a < width; a++)
      for (let b = 0; b <= a; b++) covariance.set(a, b, covariance.get(a, b) + (centred[a] * centred[b]) / n);
  }
  for (let a = 0; a < width; a++) for (let b = 0; b < a; b++) covariance.set(b, a, covariance.get(a, b));

  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const order = realEigenvalues.map((value, i) => ({ value, i })).sort((a, b) => b.value - a.value);
  const total = order.reduce((s, e) => s + Math.max(0, e.value), 0);
  const axes = [0, 1].map((k) => {
    const axis = eigenvectorMatrix.getColumn(order[k].i);
    const against = previous?.[k]?.reduce((s, x, c) => s + x * axis[c], 0) ?? 1;
    return against < 0 ? axis.map((x) => -x) : axis;
  });
  const points = new Float32Array(2 * n);
  for (let i = 0; i < n; i++)
    axes.forEach((axis, k) => {
      let s = 0;
      for (let c = 0; c < width; c++) s += (rows[i * width + c] - mean[c]) * axis[c];
      points[2 * i + k] = s;
    });
  const share = (k: number) => (total > 0 ? Math.max(0, order[k].value) / total : 0);
  return { points, explained: [share(0), share(1)], axes };
}
