import { HYPER, HYPER_SIZE } from '../config/hyper';
import type { Backend, Memory } from '../gpu/backend';
import type { Data } from '../gpu/kernel';
import { Layout, PlanBuilder } from '../gpu/plan';
import { type MetricName, statOf } from '../kernels/metrics';
import { addContrast, contrastResources, slices, TABLE_LIMIT } from './contrast';
import { MAX_POOL, type Pool } from './pool';

export type { Pool } from './pool';
export { MAX_POOL, parsePool } from './pool';

/** Coefficients of the objective (11) and whether to return its gradient. */
export interface AnalyzeOptions {
  tau: number;
  beta: number;
  gamma: number;
  gradients: boolean;
  /** Share of the work done, 0 to 1. */
  progress?: (share: number) => void;
}

type Matrix = (number | null)[][];

/** The contrastive objective on a pool of rollouts; null where there is no data. */
export interface Analysis {
  n: number;
  positives: number;
  negatives: number;
  /** Rollouts without a direction: an embedding of zeros. */
  excluded: number;
  /** Number of domains. */
  domains: number;
  /** (11), (9), (10). */
  loss: { contrastive: number; cross: number; inDomain: number };
  /** Z_x and Z_in (8). */
  mass: { cross: number; inDomain: number };
  logit: { crossPositive: number | null; inDomainPositive: number | null; negative: number | null; margin: number | null };
  /** Mean compatibility over cross-domain positive pairs. */
  weight: { cross: number | null };
  /** w (5); left out (null) beyond TABLE_LIMIT prompts. */
  compatibility: { prompts: string[]; matrix: Matrix | null; note?: string };
  /** 1 − cosine between the domains' mean correct embeddings. */
  centroidDistance: { domains: string[]; matrix: Matrix | null; note?: string };
  /** ∂L/∂embedding of each row, in the order of the rows given. */
  gradient?: number[][];
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Length of a vector without overflow. */
function lengthOf(x: readonly number[]): number {
  let most = 0;
  for (const v of x) most = Math.max(most, Math.abs(v));
  if (most === 0) return 0;
  let sum = 0;
  for (const v of x) sum += (v / most) ** 2;
  return most * Math.sqrt(sum);
}

/** The pool in the kernels' order: rows sorted by domain, then prompt; unit embeddings, padded to a multiple of 4. */
function arrangePool({ domain, prompt, reward, embedding }: Pool) {
  const n = reward.length;
  const dimension = embedding[0].length;
  const width = Math.ceil(dimension / 4) * 4;
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => compare(domain[a], domain[b]) || compare(prompt[a], prompt[b]) || a - b,
  );
  const domains: string[] = [];
  const prompts: string[] = [];
  const length = new Float64Array(n); // by place in `order`
  const u = new Float32Array(n * width);
  const labels = { reward: new Float32Array(n), prompt: new Uint32Array(n), domain: new Uint32Array(n) };
  order.forEach((i, at) => {
    const fresh = domains.at(-1) !== domain[i];
    if (fresh) domains.push(domain[i]);
    if (fresh || prompts.at(-1) !== prompt[i]) prompts.push(prompt[i]);
    labels.domain[at] = domains.length - 1;
    labels.prompt[at] = prompts.length - 1;
    length[at] = lengthOf(embedding[i]);
    const usable = length[at] >= 1e-12;
    labels.reward[at] = usable ? Number(reward[i] >= 0.5) : -1;
    if (usable) for (let k = 0; k < dimension; k++) u[at * width + k] = embedding[i][k] / length[at];
  });
  return { n, dimension, width, order, domains, prompts, length, u, labels };
}

/**
 * Losses, masses, logits, compatibilities, distances and, if asked for, gradients of a pool on `backend`.
 * @throws Error when the pool is empty or has more than MAX_POOL rollouts, or does not fit the device (naming the limit).
 */
export async function analyzePool(
  backend: Backend,
  pool: Pool,
  { tau, beta, gamma, gradients, progress }: AnalyzeOptions,
): Promise<Analysis> {
  if (pool.reward.length < 1 || pool.reward.length > MAX_POOL)
    throw new Error(`invalid number of rollouts: ${pool.reward.length} (1 to ${MAX_POOL})`);
  const sorted = arrangePool(pool);
  const { n, width, domains, prompts } = sorted;
  const shape = { pool: n, prompts: prompts.length, width, domains: domains.length };
  const layout = new Layout(1);
  contrastResources(layout, shape);
  const builder = new PlanBuilder('analyze', layout);
  addContrast(builder, shape, { gradients, weighted: false });
  const memory = await backend.allocate(layout);
  try {
    const hyper = new Float32Array(HYPER_SIZE);
    hyper[HYPER['contrast.tau']] = tau;
    hyper[HYPER['contrast.beta']] = beta;
    hyper[HYPER['contrast.gamma']] = gamma;
    memory.write('hyper', hyper);
    memory.write('contrast.u', sorted.u);
    for (const [name, data] of Object.entries(sorted.labels)) memory.write(`contrast.${name}`, data);
    const parts = slices(builder.build());
    for (const [i, part] of parts.entries()) {
      (await memory.compile(part)).run();
      await memory.idle();
      progress?.((i + 1) / parts.length);
    }
    return await readAnalysis(memory, sorted, gradients);
  } finally {
    memory.destroy();
  }
}

async function readAnalysis(memory: Memory, sorted: ReturnType<typeof arrangePool>, gradients: boolean): Promise<Analysis> {
  const { n, domains, prompts, order, dimension, width, length } = sorted;
  const stats = await memory.read('stats');
  const metric = (name: MetricName) => (stats[statOf(name) + 1] > 0 ? stats[statOf(name)] / stats[statOf(name) + 1] : null);
  const [positives, negatives, excluded] = (await memory.read('contrast.order')).subarray(n);
  const crossPositive = metric('logit/crossPositive');
  const negative = metric('logit/negative');
  const analysis: Analysis = {
    n,
    positives,
    negatives,
    excluded,
    domains: domains.length,
    loss: {
      contrastive: metric('loss/contrastive') ?? 0,
      cross: metric('loss/cross') ?? 0,
      inDomain: metric('loss/inDomain') ?? 0,
    },
    mass: { cross: metric('mass/cross') ?? 0, inDomain: metric('mass/inDomain') ?? 0 },
    logit: {
      crossPositive,
      inDomainPositive: metric('logit/inDomainPositive'),
      negative,
      margin: crossPositive === null || negative === null ? null : crossPositive - negative,
    },
    weight: { cross: metric('weight/cross') },
    compatibility: { prompts, matrix: null },
    centroidDistance: { domains, matrix: null },
  };

  const tooMany = (what: string, count: number) => `left out for ${count} ${what} (at most ${TABLE_LIMIT})`;
  if (prompts.length > TABLE_LIMIT) analysis.compatibility.note = tooMany('prompts', prompts.length);
  else {
    const size = await memory.read('contrast.size');
    const weight = await memory.read('contrast.weight');
    analysis.compatibility.matrix = square(weight, prompts.length, (p, q, w) => (size[2 * p] && size[2 * q] ? w : null));
  }
  if (domains.length > TABLE_LIMIT) analysis.centroidDistance.note = tooMany('domains', domains.length);
  else {
    const distance = await memory.read('contrast.distance');
    analysis.centroidDistance.matrix = square(distance, domains.length, (_a, _b, x) => (x < 0 ? null : x));
  }
  if (gradients) {
    const du = await memory.read('contrast.du');
    const rows: number[][] = new Array(n);
    // On the device every embedding has length 1.
    order.forEach((i, at) => {
      const scale = length[at] >= 1e-12 ? 1 / length[at] : 0;
      rows[i] = Array.from(du.subarray(at * width, at * width + dimension), (x) => x * scale);
    });
    analysis.gradient = rows;
  }
  return analysis;
}

const square = (data: Data, size: number, of: (row: number, column: number, x: number) => number | null): Matrix =>
  Array.from({ length: size }, (_, r) => Array.from({ length: size }, (_, c) => of(r, c, data[r * size + c])));
