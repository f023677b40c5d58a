/** What a step does to every logit of a batch: S_ij after minus S_ij before, pair by pair, under one or more settings. */
import { part, type Steps } from '../../math/steps';
import { QUANTILES } from './distributions';
import { cosineSteps, type Labels, MAX_PAIRS, type Pool, poolOf } from './pool';
import { KIND, ROLE } from './roles';
import { pick, type Rows, samplePrompts } from './rows';
import { roleAt } from './similarityView';

/** Values in short; null where there are none. */
export interface Spread {
  count: number;
  mean: number | null;
  /** At QUANTILES. */
  quantiles: number[] | null;
}

/** The changed logits of one outcome. A *place* is a position in the sorted order, a *row* one in its frames. */
export interface LogitChange {
  n: number;
  /** u32[n]: row at each place: by domain, then prompt, then correct ones first. */
  order: Uint32Array;
  /** u32[n], u32[n], u8[n] of KIND, by place; `prompt` as in the frame. */
  domain: Uint32Array;
  prompt: Uint32Array;
  kind: Uint8Array;
  scope: 'pool' | 'prompt';
  /** f32[n, n] by place: change of S_ij; NaN for excluded rollouts. */
  change: Float32Array;
  /** The same minus the first outcome's change of the same pair; null for the first. */
  against: Float32Array | null;
  /** Over ordered pairs (correct anchor, partner). */
  roles: { crossPositive: Spread; inDomainPositive: Spread; negative: Spread };
}

/** How logits are measured. */
export interface LogitChangeOptions {
  /** One τ for all, so that what changes is the embedding and not the measure. */
  tau: number;
  labels: Labels;
  scope: 'pool' | 'prompt';
  /** Of each outcome: row in the first outcome's frames of each of its rows. */
  rows: readonly Uint32Array[];
  /** Most rollouts whose pairs are looked at; beyond, those of a seeded sample of prompts. MAX_PAIRS / 2 when left out. */
  most?: number;
}

/** The changed logits of each outcome, the first of which is what the others are compared with. */
export interface LogitChanges {
  outcomes: LogitChange[];
  /** All changes but one in a hundred are at most so large. */
  reach: number;
  /** Rollouts that the first outcome has, and those that were looked at. */
  n: number;
  looked: number;
}

/** Values sorted in place. */
export function spreadOf(values: Float64Array): Spread {
  const { length } = values;
  if (!length) return { count: 0, mean: null, quantiles: null };
  const mean = values.reduce((s, x) => s + x, 0) / length;
  values.sort();
  const quantile = (q: number) => {
    const at = q * (length - 1);
    const low = values[Math.floor(at)];
    return low + (at - Math.floor(at)) * (values[Math.min(length - 1, Math.floor(at) + 1)] - low);
  };
  return { count: length, mean, quantiles: QUANTILES.map(quantile) };
}

/** Some rows of a frame, with all that the analysis reads. */
function someRows(frame: Rows, rows: Uint32Array): Rows {
  const maybe = (data: Float32Array | null) => data && pick(data, rows);
  return {
    ...frame,
    n: rows.length,
    domain: pick(frame.domain, rows),
    column: pick(frame.column, rows),
    prompt: pick(frame.prompt, rows),
    reward: pick(frame.reward, rows),
    score: maybe(frame.score),
    length: frame.length && pick(frame.length, rows),
    vectors: frame.vectors && pick(frame.vectors, rows, frame.width),
  };
}

/** Rows of a pool by domain, prompt, verdict. */
function sorted({ n, domain, prompt, promptOf }: Pool, kind: Uint8Array): Uint32Array {
  const rank = (i: number) => [1, 0, 2][kind[i]];
  const by = (a: number, b: number) =>
    domain[a] - domain[b] || promptOf[prompt[a]] - promptOf[prompt[b]] || rank(a) - rank(b) || a - b;
  return Uint32Array.from({ length: n }, (_, i) => i).sort(by);
}

/** An outcome of a sample of rows. */
interface Made {
  /** `order` counts within the sample. */
  outcome: LogitChange;
  /** f64[n, n] by row of the sample: change of the cosine. */
  cosine: Float64Array;
}

function* changeSteps(before: Rows, after: Rows, { tau, labels, scope }: LogitChangeOptions): Steps<Made> {
  const [pool, then] = [poolOf(before, labels), poolOf(after, labels)];
  const { n } = pool;
  const kind = pool.kind.map((k, i) => (then.kind[i] === KIND.excluded ? KIND.excluded : k));
  const was = yield* part(cosineSteps(pool), 0, 0.4);
  const cosine = yield* part(cosineSteps(then), 0.4, 0.8);
  for (let i = 0; i < cosine.length; i++) cosine[i] -= was[i];
  const order = sorted(pool, kind);
  const byPlace = {
    kind: Uint8Array.from(order, (i) => kind[i]),
    domain: Uint32Array.from(order, (i) => pool.domain[i]),
    prompt: Uint32Array.from(order, (i) => pool.promptOf[pool.prompt[i]]),
  };
  const change = new Float32Array(n * n);
  const values: number[][] = [[], [], [], [], []];
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      const out = byPlace.kind[a] === KIND.excluded || byPlace.kind[b] === KIND.excluded;
      const s = out ? Number.NaN : a === b ? 0 : cosine[order[a] * n + order[b]] / tau;
      change[a * n + b] = s;
      values[roleAt({ ...byPlace, scope }, a, b)].push(s);
    }
    if (a % 16 === 0) yield 0.8 + (0.2 * a) / n;
  }
  const spread = (role: number) => spreadOf(Float64Array.from(values[role]));
  const roles = {
    crossPositive: spread(ROLE.cross),
    inDomainPositive: spread(ROLE.inDomain),
    negative: spread(ROLE.negative),
  };
  return { outcome: { n, order, ...byPlace, scope, change, against: null, roles }, cosine };
}

/** Changes minus those of the same pairs in `base`; `at`: place in base's sample of each place. */
function minusBase({ outcome: { change, n } }: Made, base: Made, at: readonly number[], tau: number): Float32Array {
  return change.map((s, c) => {
    const [a, b] = [Math.floor(c / n), c % n];
    return a === b ? s : s - base.cosine[at[a] * base.outcome.n + at[b]] / tau;
  });
}

/** Quantile 0.99 of |x| over a regular sample of the changes. */
function reachOf(outcomes: readonly LogitChange[]): number {
  const sizes = outcomes.flatMap(({ change }) => {
    const stride = Math.max(1, Math.floor(change.length / 50_000));
    const some: number[] = [];
    for (let i = 0; i < change.length; i += stride) if (Number.isFinite(change[i])) some.push(Math.abs(change[i]));
    return some;
  });
  const all = Float64Array.from(sizes).sort();
  return all.length ? all[Math.floor(0.99 * (all.length - 1))] : 0;
}

/**
 * Changes from the first to the second frame of each pair [before, after, before, after, …].
 * @throws RangeError where frames and `rows` do not go together, Error for frames without vectors
 */
export function* logitChangeSteps(frames: readonly Rows[], options: LogitChangeOptions): Steps<LogitChanges> {
  const { rows, tau, most = MAX_PAIRS / 2 } = options;
  if (frames.length !== 2 * rows.length || !rows.length)
    throw new RangeError(`invalid frames: ${frames.length} for ${rows.length} outcomes (two for each, one before and one after)`);
  const [{ n }] = frames;
  const look = samplePrompts(frames[0], most, 0);
  const placeOf = new Map(Array.from(look, (row, at) => [row, at]));
  let base: Made | null = null;
  const outcomes: LogitChange[] = [];
  for (let k = 0; k < rows.length; k++) {
    const [before, after] = [frames[2 * k], frames[2 * k + 1]];
    if (before.n !== rows[k].length || after.n !== before.n)
      throw new RangeError(`invalid frames: ${before.n} and ${after.n} rows of outcome ${k} (${rows[k].length})`);
    const own = Uint32Array.from(rows[k].keys()).filter((i) => placeOf.has(rows[k][i]));
    const steps = changeSteps(someRows(before, own), someRows(after, own), options);
    const made = yield* part(steps, k / rows.length, (k + 1) / rows.length);
    const order = made.outcome.order.map((i) => own[i]);
    const at = Array.from(order, (row) => placeOf.get(rows[k][row]) as number);
    outcomes.push({ ...made.outcome, order, against: base && minusBase(made, base, at, tau) });
    base ??= made;
  }
  return { outcomes, reach: reachOf(outcomes), n, looked: look.length };
}
