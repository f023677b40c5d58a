import { describe, expect, test } from 'vitest';
import { choiceIndex, HYPER } from '../../src/config/hyper';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { CURRICULUM, CURRICULUM_SIZE } from '../../src/kernels/curriculum';
import { metricOfDomains, STATS_SIZE } from '../../src/kernels/metrics';
import { moveTaskWeights } from '../../src/kernels/moveTaskWeights';
import { hyperOf } from './batchFixture';
import { compareKernel, expectClose, gpuBackend, integers, normals, runKernel } from './harness';

const hyperWith = (settings: Record<string, number | string> = {}, mix: readonly number[] = [0.4, 0.3, 0.3]) => {
  const hyper = hyperOf(mix);
  const all = {
    'curriculum.rule': 'mean',
    'curriculum.lambda': 0.2,
    'curriculum.kappa': 0.1,
    'curriculum.lr': 0.025,
    'curriculum.decay': 0,
    'optimizer.lr': 1e-3,
    ...settings,
  };
  for (const [path, value] of Object.entries(all))
    hyper[HYPER[path]] = typeof value === 'string' ? choiceIndex(path, value) : value;
  return hyper;
};
/** Token statistics whose losses are `losses` [sequence][token]. */
const statistics = (losses: readonly (readonly number[])[], tokens: number) =>
  Float32Array.from(losses.flatMap((l) => Array.from({ length: 4 * tokens }, (_, i) => (i % 4 === 0 ? (l[i / 4] ?? 9) : 5))));
const curriculumOf = (accuracy: readonly number[]) => {
  const out = new Float32Array(CURRICULUM_SIZE);
  out.set(accuracy, CURRICULUM.accuracy);
  return out;
};

const three = { first: 0, prompts: 3, group: 1, responseLength: 2, totalPrompts: 3, domains: 3, endOfStep: 1 };
const golden = {
  // One sequence of each task: I = (.05, −.02, .3); the third has one token only.
  before: statistics([[0.1, 0.2], [0, 0], [0.5]], 2),
  after: statistics([[0, 0.2], [0.04, 0], [0.2]], 2),
  length: [2, 2, 1],
  domain: [0, 1, 2],
  hyper: hyperWith(),
  curriculum: curriculumOf([0.2, 0.5, 0.8]),
  stats: new Float32Array(STATS_SIZE),
};
/** g of the golden numbers of method.md 6.1: s = (.09, .08, .26), z uniform. */
const GRADIENT = [-0.0177778, -0.0211111, 0.0388889];

describe.each([
  ['webgpu', gpuBackend],
  ['cpu', async () => cpuBackend()],
])('task weights on %s', (_, open) => {
  test('golden step of method.md 6.1', async () => {
    const { curriculum, stats } = await runKernel(await open(), moveTaskWeights, three, golden);
    // Adam's first moment is a tenth of the gradient; its first step is one learning rate against the gradient's sign.
    const at = (from: number) => Array.from(curriculum.subarray(from, from + 3));
    expectClose(
      at(CURRICULUM.moment1).map((m) => 10 * m),
      GRADIENT,
      'gradient',
      { atol: 2e-7 },
    );
    expectClose(at(CURRICULUM.logit), [0.025, 0.025, -0.025], 'logits', { atol: 1e-6 });
    const improvement = 2 * metricOfDomains('improvement');
    expectClose(stats.subarray(improvement, improvement + 6), [0.05, 1, -0.02, 1, 0.3, 1], 'I', { atol: 1e-6 });
    expect([curriculum[CURRICULUM.updates], ...at(CURRICULUM.improvement), ...at(CURRICULUM.rollouts)]).toEqual([
      1, 0, 0, 0, 0, 0, 0,
    ]);
  });

  test('the mean rule waits for the end of the step and averages over its updates; strict sums, at every update', async () => {
    const twice = { ...three, prompts: 2, totalPrompts: 4 };
    const inputs = {
      ...golden,
      before: statistics(
        [
          [0.3, 0.3],
          [0.1, 0.1],
        ],
        2,
      ),
      after: statistics(
        [
          [0.2, 0.2],
          [0.06, 0.06],
        ],
        2,
      ),
      length: [2, 2, 2, 2],
      domain: [0, 0, 0, 1],
      curriculum: curriculumOf([0, 0, 0]),
    };
    const backend = await open();
    const first = await runKernel(backend, moveTaskWeights, { ...twice, endOfStep: 0 }, inputs);
    expect(Array.from(first.curriculum.subarray(0, 3))).toEqual([0, 0, 0]);
    const second = await runKernel(backend, moveTaskWeights, { ...twice, first: 2 }, { ...inputs, ...first });
    const improvement = 2 * metricOfDomains('improvement');
    // Domain 0: (.1 + .04 + .1) / 3; domain 1: .04; domain 2 is absent: I = 0, no data.
    expectClose(second.stats.subarray(improvement, improvement + 6), [0.08, 1, 0.04, 1, 0, 0], 'I', { atol: 1e-6 });
    const strict = hyperWith({ 'curriculum.rule': 'strict' });
    const summed = await runKernel(backend, moveTaskWeights, { ...twice, endOfStep: 0 }, { ...inputs, hyper: strict });
    expectClose(summed.stats.subarray(improvement, improvement + 2), [0.14, 1], 'I', { atol: 1e-6 });
    expect(summed.curriculum[CURRICULUM.updates]).toBe(1);
    // Its clip limit is kappa * lr / 1e-6 = 100: I = .14 is not clipped, the mean rule's limit .1 would.
    const z = 1 / 3;
    expectClose([10 * summed.curriculum[CURRICULUM.moment1]], [z * (0.14 - 0.14 / 3)], 'gradient', { atol: 1e-7 });
  });

  test('a domain outside the mix keeps its logit and gets no weight; an empty batch moves weights by accuracy alone', async () => {
    const hyper = hyperWith({}, [0.5, 0, 0.5]);
    const inputs = { ...golden, hyper, length: [0, 0, 0], curriculum: curriculumOf([1, 0.5, 0]) };
    const { curriculum, stats } = await runKernel(await open(), moveTaskWeights, three, inputs);
    expectClose(curriculum.subarray(0, 3), [-0.025, 0, 0.025], 'logits', { atol: 1e-6 });
    expect(stats.every((x) => x === 0)).toBe(true);
  });
});

test('GPU equals CPU over several updates, runs and rules', async () => {
  const shape = { first: 3, prompts: 13, group: 5, responseLength: 7, totalPrompts: 20, domains: 5, endOfStep: 1 };
  const mix = [0.2, 0.2, 0.2, 0.2, 0.2];
  const inputs = {
    before: 13 * 5 * 7 * 4,
    after: 13 * 5 * 7 * 4,
    length: (run: number) => integers(100, 8, run + 1),
    domain: integers(20, 5).sort(),
    hyper: (run: number) =>
      hyperWith({ 'curriculum.rule': ['mean', 'strict', 'off'][run] as string, 'curriculum.decay': 0.01 }, mix),
    curriculum: (run: number) => {
      const c = normals(CURRICULUM_SIZE, run + 1, 0.2).map(Math.abs);
      c[CURRICULUM.updates] = 3 + 40 * run;
      return c;
    },
    stats: STATS_SIZE,
  };
  await compareKernel(await gpuBackend(), moveTaskWeights, shape, inputs, { runs: 3, tolerance: { atol: 2e-6, rtol: 1e-5 } });
});
