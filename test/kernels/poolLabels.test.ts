import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { poolLabels } from '../../src/kernels/poolLabels';
import { compareKernel, gpuBackend, integers, normals, runKernel } from './harness';
import { hyperWith } from './poolSettings';

const shape = (first: number, prompts: number, group: number, totalPrompts = 6) => ({ first, prompts, group, totalPrompts });
type Shape = ReturnType<typeof shape>;

const inputs = (s: Shape, labels: 'verifier' | 'shaped') => ({
  hyper: () => hyperWith({ labels }),
  reward: (run: number) => integers(s.totalPrompts * s.group, 2, run + 1),
  score: (run: number) => normals(s.totalPrompts * s.group, run + 5),
  length: (run: number) => integers(s.totalPrompts * s.group, 4, 3 + run),
  domain: (run: number) => integers(s.totalPrompts, 5, 9 + run).sort(),
  poolReward: s.prompts * s.group,
  poolPrompt: s.prompts * s.group,
  poolDomain: s.prompts * s.group,
});

describe('poolLabels', () => {
  test.each([
    [shape(0, 6, 3), 1],
    [shape(4, 2, 1), 3],
    [shape(3, 3, 21), 2],
    [shape(1, 5, 13), 3],
  ] as const)('%j, %d runs', async (s, runs) => {
    for (const labels of ['verifier', 'shaped'] as const)
      await compareKernel(await gpuBackend(), poolLabels, s, inputs(s, labels), { runs, tolerance: { atol: 0, rtol: 0 } });
  });

  test('a long correct answer is positive by the verifier, not by its score; empty responses are out of the pool', async () => {
    const given = {
      reward: [1, 1, 0, 0, 1, 0],
      score: [1, 0.4, 0, -1, 0.5, 0],
      length: [3, 12, 5, 12, 11, 0],
      domain: [2, 4, 4],
      poolReward: 4,
      poolPrompt: 4,
      poolDomain: 4,
    };
    for (const backend of [await gpuBackend(), cpuBackend()]) {
      const of = async (labels: 'verifier' | 'shaped') => {
        const out = await runKernel(backend, poolLabels, shape(1, 2, 2, 3), { ...given, hyper: hyperWith({ labels }) });
        expect([...out.poolPrompt]).toEqual([0, 0, 1, 1]);
        expect([...out.poolDomain]).toEqual([4, 4, 4, 4]);
        return [...out.poolReward];
      };
      expect(await of('verifier')).toEqual([0, 0, 1, -1]);
      expect(await of('shaped')).toEqual([0, 0, 1, -1]);
      const first = await runKernel(backend, poolLabels, shape(0, 1, 2, 3), { ...given, hyper: hyperWith({ labels: 'shaped' }) });
      expect([...first.poolReward.slice(0, 2)]).toEqual([1, 0]);
    }
  });
});
