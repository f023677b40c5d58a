/** Pictures of embeddings: PCA, t-SNE and UMAP in the plane and in space, seeded, from a given start where there is one. */
import { choosePerplexity, MAX_POINTS, similaritySteps } from '../../math/affinities';
import { rowCount, unitRows } from '../../math/embedding';
import { nearestTo } from '../../math/neighbours';
import { axesSteps, onAxes } from '../../math/pca';
import { finish, part, type Steps } from '../../math/steps';
import { TsneMap } from '../../math/tsne';
import { type Judgement, judgeSteps } from './judge';
import { pick, sampleRows } from './rows';
import { umapSteps } from './umap';

/** Most rows that PCA and UMAP draw; t-SNE draws MAX_POINTS. */
export const MAX_ROWS = 20_000;
/** Rows whose mean position stands for a point that t-SNE and UMAP did not lay out. */
const STAND_INS = 5;

export type Method = 'pca' | 'tsne' | 'umap';

/** How to draw. Equal rows and options give the same points bit for bit. */
export interface ProjectOptions {
  method: Method;
  dimensions: 2 | 3;
  seed?: number;
  /** t-SNE: effective number of neighbours; 30, or what the number of rows allows, when left out. */
  perplexity?: number;
  /** UMAP: neighbours of each row, itself included (15), and least distance in the picture (0.1). */
  neighbours?: number;
  minDist?: number;
  /** Divides rows by their lengths first, so that distances are those of directions (default true). */
  normalize?: boolean;
  /** f[rows drawn, dimensions]: the picture before. t-SNE and UMAP go on from it; PCA takes its signs. */
  start?: ArrayLike<number>;
  /** Draws at most so many rows, taken by the seed. */
  sample?: number;
  /** f[m, width]: points to be shown among the rows without acting on them, such as prototypes. */
  extra?: ArrayLike<number>;
}

/** What is drawn, with one label (its domain) per row if purity is wanted. */
export interface Data {
  rows: ArrayLike<number>;
  width: number;
  label?: ArrayLike<number>;
}

/** A picture. */
export interface Projection extends Judgement {
  /** What was drawn: PCA where fewer than 5 rows allow nothing else. */
  method: Method;
  dimensions: 2 | 3;
  /** f32[rows drawn, dimensions] */
  points: Float32Array;
  /** u32: rows drawn, ascending; null for all. */
  rows: Uint32Array | null;
  /** f32[m, dimensions]: PCA puts extra points on its axes, t-SNE and UMAP at the mean of the 5 rows nearest to each. */
  extra: Float32Array | null;
  /** PCA: share of variance on each axis, 0 to 1. */
  explained: number[] | null;
  /** t-SNE: Kullback–Leibler divergence in nats, and perplexity. */
  divergence: number | null;
  perplexity: number | null;
  /** What the reader should know of this picture. */
  note: string | null;
}

interface Drawn {
  points: Float64Array;
  extra: Float64Array | null;
  explained: number[] | null;
  divergence: number | null;
  perplexity: number | null;
}

const TITLE: Record<Method, string> = { pca: 'PCA', tsne: 't-SNE', umap: 'UMAP' };

/** `project` in steps. @throws RangeError as `project` */
export function* projectSteps({ rows: given, width, label }: Data, options: ProjectOptions): Steps<Projection> {
  const { dimensions, seed = 0, normalize = true, sample } = options;
  if (dimensions !== 2 && dimensions !== 3) throw new RangeError(`invalid dimensions: ${dimensions} (2 or 3)`);
  if (sample !== undefined && !(Number.isInteger(sample) && sample >= 1))
    throw new RangeError(`invalid sample: ${sample} (at least 1 row)`);
  const all = rowCount(given, width);
  const taken = sample !== undefined && sample < all ? sampleRows(all, sample, seed) : null;
  const n = taken?.length ?? all;
  const most = options.method === 'tsne' ? MAX_POINTS : MAX_ROWS;
  if (n > most)
    throw new RangeError(`invalid number of rows for ${TITLE[options.method]}: ${n} (0 to ${most}; take a sample of them)`);
  if (options.start && options.start.length !== n * dimensions)
    throw new RangeError(`invalid start: ${options.start.length} numbers (${n} points of ${dimensions})`);
  const prepare = (x: ArrayLike<number>) => (normalize ? unitRows(x, width) : Float64Array.from(x));
  const whole = prepare(given);
  const rows = taken ? pick(whole, taken, width) : whole;
  if (options.extra) rowCount(options.extra, width);
  const extra = options.extra && prepare(options.extra);

  let { method } = options;
  let note: string | null = null;
  if (n < 5 && method !== 'pca') {
    note = `Fewer than 5 rollouts: principal components are shown instead of ${TITLE[method]}.`;
    method = 'pca';
  }
  const same = n > 1 && allEqual(rows, width);
  if (same) {
    note = 'All rollouts have the same vector: there is nothing to tell apart.';
    method = 'pca';
  }
  const drawn = yield* part(draw(rows, width, extra, { ...options, method }), 0, 0.85);
  const of = label && (taken ? Array.from(taken, (i) => label[i]) : label);
  const judgement = yield* part(judgeSteps(rows, width, drawn.points, dimensions, of, seed), 0.85, 1);
  return {
    ...judgement,
    ...(same ? { trustworthiness: null, purity: null } : {}),
    method,
    dimensions,
    points: Float32Array.from(drawn.points),
    rows: taken,
    extra: drawn.extra && Float32Array.from(drawn.extra),
    explained: drawn.explained,
    divergence: drawn.divergence,
    perplexity: drawn.perplexity,
    note,
  };
}

/**
 * A picture of the rows. @throws RangeError for more rows than the method draws, rows that are not finite (naming the row), or settings
 * out of bounds
 */
export function project(data: Data, options: ProjectOptions): Projection {
  return finish(projectSteps(data, options));
}

function allEqual(rows: Float64Array, width: number): boolean {
  for (let k = width; k < rows.length; k++) if (Math.abs(rows[k] - rows[k % width]) > 1e-12) return false;
  return true;
}

function* draw(rows: Float64Array, width: number, extra: Float64Array | undefined, options: ProjectOptions): Steps<Drawn> {
  const { method, dimensions, seed = 0, start } = options;
  const among = (points: Float64Array) => (extra ? standIns(rows, width, points, dimensions, extra) : null);
  if (method === 'umap') {
    const { neighbours = 15, minDist = 0.1 } = options;
    const settings = { dimensions, seed, neighbours, minDist, ...(start ? { start } : {}) };
    const { points } = yield* umapSteps(rows, width, settings);
    return { points, extra: among(points), explained: null, divergence: null, perplexity: null };
  }
  if (method === 'tsne') {
    const perplexity = options.perplexity ?? choosePerplexity(rows.length / width);
    const affinities = yield* part(similaritySteps(rows, width, perplexity), 0, 0.15);
    const wide = width > 1 ? rows : Float64Array.from({ length: 2 * rows.length }, (_, k) => (k % 2 ? 0 : rows[k / 2]));
    const map = new TsneMap(wide, Math.max(2, width), {
      perplexity,
      seed,
      dimensions,
      affinities,
      ...(start ? { start } : {}),
    });
    while (!map.done) {
      map.step();
      yield 0.15 + (0.85 * map.iteration) / map.iterations;
    }
    const { points } = map;
    return { points, extra: among(points), explained: null, divergence: map.divergence(), perplexity };
  }
  const found = yield* axesSteps(rows, width, dimensions);
  let points = onAxes(found, rows, width);
  if (start) {
    const along = (k: number) => points.reduce((s, x, at) => (at % dimensions === k ? s + x * start[at] : s), 0);
    found.axes = found.axes.map((axis, k) => (along(k) < 0 ? axis.map((x) => -x) : axis));
    points = onAxes(found, rows, width);
  }
  return {
    points,
    extra: extra ? onAxes(found, extra, width) : null,
    explained: found.explained,
    divergence: null,
    perplexity: null,
  };
}

/** Mean position in a picture of the rows nearest to each of some points, f64[m, dimensions]. */
export function standIns(
  rows: Float64Array,
  width: number,
  points: ArrayLike<number>,
  dimensions: number,
  of: Float64Array,
): Float64Array {
  const k = Math.min(STAND_INS, rows.length / width);
  const { index } = nearestTo(of, rows, width, k);
  return Float64Array.from({ length: (of.length / width) * dimensions }, (_, at) => {
    const i = Math.floor(at / dimensions);
    let sum = 0;
    for (const j of index.subarray(i * k, (i + 1) * k)) sum += points[j * dimensions + (at % dimensions)] / k;
    return sum;
  });
}
