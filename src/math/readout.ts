/** Correctness probe: how well a linear read-out of representations tells two classes apart, on rows it was not fitted to. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { rowCount } from './embedding';
import { Random, STREAM } from './random';

/** Labels of rows: positive from 0.5 on. */
type Labels = ArrayLike<number>;

/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties counting a half (Mann–Whitney, by midranks).
 * Null unless both classes occur. @throws RangeError for unequal lengths or a score that is not a number
 */
export function auc(score: ArrayLike<number>, label: Labels): number | null {
  const n = score.length;
  if (label.length !== n) throw new RangeError(`invalid labels: ${label.length} for ${n} scores`);
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => score[a] - score[b]);
  let positives = 0;
  let ranks = 0;
  for (let at = 0; at < n; ) {
    if (Number.isNaN(score[order[at]])) throw new RangeError(`invalid score ${order[at]}: NaN`);
    let end = at + 1;
    while (end < n && score[order[end]] === score[order[at]]) end++;
    for (let k = at; k < end; k++) {
      if (label[order[k]] < 0.5) continue;
      positives++;
      ranks += (at + 1 + end) / 2;
    }
    at = end;
  }
  const negatives = n - positives;
  return positives && negatives ? (ranks - (positives * (positives + 1)) / 2) / (positives * negatives) : null;
}

/** How `readout` splits and fits. */
export interface ReadoutOptions {
  /** Parts of the cross-validation; 5 when left out. */
  folds?: number;
  seed?: number;
  /** Penalty l2/2 · ‖w‖² beside the summed log loss, on standardised columns; 1 when left out. The intercept is free. */
  l2?: number;
  /** Rows of equal group (responses to one prompt) stay in one fold; every row by itself when left out. */
  group?: ArrayLike<number>;
}

/**
 * Stratified folds: each class's groups, shuffled, are dealt out in turn (a group belongs to the class of most of its rows).
 * @returns fold of each row; null when a fold would lack a class, as when a class has fewer members than folds
 * @throws RangeError for fewer than 2 folds
 */
export function stratifiedFolds(label: Labels, { folds = 5, seed = 0, group }: ReadoutOptions = {}): Uint32Array | null {
  if (!Number.isInteger(folds) || folds < 2) throw new RangeError(`invalid number of folds: ${folds} (at least 2)`);
  const members = new Map<number, number[]>();
  for (let i = 0; i < label.length; i++) {
    const key = group ? group[i] : i;
    const rows = members.get(key);
    if (rows) rows.push(i);
    else members.set(key, [i]);
  }
  const classes: number[][][] = [[], []];
  for (const rows of members.values()) {
    const positives = rows.filter((i) => label[i] >= 0.5).length;
    classes[Number(2 * positives >= rows.length)].push(rows);
  }
  const random = new Random(seed, STREAM.analysis);
  const fold = new Uint32Array(label.length);
  const seen = [new Set<number>(), new Set<number>()];
  let next = 0;
  for (const groups of classes)
    for (const rows of random.shuffled(groups)) {
      for (const i of rows) {
        fold[i] = next % folds;
        seen[Number(label[i] >= 0.5)].add(fold[i]);
      }
      next++;
    }
  return seen.every((s) => s.size === folds) ? fold : null;
}

/** Mean and 1/deviation of each column over the given rows; a column that does not vary gets 0, which takes it out. */
function standardiser(rows: ArrayLike<number>, width: number, train: readonly number[]) {
  const mean = new Float64Array(width);
  const scale = new Float64Array(width);
  for (const i of train) for (let k = 0; k < width; k++) mean[k] += rows[i * width + k] / train.length;
  for (const i of train) for (let k = 0; k < width; k++) scale[k] += (rows[i * width + k] - mean[k]) ** 2 / train.length;
  for (let k = 0; k < width; k++) {
    const deviation = Math.sqrt(scale[k]);
    scale[k] = deviation > 1e-9 * Math.abs(mean[k]) && deviation > 0 ? 1 / deviation : 0;
  }
  return { mean, scale };
}

/**
 * L2-penalised logistic regression by Newton's method with step halving: weights of `x` [n, size], whose last column is the
 * intercept's 1 and goes unpenalised. The penalty makes every Newton system positive definite, separable data included.
 */
function fitLogistic(x: Float64Array, size: number, label: Float64Array, l2: number): Float64Array {
  const n = label.length;
  const penalty = (k: number) => (k < size - 1 ? l2 : 1e-9);
  const scores = (w: Float64Array) =>
    Float64Array.from(label, (_, i) => {
      let s = 0;
      for (let k = 0; k < size; k++) s += w[k] * x[i * size + k];
      return s;
    });
  const loss = (w: Float64Array, score: Float64Array) =>
    score.reduce((sum, s, i) => {
      const margin = label[i] ? s : -s;
      return sum + Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
    }, 0) + w.reduce((sum, v, k) => sum + (penalty(k) / 2) * v * v, 0);

  let w = new Float64Array(size);
  let score = scores(w);
  let now = loss(w, score);
  const gradient = new Float64Array(size);
  for (let step = 0; step < 50; step++) {
    const hessian = new Float64Array(size * size);
    for (let k = 0; k < size; k++) gradient[k] = penalty(k) * w[k];
    for (let i = 0; i < n; i++) {
      const p = 1 / (1 + Math.exp(-score[i]));
      const weight = p * (1 - p);
      for (let a = 0; a < size; a++) {
        const xa = x[i * size + a];
        gradient[a] += (p - label[i]) * xa;
        for (let b = 0; b <= a; b++) hessian[a * size + b] += weight * xa * x[i * size + b];
      }
    }
    if (gradient.reduce((m, g) => Math.max(m, Math.abs(g)), 0) < 1e-7) break;
    const H = Matrix.zeros(size, size);
    for (let a = 0; a < size; a++)
      for (let b = 0; b <= a; b++) {
        const h = hessian[a * size + b] + (a === b ? penalty(a) : 0);
        H.set(a, b, h);
        H.set(b, a, h);
      }
    const direction = new CholeskyDecomposition(H).solve(Matrix.columnVector(gradient));
    let share = 1;
    let better = false;
    for (; share > 1e-6; share /= 2) {
      const tried = w.map((v, k) => v - share * direction.get(k, 0));
      const s = scores(tried);
      const value = loss(tried, s);
      if (value >= now) continue;
      better = true;
      [w, score, now] = [tried, s, value];
      break;
    }
    if (!better) break;
  }
  return w;
}

/**
 * Scores of each row by the read-out fitted to the rows of the other folds: standardisation and fit see nothing of the row's own
 * fold, neither features nor labels. @returns f64[n], larger means more likely positive
 */
export function outOfFoldScores(
  rows: ArrayLike<number>,
  width: number,
  label: Labels,
  fold: ArrayLike<number>,
  l2 = 1,
): Float64Array {
  const n = rowCount(rows, width);
  const all = Array.from({ length: n }, (_, i) => i);
  const out = new Float64Array(n);
  for (const held of new Set(Array.from(fold))) {
    const train = all.filter((i) => fold[i] !== held);
    const { mean, scale } = standardiser(rows, width, train);
    const size = width + 1;
    const feature = (i: number, k: number) => (k < width ? (rows[i * width + k] - mean[k]) * scale[k] : 1);
    const x = Float64Array.from({ length: train.length * size }, (_, at) => feature(train[Math.floor(at / size)], at % size));
    const w = fitLogistic(
      x,
      size,
      Float64Array.from(train, (i) => Number(label[i] >= 0.5)),
      l2,
    );
    for (const i of all) if (fold[i] === held) out[i] = w.reduce((sum, v, k) => sum + v * feature(i, k), 0);
  }
  return out;
}

/**
 * Cross-validated AUC of a linear read-out: mean over the folds of the held-out fold's AUC (scores of different fits are not
 * compared). 0.5: the rows say nothing about the label; 1: a hyperplane tells the classes apart.
 * @param rows f[n, width] @param label positive from 0.5 on
 * @returns auc null when a class has fewer members (or groups) than folds
 * @throws RangeError for rows that are not finite, or labels or groups of another number
 */
export function readout(
  rows: ArrayLike<number>,
  width: number,
  label: Labels,
  options: ReadoutOptions = {},
): { auc: number | null; samples: number } {
  const n = rowCount(rows, width);
  for (const [name, given] of [
    ['labels', label],
    ['groups', options.group ?? label],
  ] as const)
    if (given.length !== n) throw new RangeError(`invalid ${name}: ${given.length} for ${n} rows`);
  const fold = stratifiedFolds(label, options);
  if (!fold) return { auc: null, samples: n };
  const score = outOfFoldScores(rows, width, label, fold, options.l2);
  let sum = 0;
  const folds = Math.max(...fold) + 1;
  for (let f = 0; f < folds; f++) {
    const held = Array.from(fold.keys()).filter((i) => fold[i] === f);
    sum += auc(
      held.map((i) => score[i]),
      held.map((i) => label[i]),
    ) as number;
  }
  return { auc: sum / folds, samples: n };
}
