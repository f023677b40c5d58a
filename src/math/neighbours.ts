/** Neighbourhoods of points: k nearest neighbours, trustworthiness of a map, neighbour purity, silhouette. Rows: f[n, width]. */
import { rowCount, squaredDistance } from './embedding';
import { finish, type Steps } from './steps';

const demandNeighbours = (k: number, most: number, why: string) => {
  if (!Number.isInteger(k) || k < 1 || k > most)
    throw new RangeError(`invalid number of neighbours: ${k} (1 to ${most}, ${why})`);
};

/** Columns between two looks at whether a row can still be near enough. */
const STRIDE = 16;

/**
 * The k of `rows` nearest to a point, nearest first, equal distances by index: into `index` and `square` (k places each).
 * @param skip a row that does not count; −1 for none
 */
function keepNearest(
  point: Float64Array,
  rows: Float64Array,
  k: number,
  skip: number,
  index: Uint32Array,
  square: Float64Array,
): void {
  const width = point.length;
  const n = rows.length / width;
  let kept = 0;
  let worst = Number.POSITIVE_INFINITY;
  for (let j = 0; j < n; j++) {
    if (j === skip) continue;
    let d = 0;
    for (let c = 0, at = j * width; c < width && d < worst; ) {
      for (const end = Math.min(width, c + STRIDE); c < end; c++, at++) {
        const apart = point[c] - rows[at];
        d += apart * apart;
      }
    }
    if (kept === k && d >= worst) continue;
    let place = kept < k ? kept++ : k - 1;
    for (; place > 0 && square[place - 1] > d; place--) {
      square[place] = square[place - 1];
      index[place] = index[place - 1];
    }
    square[place] = d;
    index[place] = j;
    if (kept === k) worst = square[k - 1];
  }
}

const doubles = (rows: ArrayLike<number>) => (rows instanceof Float64Array ? rows : Float64Array.from(rows));

/** Nearest rows and their squared distances, nearest first: u32[n, k], f64[n, k]. */
export interface Near {
  index: Uint32Array;
  square: Float64Array;
}

/** `nearest` in steps, a row in each, with the squared distances. @throws RangeError as `nearest` */
export function* nearestSteps(rows: ArrayLike<number>, width: number, k: number): Steps<Near> {
  const n = rowCount(rows, width);
  demandNeighbours(k, n - 1, `${n} rows`);
  const index = new Uint32Array(n * k);
  const square = new Float64Array(n * k);
  const all = doubles(rows);
  for (let i = 0; i < n; i++) {
    const [from, to] = [i * k, (i + 1) * k];
    const point = all.subarray(i * width, (i + 1) * width);
    keepNearest(point, all, k, i, index.subarray(from, to), square.subarray(from, to));
    yield (i + 1) / n;
  }
  return { index, square };
}

/**
 * The k nearest other rows of each row (Euclidean, nearest first, equal distances by index): u32[n, k].
 * @throws RangeError for k outside 1 to n − 1
 */
export function nearest(rows: ArrayLike<number>, width: number, k: number): Uint32Array {
  return finish(nearestSteps(rows, width, k)).index;
}

/** `nearestTo` in steps, a point in each. @throws RangeError as `nearestTo` */
export function* nearestToSteps(points: ArrayLike<number>, rows: ArrayLike<number>, width: number, k: number): Steps<Near> {
  const m = rowCount(points, width);
  const n = rowCount(rows, width);
  demandNeighbours(k, n, `${n} rows`);
  const index = new Uint32Array(m * k);
  const square = new Float64Array(m * k);
  const [from, all] = [doubles(points), doubles(rows)];
  for (let i = 0; i < m; i++) {
    const point = from.subarray(i * width, (i + 1) * width);
    keepNearest(point, all, k, -1, index.subarray(i * k, (i + 1) * k), square.subarray(i * k, (i + 1) * k));
    yield (i + 1) / m;
  }
  return { index, square };
}

/**
 * The k rows nearest to each of some points that need not be among them, with squared distances.
 * @param points f[m, width] @throws RangeError for k outside 1 to n
 */
export function nearestTo(points: ArrayLike<number>, rows: ArrayLike<number>, width: number, k: number): Near {
  return finish(nearestToSteps(points, rows, width, k));
}

/** `trustworthiness` in steps, a row in each. @throws RangeError as `trustworthiness` */
export function* trustworthinessSteps(
  rows: ArrayLike<number>,
  width: number,
  map: ArrayLike<number>,
  k = 10,
  mapWidth = 2,
): Steps<number> {
  const n = rowCount(rows, width);
  const mapped = rowCount(map, mapWidth);
  if (mapped !== n) throw new RangeError(`invalid map: ${mapped} points of ${n} rows`);
  demandNeighbours(k, Math.ceil(n / 2) - 1, `fewer than half of ${n} rows`);
  const placed = doubles(map);
  const distance = new Float64Array(n);
  const near = new Uint32Array(k);
  const square = new Float64Array(k);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) distance[j] = squaredDistance(rows, width, i, j);
    keepNearest(placed.subarray(i * mapWidth, (i + 1) * mapWidth), placed, k, i, near, square);
    for (const j of near) {
      let rank = 1; // by distance, then index
      for (let l = 0; l < n; l++) if (l !== i && (distance[l] < distance[j] || (distance[l] === distance[j] && l < j))) rank++;
      sum += Math.max(0, rank - k);
    }
    yield (i + 1) / n;
  }
  return 1 - (2 * sum) / (n * k * (2 * n - 3 * k - 1));
}

/**
 * Trustworthiness of a map (Venna & Kaski 2001): T(k) = 1 − 2 / (n k (2n − 3k − 1)) · Σ_i Σ_{j ∈ U_k(i)} (r(i, j) − k), where U_k(i)
 * are those of the k nearest rows of i in the map that are not among its k nearest in the original space, and r(i, j) is j's rank
 * by distance from i there (1: nearest). 1: no false neighbour; 0: the worst map; about a half: a random one.
 * @param map f[n, mapWidth], the same points
 * @throws RangeError unless the numbers of rows agree and 1 ≤ k < n / 2
 */
export function trustworthiness(rows: ArrayLike<number>, width: number, map: ArrayLike<number>, k = 10, mapWidth = 2): number {
  return finish(trustworthinessSteps(rows, width, map, k, mapWidth));
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
