/** The embedding film: pictures of one run's frames, each going on from the one before and turned to lie on it. */
import { unitRows } from '../../math/embedding';
import { nearestToSteps } from '../../math/neighbours';
import { move, type Orthogonal, orthogonal } from '../../math/orthogonal';
import { finish, part, type Steps } from '../../math/steps';
import { type Projection, type ProjectOptions, projectSteps } from './projection';
import { framePrototypes, type Prototypes } from './prototypes';
import { pick, type Rows, sampleRows, vectorsOf } from './rows';

/** How to draw a film; `start` and `extra` are the film's own. */
export interface FilmOptions extends Omit<ProjectOptions, 'start' | 'extra'> {
  /** Starts each picture from the one before (default true). */
  warm?: boolean;
  /** Turns each picture to lie on the one before (default true). */
  align?: boolean;
  /** Lets the alignment change the size too (default false). */
  scale?: boolean;
  /** Shows the prompts' prototypes in the picture (default false). */
  prototypes?: boolean;
}

/** The picture before: its frame, and its map or at least the points (and rows, where they are a sample). */
export interface Previous {
  frame: Rows;
  points: ArrayLike<number>;
  rows?: Uint32Array | null;
}

/** A picture of a film. */
export interface FilmMap extends Projection {
  source: Rows['source'];
  step: number;
  /** Whether its rows are those of the picture before, one by one; false for the first. */
  corresponds: boolean;
  /**
   * Mean movement from the picture before, after alignment: of the rows if they correspond, else of the centroids of (domain, correct)
   * cells, weighted by rows; in the picture's units, and divided by the radius (root mean square) of the picture before. Null for the first.
   */
  drift: number | null;
  driftShare: number | null;
  /** Points f32[m, dimensions] of the prototypes, without their vectors. */
  prototypes: (Omit<Prototypes, 'vectors'> & { points: Float32Array }) | null;
}

/** Rows of the frame before whose mean position is a new row's start, where rows do not correspond. */
const KIN = 5;

/** The next picture, in steps. @throws RangeError as `project`, or for a previous map of another size */
export function* nextFilmSteps(previous: Previous | null, frame: Rows, options: FilmOptions): Steps<FilmMap> {
  const { dimensions, seed = 0, sample, warm = true, align = true } = options;
  const vectors = vectorsOf(frame);
  const rows = sample !== undefined && sample < frame.n ? sampleRows(frame.n, sample, seed) : null;
  const before = previous && demandMap(previous, dimensions);
  const usable = before && before.frame.width === frame.width && before.frame.n > 0 && frame.n > 0 ? before : null;
  const corresponds = usable !== null && correspond(usable, frame, rows);
  const near = usable && !corresponds ? yield* part(kinPositions(usable, frame, rows, options), 0, 0.05) : null;
  const start = corresponds ? usable.points : near;
  const prototypes = options.prototypes ? framePrototypes(frame) : null;
  const map = yield* part(
    projectSteps(
      { rows: vectors, width: frame.width, label: frame.domain },
      {
        ...options,
        ...(warm && start ? { start } : {}),
        ...(prototypes ? { extra: prototypes.vectors } : {}),
      },
    ),
    0.05,
    1,
  );
  let { points, extra } = map;
  let moved: { mean: number; share: number | null } | null = null;
  if (usable) {
    const pairs = () =>
      corresponds ? rowPairs(points, usable.points, dimensions) : cellPairs(frame, rows, points, usable, near, dimensions);
    if (align) {
      const { from, to, weight } = pairs();
      const turn = orthogonal(from, to, dimensions, { scale: options.scale ?? false, weight });
      points = turned(turn, points);
      extra = extra && turned(turn, extra);
    }
    moved = movement(pairs(), usable.points, dimensions);
  }
  const { vectors: _, ...named } = prototypes ?? { vectors: null };
  return {
    ...map,
    points,
    extra: null,
    source: frame.source,
    step: frame.step,
    corresponds,
    drift: moved?.mean ?? null,
    driftShare: moved?.share ?? null,
    prototypes: extra && 'prompt' in named ? { ...named, points: extra } : null,
  };
}

/** All pictures of a film, in steps. */
export function* filmSteps(frames: readonly Rows[], options: FilmOptions): Steps<FilmMap[]> {
  const maps: FilmMap[] = [];
  for (const [at, frame] of frames.entries()) {
    const last = maps.at(-1);
    const previous = last ? { frame: frames[at - 1], points: last.points, rows: last.rows } : null;
    maps.push(yield* part(nextFilmSteps(previous, frame, options), at / frames.length, (at + 1) / frames.length));
  }
  return maps;
}

/** The next picture of a film. @throws as `nextFilmSteps` */
export function nextFilmMap(previous: Previous | null, frame: Rows, options: FilmOptions): FilmMap {
  return finish(nextFilmSteps(previous, frame, options));
}

/** All pictures of a film. @throws as `nextFilmSteps` */
export function filmOf(frames: readonly Rows[], options: FilmOptions): FilmMap[] {
  return finish(filmSteps(frames, options));
}

interface Known {
  frame: Rows;
  points: Float64Array;
  rows: Uint32Array | null;
}

function demandMap({ frame, points, rows = null }: Previous, dimensions: number): Known {
  const n = rows?.length ?? frame.n;
  if (points.length !== n * dimensions)
    throw new RangeError(`invalid previous map: ${points.length} numbers (${n} points of ${dimensions})`);
  return { frame, points: Float64Array.from(points), rows };
}

const equal = (a: Uint32Array, b: Uint32Array) => a.length === b.length && a.every((x, i) => x === b[i]);

/** Held-out frames answer the same prompts in the same order. */
function correspond(before: Known, frame: Rows, rows: Uint32Array | null): boolean {
  if (before.frame.source !== 'heldOut' || frame.source !== 'heldOut') return false;
  const same = rows === before.rows || (rows !== null && before.rows !== null && equal(rows, before.rows));
  return same && equal(before.frame.prompt, frame.prompt) && equal(before.frame.domain, frame.domain);
}

/** Unit (or plain) vectors of the rows drawn. */
function drawn(frame: Rows, rows: Uint32Array | null, normalize: boolean): Float64Array {
  const vectors = vectorsOf(frame);
  const some = rows ? pick(vectors, rows, frame.width) : vectors;
  return normalize ? unitRows(some, frame.width) : Float64Array.from(some);
}

/** Mean position, in the picture before, of the rows nearest to each row in the original space. */
function* kinPositions(before: Known, frame: Rows, rows: Uint32Array | null, options: FilmOptions): Steps<Float64Array> {
  const { dimensions, normalize = true } = options;
  const old = drawn(before.frame, before.rows, normalize);
  const now = drawn(frame, rows, normalize);
  const k = Math.min(KIN, old.length / frame.width);
  const { index } = yield* nearestToSteps(now, old, frame.width, k);
  return Float64Array.from({ length: (now.length / frame.width) * dimensions }, (_, at) => {
    let sum = 0;
    const i = Math.floor(at / dimensions);
    for (const j of index.subarray(i * k, (i + 1) * k)) sum += before.points[j * dimensions + (at % dimensions)] / k;
    return sum;
  });
}

/** Points that belong together in two pictures, f64[m, dimensions] each, with weights. */
interface Pairs {
  from: ArrayLike<number>;
  to: ArrayLike<number>;
  weight: Float64Array;
}

const rowPairs = (now: Float32Array, before: Float64Array, dimensions: number): Pairs => ({
  from: now,
  to: before,
  weight: new Float64Array(now.length / dimensions).fill(1),
});

/** Centroids of the cells that both pictures have; too few to fix a direction: each row and where its kin were. */
function cellPairs(
  frame: Rows,
  rows: Uint32Array | null,
  points: Float32Array,
  before: Known,
  near: Float64Array | null,
  dimensions: number,
): Pairs {
  const now = cells(frame, rows, points, dimensions);
  const old = cells(before.frame, before.rows, before.points, dimensions);
  const shared = [...now.keys()].filter((key) => old.has(key));
  if (shared.length <= dimensions && near) return rowPairs(points, near, dimensions);
  const centre = (of: typeof now) => shared.flatMap((key) => of.get(key)?.mean ?? []);
  const size = (of: typeof now, key: string) => of.get(key)?.count ?? 0;
  return {
    from: centre(now),
    to: centre(old),
    weight: Float64Array.from(shared, (key) => Math.min(size(now, key), size(old, key))),
  };
}

function cells({ domain, domains, reward }: Rows, rows: Uint32Array | null, points: ArrayLike<number>, dimensions: number) {
  const found = new Map<string, { count: number; mean: number[] }>();
  for (let at = 0; at < points.length / dimensions; at++) {
    const row = rows ? rows[at] : at;
    const key = `${domains[domain[row]] ?? domain[row]}|${reward[row] >= 0.5}`;
    const cell = found.get(key) ?? { count: 0, mean: new Array<number>(dimensions).fill(0) };
    cell.count++;
    for (let d = 0; d < dimensions; d++) cell.mean[d] += (points[at * dimensions + d] - cell.mean[d]) / cell.count;
    found.set(key, cell);
  }
  return found;
}

const turned = (turn: Orthogonal, points: Float32Array) => Float32Array.from(move(turn, points));

/** Weighted mean distance of the pairs, and that as a share of the radius of the picture before. */
function movement({ from, to, weight }: Pairs, before: Float64Array, dimensions: number) {
  let [sum, whole] = [0, 0];
  for (let i = 0; i < from.length / dimensions; i++) {
    let square = 0;
    for (let d = 0; d < dimensions; d++) square += (from[i * dimensions + d] - to[i * dimensions + d]) ** 2;
    sum += weight[i] * Math.sqrt(square);
    whole += weight[i];
  }
  const centre = new Float64Array(dimensions);
  const n = before.length / dimensions;
  before.forEach((x, k) => void (centre[k % dimensions] += x / n));
  const radius = Math.sqrt(before.reduce((s, x, k) => s + (x - centre[k % dimensions]) ** 2 / n, 0));
  return { mean: sum / whole, share: radius > 0 ? sum / whole / radius : null };
}
