import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { drawPrompts } from '../../src/kernels/drawPrompts';
import { Random } from '../../src/math/random';
import { RECORD, RECORD_SIZE } from '../../src/tasks/record';
import { parseMix } from '../../src/tasks/registry';
import { bank, DOMAIN_COUNT, hyperOf, stateOf } from './batchFixture';
import { compareKernel, gpuBackend, runKernel } from './harness';

const shapeOf = (prompts: number, miniBatches: number) => ({
  prompts,
  miniBatches,
  domains: DOMAIN_COUNT,
  columns: bank.columns.length,
  records: bank.count,
  promptLength: 16,
});
const inputsOf = (prompts: number, miniBatches: number, mixes: readonly (readonly number[])[], seed: number, step: number) => ({
  records: bank.records,
  index: bank.index,
  hyper: (run: number) => hyperOf(mixes[run % mixes.length]),
  state: (run: number) => stateOf({ seed: seed + run, step }),
  record: prompts,
  domain: prompts,
  prompt: prompts * 16,
  segments: miniBatches * (DOMAIN_COUNT + 1),
});
const draw = (prompts: number, miniBatches: number, mix: readonly number[], seed: number, step = 0) =>
  runKernel(cpuBackend(), drawPrompts, shapeOf(prompts, miniBatches), inputsOf(prompts, miniBatches, [mix], seed, step));

const EQUAL = parseMix('math:1,code:1,science:1,toolUse:1,safety:1');
const UNEVEN = parseMix('math:3,science:0.5,safety:0.1');

test.each([
  [1, 1],
  [40, 1],
  [64, 2],
  [130, 5],
])('GPU and CPU draw the same %i prompts in %i mini-batches, bit for bit', async (prompts, miniBatches) => {
  const gpu = await gpuBackend();
  for (let step = 0; step < 4; step++) {
    const seed = 4294967290 + step;
    const inputs = inputsOf(prompts, miniBatches, [EQUAL, UNEVEN, [0, 1, 0, 0, 0]], seed, 1000 * step + 7);
    await compareKernel(gpu, drawPrompts, shapeOf(prompts, miniBatches), inputs, { runs: 3 });
  }
});

test('shares hold within one prompt per mini-batch, a domain without share gets nothing', async () => {
  const random = new Random(5, 60);
  for (let i = 0; i < 40; i++) {
    const weights = Array.from({ length: DOMAIN_COUNT }, () => (random.chance(0.3) ? 0 : random.unit()));
    weights[random.below(DOMAIN_COUNT)] += 0.2;
    const mix = parseMix(['math', 'code', 'science', 'toolUse', 'safety'].map((d, j) => `${d}:${weights[j]}`).join());
    const { segments, domain } = await draw(60, 2, mix, i);
    for (let m = 0; m < 2; m++)
      mix.forEach((share, d) => {
        const [first, end] = segments.subarray(m * (DOMAIN_COUNT + 1) + d);
        expect(Math.abs(end - first - share * 30)).toBeLessThan(1);
        if (share === 0) expect(end).toBe(first);
        expect(Array.from(domain.subarray(m * 30 + first, m * 30 + end)).every((x) => x === d)).toBe(true);
      });
    expect([segments[0], segments[DOMAIN_COUNT]]).toEqual([0, 30]);
  }
});

test('over many steps shares, columns and instances come out even', async () => {
  const drawn = new Uint32Array(bank.count);
  const domains = new Uint32Array(DOMAIN_COUNT);
  for (let step = 0; step < 400; step++) {
    const { record, domain, prompt } = await draw(8, 1, UNEVEN, 3, step);
    record.forEach((r, b) => {
      drawn[r]++;
      domains[domain[b]]++;
      expect(bank.records[r * RECORD_SIZE + RECORD.domain]).toBe(domain[b]);
      expect(prompt.slice(b * 16, b * 16 + 16)).toEqual(bank.records.slice(r * RECORD_SIZE, r * RECORD_SIZE + 16));
    });
  }
  UNEVEN.forEach((share, d) => void expect(Math.abs(domains[d] / 3200 - share)).toBeLessThan(0.01));
  const math = drawn.subarray(0, 30);
  const mean = domains[0] / 30;
  const chi2 = math.reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0);
  expect(chi2).toBeLessThan(58.3); // 99.9 % quantile, 29 degrees of freedom
});
