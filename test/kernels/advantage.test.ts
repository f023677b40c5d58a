import { describe, expect, test } from 'vitest';
import { packHyper } from '../../src/config/hyper';
import { validate } from '../../src/config/resolve';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { advantage } from '../../src/kernels/advantage';
import { compareKernel, gpuBackend, integers, normals, runKernel } from './harness';

const hyper = packHyper(validate({}), []);
const doctor = packHyper(validate({ objective: { normalizeStd: false } }), []);

/** Golden values of method.md 2.1, G = 8: advantage of a correct and of an incorrect rollout when k are correct. */
const GOLDEN: [k: number, correct: number, incorrect: number][] = [
  [0, 0, 0],
  [1, 2.474867, -0.353552],
  [2, 1.620182, -0.54006],
  [3, 1.207612, -0.724567],
  [4, 0.935413, -0.935413],
  [5, 0.724567, -1.207612],
  [6, 0.54006, -1.620182],
  [7, 0.353552, -2.474867],
  [8, 0, 0],
];
const rewards = GOLDEN.flatMap(([k]) => Array.from({ length: 8 }, (_, j) => Number(j < k)));

describe.each([
  ['webgpu', gpuBackend],
  ['cpu', async () => cpuBackend()],
])('%s', (_, make) => {
  test('golden values for 0 to 8 correct rollouts of 8', async () => {
    const inputs = { reward: rewards, hyper, advantages: rewards.length };
    const { advantages } = await runKernel(await make(), advantage, { prompts: 9, group: 8 }, inputs);
    for (const [k, correct, incorrect] of GOLDEN)
      for (let j = 0; j < 8; j++) {
        const want = j < k ? correct : incorrect;
        const have = advantages[k * 8 + j];
        if (want === 0) expect(have).toBe(0);
        else expect(Math.abs(have - want)).toBeLessThan(2e-6);
      }
  });

  test('Dr. GRPO subtracts the mean only, a group of one keeps its reward', async () => {
    const b = await make();
    const shape = { prompts: 9, group: 8 };
    const plain = await runKernel(b, advantage, shape, { reward: rewards, hyper: doctor, advantages: rewards.length });
    rewards.forEach((r, i) => void expect(plain.advantages[i]).toBeCloseTo(r - Math.floor(i / 8) / 8, 6));
    const single = await runKernel(b, advantage, { prompts: 2, group: 1 }, { reward: [1, 0], hyper, advantages: 2 });
    expect(single.advantages[0]).toBeCloseTo(1 / (1 + 1e-6), 6);
    expect(single.advantages[1]).toBe(0);
  });
});

test.each([
  [70, 8],
  [3, 5],
  [5, 1],
  [1, 64],
])('GPU equals CPU for %i prompts × %i', async (prompts, group) => {
  const gpu = await gpuBackend();
  const count = prompts * group;
  // The deviation cancels a few bits when rewards are nearly equal: 1e-5 is about a hundred roundings.
  const options = { runs: 2, tolerance: { atol: 1e-5, rtol: 1e-5 } };
  const shape = { prompts, group };
  await compareKernel(gpu, advantage, shape, { reward: integers(count, 2), hyper, advantages: count }, options);
  await compareKernel(
    gpu,
    advantage,
    shape,
    { reward: normals(count), hyper: (r) => [hyper, doctor][r], advantages: count },
    options,
  );
});
