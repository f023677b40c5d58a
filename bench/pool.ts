import { type ContrastPool, type ContrastWeights, contrast } from '../src/math/contrast';
import { Random } from '../src/math/random';

export const WEIGHTS: ContrastWeights = { tau: 0.1, beta: 0.5, gamma: 0.5 };
export const WIDTH = 256;
export const DOMAINS = 5;
const GROUP = 8;
const STREAM = 97;

/** A pool of N rollouts as every contender gets it. */
export interface BenchPool {
  size: number;
  prompts: number;
  /** f32[N, WIDTH] */
  u: Float32Array;
  reward: Float32Array;
  prompt: Uint32Array;
  domain: Uint32Array;
}

/** Loss and dL/du. */
export interface Answer {
  loss: number;
  du: Float32Array | Float64Array;
}

/**
 * Seeded pool: groups of 8, half of each group correct, 5 domains. An embedding is a direction common to all correct rollouts, one of
 * its domain, one of its prompt, and noise, so that cosines spread as in training.
 */
export function makePool(size: number, seed = 1): BenchPool {
  const random = new Random(seed, STREAM, size);
  const prompts = size / GROUP;
  const direction = (scale: number) => Float64Array.from({ length: WIDTH }, () => scale * random.normal());
  const common = direction(0.6);
  const ofDomain = Array.from({ length: DOMAINS }, () => direction(0.4));
  const pool: BenchPool = {
    size,
    prompts,
    u: new Float32Array(size * WIDTH),
    reward: new Float32Array(size),
    prompt: new Uint32Array(size),
    domain: new Uint32Array(size),
  };
  for (let p = 0; p < prompts; p++) {
    const domain = Math.floor((p * DOMAINS) / prompts);
    const ofPrompt = direction(0.4);
    const rewards = random.shuffled(Array.from({ length: GROUP }, (_, j) => j % 2));
    for (let j = 0; j < GROUP; j++) {
      const i = p * GROUP + j;
      pool.reward[i] = rewards[j];
      pool.prompt[i] = p;
      pool.domain[i] = domain;
      for (let k = 0; k < WIDTH; k++)
        pool.u[i * WIDTH + k] = rewards[j] * common[k] + ofDomain[domain][k] + ofPrompt[k] + 0.5 * random.normal();
    }
  }
  return pool;
}

/** The float64 definition's answer. */
export function definition(pool: BenchPool): Answer {
  const rows: ContrastPool = {
    u: Array.from({ length: pool.size }, (_, i) => Array.from(pool.u.subarray(i * WIDTH, (i + 1) * WIDTH))),
    reward: Array.from(pool.reward),
    prompt: Array.from(pool.prompt),
    domain: Array.from(pool.domain),
  };
  const { loss, du } = contrast(rows, WEIGHTS);
  return { loss: loss.contrastive, du: Float64Array.from(du.flat()) };
}

/** What a user of an array library makes outside of the step, from the labels alone. A are the anchor rows. */
export interface Prepared {
  /** Rows of the anchors: the correct rollouts, or all when roles are masks. */
  anchors: Int32Array;
  negatives: Int32Array;
  /** Prompt of each anchor row. */
  promptOf: Int32Array;
  /** f32[M, A]: row p averages the correct rollouts of prompt p. */
  member: Float32Array;
  /** f32[A, A]: 1 where both are correct and their domains differ. */
  cross: Float32Array;
  /** f32[A, A]: gamma / Z_in where both are correct and of one domain, 0 on the diagonal. */
  inDomain: Float32Array;
}

const rowsWhere = ({ size }: BenchPool, test: (i: number) => boolean) =>
  Int32Array.from(Array.from({ length: size }, (_, i) => i).filter(test));

/** Blocks of S: anchors are the correct rollouts. */
export const blocksOf = (pool: BenchPool): Prepared =>
  prepare(
    pool,
    rowsWhere(pool, (i) => pool.reward[i] >= 0.5),
  );
/** All of S: every rollout is an anchor row, and those that are wrong have weight 0. */
export const masksOf = (pool: BenchPool): Prepared =>
  prepare(
    pool,
    rowsWhere(pool, () => true),
  );

function prepare(pool: BenchPool, anchors: Int32Array): Prepared {
  const { prompts, reward, prompt, domain } = pool;
  const A = anchors.length;
  const cross = new Float32Array(A * A);
  const inDomain = new Float32Array(A * A);
  const member = new Float32Array(prompts * A);
  const correct = new Float32Array(prompts);
  anchors.forEach((i) => void (correct[prompt[i]] += reward[i]));
  let mass = 0;
  anchors.forEach((i, a) => {
    if (reward[i] < 0.5) return;
    member[prompt[i] * A + a] = 1 / correct[prompt[i]];
    anchors.forEach((j, b) => {
      if (i === j || reward[j] < 0.5) return;
      if (domain[i] !== domain[j]) cross[a * A + b] = 1;
      else mass += inDomain[a * A + b] = 1;
    });
  });
  return {
    anchors,
    negatives: rowsWhere(pool, (i) => reward[i] < 0.5),
    promptOf: Int32Array.from(anchors, (i) => prompt[i]),
    member,
    cross,
    inDomain: inDomain.map((x) => (x * WEIGHTS.gamma) / mass),
  };
}

/** Embeddings of the listed rows, one after the other. */
export function rowsOf({ u }: BenchPool, rows: Int32Array): Float32Array {
  const out = new Float32Array(rows.length * WIDTH);
  rows.forEach((i, a) => void out.set(u.subarray(i * WIDTH, (i + 1) * WIDTH), a * WIDTH));
  return out;
}

/** Puts rows that are arranged by role back in the pool's order. */
export function inPoolOrder(
  { anchors, negatives }: Prepared,
  ofAnchors: ArrayLike<number>,
  ofNegatives: ArrayLike<number>,
): Float32Array {
  const out = new Float32Array((anchors.length + negatives.length) * WIDTH);
  const place = (rows: Int32Array, from: ArrayLike<number>) =>
    rows.forEach((i, a) => {
      for (let k = 0; k < WIDTH; k++) out[i * WIDTH + k] = from[a * WIDTH + k];
    });
  place(anchors, ofAnchors);
  place(negatives, ofNegatives);
  return out;
}
