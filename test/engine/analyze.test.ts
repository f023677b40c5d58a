import { describe, expect, test } from 'vitest';
import { nodeBackend } from '../../src/cli/device';
import { type Analysis, analyzePool, type Pool } from '../../src/engine/analyze';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { type ContrastResult, contrast } from '../../src/math/contrast';
import { Random } from '../../src/math/random';

const webgpu = nodeBackend('webgpu', () => {});
const backends = { cpu: Promise.resolve(cpuBackend()), webgpu };
const weights = { tau: 0.1, beta: 0.5, gamma: 0.7 };

interface Sizes {
  rollouts: number;
  prompts: number;
  domains: number;
  width: number;
  correct?: number;
}

/** Clustered embeddings of uneven lengths, so that logits are neither all alike nor all apart; rows in a scattered order. */
function randomPool({ rollouts, prompts, domains, width, correct = 0.5 }: Sizes, seed = 1): Pool {
  const random = new Random(seed, 77, rollouts);
  const centre = Array.from({ length: prompts }, () => Array.from({ length: width }, () => 0.4 + random.normal()));
  const rows = Array.from({ length: rollouts }, (_, i) => {
    const p = (i * 7 + random.below(3)) % prompts;
    const length = Math.exp(3 * random.normal());
    return {
      domain: `d${p % domains}`,
      prompt: `p${p}`,
      reward: random.unit() < correct ? 1 : 0,
      embedding: centre[p].map((c) => length * (c + random.normal())),
    };
  });
  return columns(rows);
}

type Row = { domain: string; prompt: string; reward: number; embedding: number[] };
const columns = (rows: Row[]): Pool => ({
  domain: rows.map((r) => r.domain),
  prompt: rows.map((r) => r.prompt),
  reward: rows.map((r) => r.reward),
  embedding: rows.map((r) => r.embedding),
});
const rowsOf = (pool: Pool): Row[] =>
  pool.reward.map((reward, i) => ({ domain: pool.domain[i], prompt: pool.prompt[i], reward, embedding: pool.embedding[i] }));

/** |have − want| ≤ rtol · max(1, |want|): means of logits may cross zero. */
function close(have: number | null, want: number | null, what: string, rtol = 1e-5) {
  if (have === null || want === null) expect(have, what).toBe(want);
  else expect(Math.abs(have - want) / Math.max(1, Math.abs(want)), `${what}: ${have}, expected ${want}`).toBeLessThan(rtol);
}

/** Losses are compared relative to themselves. */
function closeLoss(have: number, want: number, what: string) {
  expect(Math.abs(have - want), `${what}: ${have}, expected ${want}`).toBeLessThanOrEqual(1e-5 * Math.abs(want));
}

/** Gradient rows are compared relative to the longest row, after taking out the lengths of the embeddings. */
function closeGradient(have: number[][], want: number[][], pool: Pool) {
  const length = pool.embedding.map((x) => Math.hypot(...x));
  const most = Math.max(...want.map((g, i) => Math.hypot(...g) * length[i]));
  let worst = 0;
  want.forEach((g, i) => {
    worst = Math.max(worst, Math.hypot(...g.map((x, k) => x - have[i][k])) * length[i]);
  });
  if (most === 0) expect(worst).toBe(0);
  else expect(worst / most, 'gradient').toBeLessThan(1e-4);
}

/** Pools and their definitions, made once for all backends. */
const pools = new Map<string, Pool>();
const definitions = new Map<Pool, ContrastResult>();
function poolOf(sizes: Sizes): Pool {
  const key = JSON.stringify(sizes);
  const pool = pools.get(key) ?? randomPool(sizes);
  pools.set(key, pool);
  return pool;
}

function agree(have: Analysis, pool: Pool) {
  const want = definitions.get(pool) ?? contrast({ ...pool, u: pool.embedding }, weights);
  definitions.set(pool, want);
  expect([have.positives, have.negatives, have.excluded]).toEqual([want.positives, want.negatives, want.excluded]);
  for (const key of ['contrastive', 'cross', 'inDomain'] as const) closeLoss(have.loss[key], want.loss[key], `loss.${key}`);
  for (const key of ['crossPositive', 'inDomainPositive', 'negative', 'margin'] as const)
    close(have.logit[key], want.logit[key], `logit.${key}`);
  close(have.mass.cross, want.mass.cross, 'mass.cross');
  close(have.mass.inDomain, want.mass.inDomain, 'mass.inDomain');
  close(have.weight.cross, want.weight.cross, 'weight.cross');
  const { prompts, matrix } = want.compatibility;
  if (have.compatibility.matrix)
    prompts.forEach((p, a) =>
      prompts.forEach((q, b) => {
        const at = (name: string | number) => have.compatibility.prompts.indexOf(String(name));
        close(have.compatibility.matrix?.[at(p)][at(q)] ?? null, matrix[a][b], `w(${p}, ${q})`);
      }),
    );
  else expect(prompts.length).toBeGreaterThan(512);
  want.centroidDistance.domains.forEach((d, a) =>
    want.centroidDistance.domains.forEach((e, b) => {
      const at = (name: string | number) => have.centroidDistance.domains.indexOf(String(name));
      close(have.centroidDistance.matrix?.[at(d)][at(e)] ?? null, want.centroidDistance.matrix[a][b], `distance(${d}, ${e})`);
    }),
  );
  closeGradient(have.gradient as number[][], want.du, pool);
}

const POOLS: [string, Sizes][] = [
  ['one correct rollout', { rollouts: 1, prompts: 1, domains: 1, width: 3, correct: 1 }],
  ['one wrong rollout', { rollouts: 1, prompts: 1, domains: 1, width: 5, correct: 0 }],
  ['one domain', { rollouts: 60, prompts: 8, domains: 1, width: 16 }],
  ['no correct rollout', { rollouts: 30, prompts: 6, domains: 3, width: 8, correct: 0 }],
  ['no wrong rollout', { rollouts: 30, prompts: 6, domains: 3, width: 8, correct: 1 }],
  ['one prompt', { rollouts: 33, prompts: 1, domains: 1, width: 10 }],
  ['as many prompts as rollouts', { rollouts: 97, prompts: 97, domains: 5, width: 31 }],
  ['as many domains as rollouts', { rollouts: 50, prompts: 50, domains: 50, width: 12 }],
  ['600 prompts', { rollouts: 640, prompts: 600, domains: 4, width: 12 }],
  ['mostly wrong', { rollouts: 400, prompts: 50, domains: 5, width: 64, correct: 0.02 }],
];

describe.each(Object.entries(backends))('analyzePool on %s', (_, backend) => {
  test.each(POOLS)('%s: the float64 definition', async (_title, sizes) => {
    const pool = poolOf(sizes);
    agree(await analyzePool(await backend, pool, { ...weights, gradients: true }), pool);
  });

  test('2000 rollouts', async () => {
    const pool = poolOf({ rollouts: 2000, prompts: 250, domains: 5, width: 24 });
    agree(await analyzePool(await backend, pool, { ...weights, gradients: true }), pool);
  });

  test('zero, tiny and huge embeddings', async () => {
    const pool = randomPool({ rollouts: 40, prompts: 5, domains: 2, width: 6 });
    pool.embedding[3] = [0, 0, 0, 0, 0, 0];
    pool.embedding[4] = pool.embedding[4].map((x) => x * 1e-9);
    pool.embedding[5] = pool.embedding[5].map((x) => x * 1e100);
    const have = await analyzePool(await backend, pool, { ...weights, gradients: true });
    agree(have, pool);
    expect(have.gradient?.[3]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('another order of the rows gives the same numbers', async () => {
    const pool = randomPool({ rollouts: 300, prompts: 40, domains: 4, width: 20 });
    const order = pool.reward.map((_r, i) => (i * 101) % 300);
    const rows = rowsOf(pool);
    const a = await analyzePool(await backend, pool, { ...weights, gradients: true });
    const b = await analyzePool(await backend, columns(order.map((i) => rows[i])), { ...weights, gradients: true });
    expect(b.compatibility.prompts).toEqual(a.compatibility.prompts);
    expect([b.n, b.positives, b.negatives]).toEqual([a.n, a.positives, a.negatives]);
    for (const key of ['contrastive', 'cross', 'inDomain'] as const) close(b.loss[key], a.loss[key], key, 1e-6);
    for (const key of ['crossPositive', 'inDomainPositive', 'negative'] as const) close(b.logit[key], a.logit[key], key, 1e-6);
    const gradient = (a.gradient as number[][]).map((_g, at) => (b.gradient as number[][])[order.indexOf(at)]);
    closeGradient(gradient, a.gradient as number[][], pool);
  });
});

test('equal inputs give equal bits', async () => {
  const pool = randomPool({ rollouts: 200, prompts: 20, domains: 3, width: 16 });
  const run = async () => JSON.stringify(await analyzePool(await webgpu, pool, { ...weights, gradients: true }));
  expect(await run()).toBe(await run());
});
