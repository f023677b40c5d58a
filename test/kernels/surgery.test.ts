import { describe, expect, it } from 'vitest';
import { MAX_DOMAINS } from '../../src/config/hyper';
import { surgerySizes, tensorTable } from '../../src/engine/surgery';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { domainPairs, pairAt } from '../../src/kernels/domainGram';
import { METRIC_GRADIENT_COSINE, STATS_SIZE, statOf } from '../../src/kernels/metrics';
import { surgery, surgeryCoefficients } from '../../src/kernels/surgery';
import { gradientSurgery, surgeryOrder } from '../../src/math/surgery';
import { compareKernel, expectClose, gpuBackend, normals } from './harness';
import { type Granularity, hyperOf, operate, stateOf, tensorsOf } from './surgeryFixture';

const backends = [
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
] as const;

const LENGTHS = {
  'policy.tokenEmbedding': 65,
  'policy.positionEmbedding': 40,
  'policy.layers.0.qkv': 1030,
  'policy.layers.0.out': 63,
  'policy.layers.0.up': 64,
  'policy.layers.0.down': 1,
  'policy.output': 2200,
};

/** First tensor of each tensor's module. */
const MODULES = { off: [], tensor: [0, 1, 2, 3, 4, 5, 6], block: [0, 0, 2, 2, 4, 4, 6], global: [0, 0, 0, 0, 0, 0, 0] };

/** Gradients of domains that disagree: each its own direction plus a common one against or along it. */
function conflicting(parameters: ReturnType<typeof tensorsOf>, parts: number, seed: number): Float32Array {
  const grad = new Float32Array(parts * parameters.size);
  const common = normals(parameters.size, seed);
  for (let c = 0; c < parts; c++) {
    const own = normals(parameters.size, seed * 31 + c + 1);
    for (const { offset, columns } of parameters.tensors)
      for (let i = offset; i < offset + columns; i++)
        grad[c * parameters.size + i] = 1e-3 * (c + 1) * (own[i] + (c % 2 ? -0.7 : 0.7) * common[i]);
  }
  return grad;
}

/** The float64 definition, module by module, on whole vectors. */
function definition(
  parameters: ReturnType<typeof tensorsOf>,
  parts: number,
  grad: Float32Array,
  modules: readonly number[],
  seed: number,
  update: number,
): Float64Array {
  const total = new Float64Array(parameters.size);
  for (const module of new Set(modules)) {
    const indices = parameters.tensors.flatMap(({ offset, columns }, q) =>
      modules[q] === module ? Array.from({ length: columns }, (_, n) => offset + n) : [],
    );
    const vectors = Array.from({ length: parts }, (_, c) => indices.map((i) => grad[c * parameters.size + i]));
    const orders = vectors.map((_, i) => surgeryOrder(seed, update, module, i, parts));
    for (const v of gradientSurgery(vectors, orders)) indices.forEach((i, n) => (total[i] += v[n]));
  }
  return total;
}

const rms = (x: Float64Array) => Math.sqrt(x.reduce((s, v) => s + v * v, 0) / x.length);

describe.each(backends)('surgery on %s', (_, open) => {
  it('gives the golden sum of method.md 5 where the drawn orders ascend', async () => {
    const ascending = (seed: number) =>
      [0, 1, 2].every((i) => surgeryOrder(seed, 4, 0, i, 3).every((j, n, all) => !n || j > all[n - 1]));
    let seed = 0;
    while (!ascending(seed)) seed++;
    const parameters = tensorsOf({ 'policy.output': 2 });
    const grad = [1, 0, 0, 0, -1, 1, 0, 0, 0, -2, 0, 0];
    const { total, weight, gram } = await operate(await open(), parameters, 3, grad, 'tensor', seed, 4);
    expect(Array.from(total)).toEqual([-0.5, -1, 0, 0]);
    expect(Array.from(weight)).toEqual([2, 2.5, 1.75]);
    expect(Array.from(gram)).toEqual([1, -1, 0, -1, 2, -2, 0, -2, 4]);
  });

  it.each(['tensor', 'block', 'global'] as const)('follows the definition per %s', async (granularity) => {
    const parameters = tensorsOf(LENGTHS, 16);
    const grad = conflicting(parameters, 5, 3);
    for (const [seed, update] of [
      [1, 0],
      [1, 1],
      [7, 100000],
    ]) {
      const { total } = await operate(await open(), parameters, 5, grad, granularity, seed, update);
      const want = definition(parameters, 5, grad, MODULES[granularity], seed, update);
      expectClose(total, want, `total, seed ${seed}, update ${update}`, { atol: 2e-6 * rms(want), rtol: 1e-5 });
      // A definition with other orders is well outside that tolerance.
      const other = definition(parameters, 5, grad, MODULES[granularity], seed, update + 1);
      expect(() => expectClose(total, other, 'other orders', { atol: 1e-3 * rms(want), rtol: 1e-3 })).toThrow();
    }
  });

  it('gives the plain sum bit for bit without surgery, for one domain, and where nothing conflicts', async () => {
    const parameters = tensorsOf(LENGTHS, 16);
    const sum = (grad: Float32Array, parts: number) =>
      Array.from({ length: parameters.size }, (_, i) => {
        let s = 0;
        for (let c = 0; c < parts; c++) s += grad[c * parameters.size + i];
        return s;
      });
    const plain = async (grad: Float32Array, parts: number, granularity: Granularity) => {
      const { total, weight } = await operate(await open(), parameters, parts, grad, granularity, 5, 6);
      expect(new Set(weight)).toEqual(new Set([1]));
      expectClose(total, sum(grad, parts), 'total', { atol: 1e-9, rtol: 1e-6 });
      return Array.from(total);
    };
    const grad = conflicting(parameters, 5, 4);
    await plain(grad, 5, 'off');
    await plain(grad.map(Math.abs), 5, 'tensor');
    await plain(grad.subarray(0, parameters.size), 1, 'global');
    // Four of five domains without a gradient: the fifth's gradient exactly.
    const lone = grad.map((x, i) => (Math.floor(i / parameters.size) === 3 ? x : 0));
    for (const granularity of ['tensor', 'block', 'global'] as const)
      expect(await plain(lone, 5, granularity)).toEqual(Array.from(lone.subarray(3 * parameters.size, 4 * parameters.size)));
  });

  it('leaves a domain out of the modules where its gradient is zero or vanishing', async () => {
    const parameters = tensorsOf({ 'policy.a': 4, 'policy.b': 4, 'policy.c': 4 });
    // Domain 1 has no gradient in b and one of squared norm below 1e-12 in c, against domain 0's.
    const grad = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0].concat([-1, 1, 0, 0, 0, 0, 0, 0, -9e-7, 0, 0, 0]);
    const { total, weight } = await operate(await open(), parameters, 2, grad, 'tensor', 1, 1);
    // In a: v_0 = g_0 + g_1 / 2, v_1 = g_1 + g_0. In c domain 1 loses its all and domain 0 nothing.
    expectClose(total, [0.5, 1.5, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], 'total', { atol: 1e-7, rtol: 1e-6 });
    expectClose(weight, [2, 1.5, 1, 1, 1 + 9e-7, 1], 'weight', { atol: 1e-7, rtol: 1e-6 });
  });

  it('leaves weights of 1 where a gradient is not finite, and counts nothing there', async () => {
    const parameters = tensorsOf({ 'policy.a': 4, 'policy.b': 4 });
    const grad = [Number.NaN, 0, 0, 0, 1, 0, 0, 0].concat([-1, 1, 0, 0, -1, 1, 0, 0]);
    const { weight, stats } = await operate(await open(), parameters, 2, grad, 'tensor', 1, 1);
    expect(Array.from(weight)).toEqual([1, 1, 2, 1.5]);
    expect([0, 1].map((n) => stats[statOf('gradient/conflicts') + n])).toEqual([1, 1]);
    expect(stats[2 * (METRIC_GRADIENT_COSINE + 1) + 1]).toBe(0);
  });

  it('counts conflicts over tensors and takes cosines over all of them', async () => {
    const parameters = tensorsOf({ 'policy.a': 4, 'policy.b': 4 });
    // Domains 0 and 1 conflict in a and agree in b; domain 2 has a gradient in b alone, against both; domain 3 has none.
    const grad = [3, 0, 0, 0, 4, 0, 0, 0].concat([-1, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, -2, 0, 0, 0], Array(8).fill(0));
    const { stats } = await operate(await open(), parameters, 4, grad, 'off', 1, 1);
    expect([0, 1].map((n) => stats[statOf('gradient/conflicts') + n])).toEqual([3, 4]);
    const at = (a: number, b: number) => {
      const [sum, weight] = stats.subarray(2 * (METRIC_GRADIENT_COSINE + a * MAX_DOMAINS + b));
      return weight ? Math.fround(sum) : null;
    };
    const matrix = [0, 1, 2, 3].map((a) => [0, 1, 2, 3].map((b) => at(a, b)));
    const [x, y, z] = [1 / (5 * Math.SQRT2), -8 / 10, -1 / Math.SQRT2];
    const want = [
      [1, x, y, null],
      [x, 1, z, null],
      [y, z, 1, null],
      [null, null, null, null],
    ];
    matrix.forEach((row, a) =>
      row.forEach((v, b) => (v === null ? expect(want[a][b]).toBeNull() : expect(v).toBeCloseTo(want[a][b]!, 6))),
    );
  });
});

describe('surgery', () => {
  it.each([
    [{ 'policy.a': 7 }, 1, 1],
    [{ 'policy.a': 65, 'policy.b': 1100 }, 2, 1],
    [LENGTHS, 5, 4],
    [LENGTHS, 8, 3],
  ])('tensors %o, parts %i, runs %i of each granularity', async (lengths, parts, runs) => {
    const parameters = tensorsOf(lengths as Record<string, number>);
    const { tensors, stretches } = surgerySizes(parameters);
    const pairs = domainPairs(parts);
    const granularities = ['tensor', 'block', 'global', 'off'] as const;
    const pieces = (run: number) =>
      Float32Array.from(
        Array.from({ length: stretches }, (_, s) => {
          const g = Array.from({ length: parts }, (__, c) => normals(6, 100 * run + 10 * s + c));
          const row = new Array<number>(pairs);
          for (let a = 0; a < parts; a++)
            for (let b = a; b < parts; b++) row[pairAt(a, b, parts)] = g[a].reduce((sum, x, n) => sum + x * g[b][n], 0);
          return row;
        }).flat(),
      );
    const inputs = {
      pieces,
      tensors: tensorTable(parameters),
      hyper: (run: number) => hyperOf(granularities[run]),
      state: (run: number) => stateOf(run * 77 + 1, run * 5),
      gram: tensors * parts * parts,
      weight: tensors * parts,
      stats: new Float32Array(STATS_SIZE),
    };
    await compareKernel(await gpuBackend(), surgery, { parts, tensors, stretches }, inputs, {
      runs,
      tolerance: { atol: 2e-5, rtol: 2e-5 },
    });
  });

  it('carries the golden vectors of method.md 5 as coefficients', () => {
    const products = [
      [1, -1, 0],
      [-1, 2, -2],
      [0, -2, 4],
    ];
    const rows = surgeryCoefficients(products, [
      [1, 2],
      [0, 2],
      [0, 1],
    ]);
    expect(rows.map((a) => Array.from(a))).toEqual([
      [1, 0.5, 0.25],
      [1, 1, 0.5],
      [0, 1, 1],
    ]);
  });
});
