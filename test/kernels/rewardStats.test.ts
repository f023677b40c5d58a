import { expect, test } from 'vitest';
import { METRIC_REWARD_DOMAIN, STATS_SIZE, statOf } from '../../src/kernels/metrics';
import { rewardStats } from '../../src/kernels/rewardStats';
import { compareKernel, gpuBackend, integers, runKernel } from './harness';

test.each([
  { first: 0, prompts: 40, group: 8, totalPrompts: 40, domains: 5 },
  { first: 10, prompts: 10, group: 3, totalPrompts: 30, domains: 16 },
  { first: 0, prompts: 1, group: 1, totalPrompts: 1, domains: 1 },
])('GPU equals CPU exactly: $prompts prompts × $group, $domains domains', async (shape) => {
  const inputs = {
    reward: (run: number) => integers(shape.totalPrompts * shape.group, 2, run + 1),
    domain: (run: number) => integers(shape.totalPrompts, shape.domains, run + 2).sort(),
    stats: STATS_SIZE,
  };
  await compareKernel(await gpuBackend(), rewardStats, shape, inputs, { runs: 3, tolerance: { atol: 0, rtol: 0 } });
});

test('sums and weights of a mini-batch', async () => {
  const shape = { first: 1, prompts: 3, group: 2, totalPrompts: 5, domains: 3 };
  const inputs = {
    reward: [1, 1, /**/ 1, 0, 1, 1, 0, 0, /**/ 1, 1],
    domain: [0, 0, 2, 2, 2],
    stats: new Float32Array(STATS_SIZE).fill(9),
  };
  const { stats } = await runKernel(await gpuBackend(), rewardStats, shape, inputs);
  const at = (i: number) => [stats[i], stats[i + 1]];
  expect(at(statOf('reward/mean'))).toEqual([3, 6]);
  expect(at(statOf('group/mixed'))).toEqual([1, 3]);
  expect([0, 1, 2].map((d) => at(2 * (METRIC_REWARD_DOMAIN + d)))).toEqual([
    [1, 2],
    [0, 0],
    [2, 4],
  ]);
  expect(at(statOf('policy/entropy'))).toEqual([9, 9]);
});
