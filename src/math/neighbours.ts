/** Neighbourhoods of points: k nearest neighbours, trustworthiness of a map, neighbour purity, silhouette. Rows: f[n, width]. */
import { rowCount, squaredDistance } from './embedding';

const demandNeighbours = (k: number, most: number, why: string) => {
  if (!Number.isInteger(k) || k < 1 || k > most)
    throw new RangeError(`invalid number of neighbours: ${k} (1 to ${most}, ${why})`);
};

/** The other rows in order of distance from row i; equal distances by index. */
function orderFrom(rows: ArrayLike<number>, width: number, n: number, i: number, distance: Float64Array): Uint32Array {
  for (let j = 0; j < n; j++) distance[j] = squaredDistance(rows, width, i, j);
  const order = new Uint32Array(n - 1);
  for (let j = 0, at = 0; j < n; j++) if (j !== i) order[at++] = j;
  return order.sort((a, b) => distance[a] - distance[b] || a - b);
}

/**
 * The k nearest other rows of each row (Euclidean, nearest first, equal distances by index): u32[n, k].
 * @throws RangeError for k outside 1 to n − 1
 */
export function nearest(rows: ArrayLike<number>, width: number, k: number): Uint32Array {
  const n = rowCount(rows, width);
  demandNeighbours(k, n - 1, `${n} rows`);
  const out = new Uint32Array(n * k);
  const distance = new Float64Array(n);
  for (let i = 0; i < n; i++) out.set(orderFrom(rows, width, n, i, distance).subarray(0, k), i * k);
  return out;
}

/**
 * Trustworthiness of a map (Venna & Kaski 2001): T(k) = 1 − 2 / (n k (2n − 3k − 1)) · Σ_i Σ_{j ∈ U_k(i)} (r(i, j) − k), where U_k(i)
 * are those of the k nearest rows of i in the map that are not among its k nearest in the original space, and r(i, j) is j's rank
 * by distance from i there (1: nearest). 1: no false neighbour; 0: the worst map; about a half: a random one.
 * @param map f[n, mapWidth], the same points
 * @throws RangeError unless the numbers of rows agree and 1 ≤ k < n / 2
 */
export function trustworthiness(rows: ArrayLike<number>, width: number, map: ArrayLike<number>, k = 10, mapWidth = 2): number {
  const n = rowCount(rows, width);
  const mapped = rowCount(map, mapWidth);
  if (mapped !== n) throw new RangeError(`invalid map: ${mapped} points of ${n} rows`);
  demandNeighbours(k, Math.ceil(n / 2) - 1, `fewer than half of ${n} rows`);
  const distance = new Float64Array(n);
  const rank = new Uint32Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    orderFrom(rows, width, n, i, distance).forEach((j, at) => {
      rank[j] = at + 1;
    });
    const near = orderFrom(map, mapWidth, n, i, distance);
    for (let a = 0; a < k; a++) sum += Math.max(0, rank[near[a]] - k);
  }
  return 1 - (2 * sum) / (n * k * (2 * n - 3 * k - 1));
}

/**
 * Neighbour purity: mean share of a row's k nearest rows that have its label. Chance is the labels' expected agreement, about
 * Σ share². @throws RangeError for k outside 1 to n − 1
 */
export function neighbourPurity(rows: ArrayLike<number>, width: number, label: ArrayLike<number | string>, k = 10): number {
  const near = nearest(rows, width, k);
  return near.reduce((same, j, at) => same + Number(label[j] === label[Math.floor(at / k)]), 0) / near.length;
}

/**
 * Silhouette (Rousseeuw 1987): mean over rows of (b − a) / max(a, b), a the mean distance to the other rows of the same label, b
 * the least mean distance to the rows of another label; 0 for the only row of a label. −1 to 1; null with fewer than two labels.
 */
export function silhouette(rows: ArrayLike<number>, width: number, label: ArrayLike<number | string>): number | null {
  const n = rowCount(rows, width);
  const labels = [...new Set(Array.from({ length: n }, (_, i) => label[i]))];
  if (labels.length < 2) return null;
  const of = Array.from({ length: n }, (_, i) => labels.indexOf(label[i]));
  const count = labels.map((_, c) => of.filter((l) => l === c).length);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const own = of[i];
    if (count[own] < 2) continue;
    const sum = new Float64Array(labels.length);
    for (let j = 0; j < n; j++) sum[of[j]] += Math.sqrt(squaredDistance(rows, width, i, j));
    const a = sum[own] / (count[own] - 1);
    const b = sum.reduce((least, s, c) => (c === own ? least : Math.min(least, s / count[c])), Number.POSITIVE_INFINITY);
    if (Math.max(a, b) > 0) total += (b - a) / Math.max(a, b);
  }
  return total / n;
}
