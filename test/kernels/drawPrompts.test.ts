import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { drawPrompts } from '../../src/kernels/drawPrompts';
import { NONE } from '../../src/kernels/state';
import { RECORD, RECORD_SIZE } from '../../src/tasks/record';
import { bank, DOMAIN_COUNT, stateOf } from './batchFixture';
import { compareKernel, gpuBackend, integers, runKernel } from './harness';

const shapeOf = (prompts: number, round = 0, rounds = 1) => ({
  prompts,
  domains: DOMAIN_COUNT,
  columns: bank.columns.length,
  records: bank.count,
  promptLength: 16,
  round,
  rounds,
});
const inputsOf = (prompts: number, rounds: number, seed: number, step: number) => ({
  records: bank.records,
  index: bank.index,
  state: (run: number) => stateOf({ seed: seed + run, step }),
  domain: integers(prompts * rounds, DOMAIN_COUNT + 1, seed).map((d) => (d === DOMAIN_COUNT ? NONE : d)),
  record: prompts * rounds,
  prompt: prompts * 16,
});

test.each([1, 40, 64, 131])('GPU and CPU draw the same %i prompts, bit for bit', async (prompts) => {
  const gpu = await gpuBackend();
  for (let step = 0; step < 4; step++)
    await compareKernel(gpu, drawPrompts, shapeOf(prompts, 1, 2), inputsOf(prompts, 2, 4294967290 + step, 1000 * step + 7), {
      runs: 3,
    });
});

test('records are of the wanted domain, prompts are theirs, and an empty place is marked', async () => {
  const inputs = { ...inputsOf(40, 1, 3, 5), prompt: 640 };
  const { record, prompt } = await runKernel(await gpuBackend(), drawPrompts, shapeOf(40), inputs);
  inputs.domain.forEach((d, b) => {
    if (d === NONE) {
      expect([record[b], prompt[16 * b]]).toEqual([NONE, NONE]);
      return;
    }
    const words = bank.records.subarray(record[b] * RECORD_SIZE, (record[b] + 1) * RECORD_SIZE);
    expect(words[RECORD.domain]).toBe(d);
    expect(prompt.slice(16 * b, 16 * b + 16)).toEqual(words.slice(0, 16));
  });
});

test('over many steps columns and instances come out even', async () => {
  const drawn = new Uint32Array(bank.count);
  for (let step = 0; step < 400; step++) {
    const inputs = { ...inputsOf(8, 1, 3, step), domain: new Uint32Array(8) };
    const { record } = await runKernel(cpuBackend(), drawPrompts, shapeOf(8), inputs);
    record.forEach((r) => void drawn[r]++);
  }
  const math = drawn.subarray(0, 30);
  const mean = 3200 / 30;
  const chi2 = math.reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0);
  expect(chi2).toBeLessThan(58.3); // 99.9 % quantile, 29 degrees of freedom
});
