import { expect, test } from 'vitest';
import { choiceIndex, HYPER } from '../../src/config/hyper';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { CURRICULUM, CURRICULUM_SIZE } from '../../src/kernels/curriculum';
import { openBatch } from '../../src/kernels/openBatch';
import { STATE } from '../../src/kernels/state';
import { hyperOf, stateOf } from './batchFixture';
import { compareKernel, expectClose, gpuBackend, normals, runKernel } from './harness';

const hyperWith = (mix: readonly number[], rule: string) => {
  const hyper = hyperOf(mix);
  hyper[HYPER['curriculum.rule']] = choiceIndex('curriculum.rule', rule);
  hyper[HYPER['curriculum.maxFactor']] = 5;
  return hyper;
};
/** Task weights z and filter rates ρ. */
function curriculumOf(z: readonly number[], rho: readonly number[]): Float32Array {
  const out = new Float32Array(CURRICULUM_SIZE);
  out.set(z.map(Math.log), CURRICULUM.logit);
  out.set(rho, CURRICULUM.filterRate);
  return out;
}

test('golden shares: z = (.5, .3, .2), ρ = (.2, .5, .9) gives ẑ = (.280899, .269663, .449438) (method.md 6.2)', async () => {
  const inputs = {
    hyper: hyperWith([0.4, 0.3, 0.3], 'mean'),
    state: stateOf({ seed: 5, step: 2 }),
    curriculum: curriculumOf([0.5, 0.3, 0.2], [0.2, 0.5, 0.9]),
  };
  for (const backend of [cpuBackend(), await gpuBackend()]) {
    const { curriculum, state } = await runKernel(backend, openBatch, { prompts: 2000, domains: 3 }, inputs);
    const share = curriculum.subarray(CURRICULUM.share, CURRICULUM.share + 3);
    expectClose([share[0], share[1] - share[0], share[2] - share[1]], [0.280899, 0.269663, 0.449438], 'shares', { atol: 1e-6 });
    // Wanted numbers are multinomial by z itself: within four standard errors.
    const wanted = Array.from(state.subarray(STATE.samplerWanted, STATE.samplerWanted + 3));
    expect(wanted.reduce((a, b) => a + b)).toBe(2000);
    [0.5, 0.3, 0.2].forEach((z, d) => {
      expect(Math.abs(wanted[d] - 2000 * z)).toBeLessThan(4 * Math.sqrt(2000 * z * (1 - z)));
    });
  }
});

test('a filter rate of 1 is compensated at most M_acc times, a domain outside the mix gets nothing', async () => {
  const inputs = {
    hyper: hyperWith([0.5, 0, 0.5], 'strict'),
    state: stateOf({ seed: 5 }),
    curriculum: curriculumOf([0.25, 0.5, 0.25], [1, 0, 0]),
  };
  const { curriculum, state } = await runKernel(await gpuBackend(), openBatch, { prompts: 50, domains: 3 }, inputs);
  expectClose(curriculum.subarray(CURRICULUM.share, CURRICULUM.share + 3), [5 / 6, 5 / 6, 1], 'shares', { atol: 1e-6 });
  expect(state[STATE.samplerWanted + 1]).toBe(0);
});

test.each([1, 63, 64, 65, 131])(
  'GPU equals CPU for %i prompts, and clears the counters of a run without task weights',
  async (prompts) => {
    const inputs = {
      hyper: (run: number) => hyperWith([0.2, 0.2, 0.2, 0.2, 0.2], ['mean', 'off', 'strict'][run] as string),
      state: (run: number) =>
        stateOf({ seed: 9 + run, step: 4, samplerDone: 1, samplerKept: 3, samplerWanted: 7, samplerCorrect: 2 }),
      curriculum: (run: number) => normals(CURRICULUM_SIZE, 3 + run, 0.3).map((x) => Math.abs(x) % 1),
    };
    await compareKernel(await gpuBackend(), openBatch, { prompts, domains: 5 }, inputs, { runs: 3, tolerance: { atol: 1e-6 } });
  },
);
