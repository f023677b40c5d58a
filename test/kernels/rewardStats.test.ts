import { expect, test } from 'vitest';
import { HYPER, HYPER_SIZE } from '../../src/config/hyper';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { metricOfDomains, STATS_SIZE, statOf } from '../../src/kernels/metrics';
import { rewardStats } from '../../src/kernels/rewardStats';
import { NONE } from '../../src/kernels/state';
import { compareKernel, gpuBackend, integers, runKernel } from './harness';

const hyper = new Float32Array(HYPER_SIZE);
hyper[HYPER['reward.overlongBuffer']] = 2;
hyper[HYPER['reward.overlongFactor']] = 1;

test.each([
  { first: 0, prompts: 40, group: 8, totalPrompts: 40, domains: 5, responseLength: 12 },
  { first: 10, prompts: 10, group: 3, totalPrompts: 30, domains: 8, responseLength: 9 },
  { first: 0, prompts: 1, group: 1, totalPrompts: 1, domains: 1, responseLength: 12 },
])('GPU equals CPU exactly: $prompts prompts × $group, $domains domains', async (shape) => {
  const inputs = {
    reward: (run: number) => integers(shape.totalPrompts * shape.group, 2, run + 1),
    score: (run: number) => integers(shape.totalPrompts * shape.group, 3, run + 5).map((x) => x / 2),
    length: (run: number) => integers(shape.totalPrompts * shape.group, shape.responseLength + 1, run + 7),
    record: (run: number) => integers(shape.totalPrompts, 9, run + 3).map((x) => (x > 6 ? NONE : x)),
    domain: (run: number) => integers(shape.totalPrompts, shape.domains, run + 2).sort(),
    hyper,
    stats: STATS_SIZE,
  };
  await compareKernel(await gpuBackend(), rewardStats, shape, inputs, { runs: 3, tolerance: { atol: 0, rtol: 0 } });
});

test('sums and weights of a mini-batch', async () => {
  const shape = { first: 1, prompts: 3, group: 2, totalPrompts: 5, domains: 3, responseLength: 12 };
  const inputs = {
    reward: [1, 1, /**/ 1, 0, 1, 1, 0, 0, /**/ 1, 1],
    score: [1, 1, /**/ 1, 0, 1, 0.5, 0, -0.5, /**/ 1, 1],
    length: [1, 1, /**/ 12, 8, 9, 10, 11, 12, /**/ 12, 12],
    record: [0, 1, 2, 3, 4],
    domain: [0, 0, 2, 2, 2],
    hyper,
    stats: new Float32Array(STATS_SIZE).fill(9),
  };
  const { stats } = await runKernel(await gpuBackend(), rewardStats, shape, inputs);
  const at = (i: number) => [stats[i], stats[i + 1]];
  expect(at(statOf('reward/mean'))).toEqual([3, 6]);
  expect(at(statOf('reward/shaped'))).toEqual([2, 6]);
  expect(at(statOf('reward/overlong'))).toEqual([-2.5, 6]);
  expect(at(statOf('group/mixed'))).toEqual([1, 3]);
  expect(at(statOf('group/allRight'))).toEqual([1, 3]);
  expect(at(statOf('group/allWrong'))).toEqual([1, 3]);
  expect([0, 1, 2].map((d) => at(2 * (metricOfDomains('reward') + d)))).toEqual([
    [1, 2],
    [0, 0],
    [2, 4],
  ]);
  expect(at(statOf('policy/entropy'))).toEqual([9, 9]);
});

test('empty places of the batch count nowhere', async () => {
  const shape = { first: 0, prompts: 3, group: 2, totalPrompts: 3, domains: 2, responseLength: 12 };
  const inputs = {
    reward: [1, 0, 1, 1, 0, 0],
    score: [1, 0, 1, 1, 0, 0],
    length: [3, 3, 3, 3, 0, 0],
    record: [5, 6, NONE],
    domain: [0, 1, 1],
    hyper,
    stats: STATS_SIZE,
  };
  for (const backend of [cpuBackend(), await gpuBackend()]) {
    const { stats } = await runKernel(backend, rewardStats, shape, inputs);
    const at = (i: number) => [stats[i], stats[i + 1]];
    expect(at(statOf('reward/mean'))).toEqual([3, 4]);
    expect(at(statOf('group/allWrong'))).toEqual([0, 2]);
    expect(at(2 * (metricOfDomains('reward') + 1))).toEqual([2, 2]);
  }
});
