import { describe, expect, test } from 'vitest';
import { packHyper } from '../../src/config/hyper';
import { validate } from '../../src/config/resolve';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { advantage, overlong } from '../../src/kernels/advantage';
import { compareKernel, expectClose, gpuBackend, type Inputs, integers, normals, runKernel } from './harness';

/** Responses of three tokens and no contrastive reward, unless told otherwise. */
const inputsOf = (reward: ArrayLike<number>, more: Inputs = {}): Inputs => ({
  reward: Array.from(reward),
  length: new Uint32Array(reward.length).fill(3),
  bonus: new Float32Array(reward.length),
  hyper,
  score: reward.length,
  advantages: reward.length,
  ...more,
});
const hyper = packHyper(validate({}), []);
const dapo = packHyper(validate({ reward: { overlongBuffer: 4, overlongFactor: 0.5 } }), []);
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
    const { advantages } = await runKernel(
      await make(),
      advantage,
      { prompts: 9, group: 8, responseLength: 12 },
      inputsOf(rewards),
    );
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
    const shape = { prompts: 9, group: 8, responseLength: 12 };
    const plain = await runKernel(b, advantage, shape, inputsOf(rewards, { hyper: doctor }));
    rewards.forEach((r, i) => void expect(plain.advantages[i]).toBeCloseTo(r - Math.floor(i / 8) / 8, 6));
    const single = await runKernel(b, advantage, { prompts: 2, group: 1, responseLength: 12 }, inputsOf([1, 0]));
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
  const shape = { prompts, group, responseLength: 12 };
  const length = integers(count, 13, 3);
  await compareKernel(
    gpu,
    advantage,
    shape,
    inputsOf(integers(count, 2), { length, hyper: dapo, bonus: normals(count, 5) }),
    options,
  );
  await compareKernel(gpu, advantage, shape, inputsOf(normals(count), { length, hyper: (r) => [hyper, doctor][r] }), options);
});

test('the overlong punishment is 0 up to the buffer, then linear to minus its factor at the limit (method.md 3)', () => {
  expect([1, 8, 9, 10, 11, 12].map((length) => overlong(length, 12, 4, 1) + 0)).toEqual([0, 0, -0.25, -0.5, -0.75, -1]);
  expect(overlong(12, 12, 4, 0.5)).toBe(-0.5);
  expect(overlong(12, 12, 0, 1)).toBe(0);
  expect(overlong(20480, 20480, 4096, 1)).toBe(-1);
});

test.each([
  ['webgpu', gpuBackend],
  ['cpu', async () => cpuBackend()],
])(
  '%s: scores add the punishment and the bonus, and a group of equal rewards but unequal scores has advantages',
  async (_, make) => {
    const shape = { prompts: 2, group: 2, responseLength: 12 };
    const inputs = inputsOf([1, 1, 0, 0], { hyper: dapo, length: [3, 12, 3, 3], bonus: [0, -0.25, 0, 0] });
    const { score, advantages } = await runKernel(await make(), advantage, shape, inputs);
    expectClose(score, [1, 0.25, 0, 0], 'score', { atol: 1e-7 });
    expectClose(advantages, [Math.SQRT1_2, -Math.SQRT1_2, 0, 0], 'advantages', { atol: 1e-5 });
  },
);
