import { expect, test } from 'vitest';
import { choiceIndex, HYPER } from '../../src/config/hyper';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { CURRICULUM, CURRICULUM_SIZE } from '../../src/kernels/curriculum';
import { metricOfDomains, STATS_SIZE, statOf } from '../../src/kernels/metrics';
import { samplerStats } from '../../src/kernels/samplerStats';
import { STATE, STATE_SIZE } from '../../src/kernels/state';
import { hyperOf } from './batchFixture';
import { compareKernel, expectClose, gpuBackend, integers, normals, runKernel } from './harness';

const shape = { prompts: 10, group: 4, domains: 3 };
const hyperWith = (rule: string, filter = 'mixed') => {
  const hyper = hyperOf([0.5, 0.25, 0.25]);
  const settings = {
    'curriculum.rule': choiceIndex('curriculum.rule', rule),
    'sampler.filter': choiceIndex('sampler.filter', filter),
    'curriculum.average': 0.5,
    'curriculum.filterAverage': 0.9,
  };
  for (const [path, value] of Object.entries(settings)) hyper[HYPER[path]] = value;
  return hyper;
};
function stateWith(generated: readonly number[], accepted: readonly number[], correct: readonly number[]): Uint32Array {
  const state = new Uint32Array(STATE_SIZE);
  state.set(generated, STATE.samplerGenerated);
  state.set(accepted, STATE.samplerAccepted);
  state.set(correct, STATE.samplerCorrect);
  return state;
}

test('metrics, filter rates and accuracies; a domain without prompts keeps its own', async () => {
  const curriculum = new Float32Array(CURRICULUM_SIZE);
  curriculum.set([0.4, 0.2, 0.6], CURRICULUM.accuracy);
  curriculum.set([0.5, 0.1, 0.3], CURRICULUM.filterRate);
  const inputs = {
    hyper: hyperWith('mean'),
    state: stateWith([12, 8, 0], [3, 4, 0], [24, 8, 0]),
    curriculum,
    stats: new Float32Array(STATS_SIZE).fill(7),
  };
  for (const backend of [cpuBackend(), await gpuBackend()]) {
    const out = await runKernel(backend, samplerStats, shape, inputs);
    const { stats } = out;
    const pair = (at: number) => [stats[at], stats[at + 1]];
    expect(pair(statOf('reward/generated'))).toEqual([32, 80]);
    expect(pair(statOf('sampler/rounds'))).toEqual([2, 1]);
    expect(pair(statOf('sampler/kept'))).toEqual([7, 20]);
    expect(pair(statOf('sampler/missing'))).toEqual([3, 10]);
    expect(pair(statOf('policy/entropy'))).toEqual([7, 7]);
    const at = (from: number) => out.curriculum.subarray(from, from + 3);
    expectClose(at(CURRICULUM.accuracy), [0.45, 0.225, 0.6], 'accuracy', { atol: 1e-6 });
    expectClose(at(CURRICULUM.filterRate), [0.525, 0.14, 0.3], 'filter rate', { atol: 1e-6 });
    const weight = 2 * metricOfDomains('weight');
    expectClose(stats.subarray(weight, weight + 6), [1 / 3, 1, 1 / 3, 1, 1 / 3, 1], 'weights', { atol: 1e-6 });
  }
});

test('a run that selects nothing writes nothing', async () => {
  const inputs = {
    hyper: hyperWith('off', 'none'),
    state: stateWith([1, 1, 1], [1, 1, 1], [1, 1, 1]),
    curriculum: CURRICULUM_SIZE,
    stats: new Float32Array(STATS_SIZE).fill(7),
  };
  const { stats } = await runKernel(await gpuBackend(), samplerStats, shape, inputs);
  expect(stats.every((x) => x === 7)).toBe(true);
});

test('GPU equals CPU', async () => {
  const inputs = {
    hyper: (run: number) => hyperWith(['strict', 'off', 'mean'][run] as string),
    state: (run: number) => stateWith([9, run, 11], [4, 0, 11], Array.from(integers(3, 30, run))),
    curriculum: (run: number) => normals(CURRICULUM_SIZE, run + 1),
    stats: STATS_SIZE,
  };
  await compareKernel(await gpuBackend(), samplerStats, shape, inputs, { runs: 3, tolerance: { atol: 1e-6, rtol: 1e-5 } });
});
