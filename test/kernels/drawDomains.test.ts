import { expect, test } from 'vitest';
import { choiceIndex, HYPER } from '../../src/config/hyper';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { CURRICULUM, CURRICULUM_SIZE } from '../../src/kernels/curriculum';
import { drawDomains } from '../../src/kernels/drawDomains';
import { NONE } from '../../src/kernels/state';
import { Random } from '../../src/math/random';
import { parseMix } from '../../src/tasks/registry';
import { DOMAIN_COUNT, hyperOf, stateOf } from './batchFixture';
import { compareKernel, gpuBackend, runKernel } from './harness';

const EQUAL = parseMix('math:1,code:1,science:1,toolUse:1,safety:1');
const UNEVEN = parseMix('math:3,science:0.5,safety:0.1');

const shapeOf = (prompts: number, miniBatches: number, round = 0, rounds = 1) => ({
  prompts,
  miniBatches,
  domains: DOMAIN_COUNT,
  round,
  rounds,
});
const hyperWith = (mix: readonly number[], settings: Record<string, number> = {}) => {
  const hyper = hyperOf(mix);
  for (const [path, value] of Object.entries(settings)) hyper[HYPER[path]] = value;
  return hyper;
};
const inputsOf = (
  prompts: number,
  miniBatches: number,
  rounds: number,
  hypers: readonly Float32Array[],
  seed: number,
  step: number,
) => ({
  hyper: (run: number) => hypers[run % hypers.length],
  // A later round of fewer places than the first: 5 of 8, 13 of 20, …
  state: (run: number) => stateOf({ seed: seed + run, step, samplerSlots: Math.ceil((5 * prompts) / 8) }),
  curriculum: curriculum([0.1, 0.1, 0.5, 0.5, 1]),
  domain: prompts * rounds,
  segments: miniBatches * (DOMAIN_COUNT + 1),
});
function curriculum(shares: readonly number[]): Float32Array {
  const out = new Float32Array(CURRICULUM_SIZE);
  out.set(shares, CURRICULUM.share);
  return out;
}

test.each([
  [1, 1],
  [40, 1],
  [64, 2],
  [130, 5],
])('GPU and CPU draw the same domains for %i prompts in %i mini-batches, bit for bit', async (prompts, miniBatches) => {
  const weighted = hyperWith(EQUAL, { 'curriculum.rule': choiceIndex('curriculum.rule', 'mean'), 'sampler.rounds': 3 });
  const hypers = [hyperWith(EQUAL, { 'sampler.rounds': 3 }), hyperWith(UNEVEN), hyperWith([0, 1, 0, 0, 0]), weighted];
  for (let step = 0; step < 4; step++)
    for (const round of [0, 2]) {
      const inputs = inputsOf(prompts, miniBatches, 3, hypers, 4294967290 + step, 1000 * step + 7);
      await compareKernel(await gpuBackend(), drawDomains, shapeOf(prompts, miniBatches, round, 3), inputs, { runs: 4 });
    }
});

test('shares hold within one prompt per mini-batch, a domain without share gets nothing', async () => {
  const random = new Random(5, 60);
  for (let i = 0; i < 40; i++) {
    const weights = Array.from({ length: DOMAIN_COUNT }, () => (random.chance(0.3) ? 0 : random.unit()));
    weights[random.below(DOMAIN_COUNT)] += 0.2;
    const mix = parseMix(['math', 'code', 'science', 'toolUse', 'safety'].map((d, j) => `${d}:${weights[j]}`).join());
    const inputs = inputsOf(60, 2, 1, [hyperWith(mix)], i, 0);
    const { segments, domain } = await runKernel(cpuBackend(), drawDomains, shapeOf(60, 2), inputs);
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

test('over many steps the shares come out even, and a later round draws anew', async () => {
  const counts = new Uint32Array(DOMAIN_COUNT);
  const hyper = hyperWith(UNEVEN, { 'sampler.rounds': 2 });
  for (let step = 0; step < 400; step++)
    for (const round of [0, 1]) {
      const inputs = inputsOf(8, 1, 2, [hyper], 3, step);
      const { domain } = await runKernel(cpuBackend(), drawDomains, shapeOf(8, 1, round, 2), inputs);
      const drawn = domain.subarray(8 * round, 8 * round + 8);
      drawn.forEach((d) => void counts[d]++);
      expect(drawn.filter((d) => d === NONE).length).toBe(round ? 3 : 0);
    }
  UNEVEN.forEach((share, d) => void expect(Math.abs(counts[d] / (400 * 13) - share)).toBeLessThan(0.01));
});

test('task weights draw domains by their shares', async () => {
  const counts = new Uint32Array(DOMAIN_COUNT);
  const hyper = hyperWith(EQUAL, { 'curriculum.rule': choiceIndex('curriculum.rule', 'strict') });
  for (let step = 0; step < 100; step++) {
    const { domain } = await runKernel(cpuBackend(), drawDomains, shapeOf(50, 1), inputsOf(50, 1, 1, [hyper], 9, step));
    domain.forEach((d) => void counts[d]++);
  }
  const shares = [0.1, 0, 0.4, 0, 0.5];
  shares.forEach((share, d) => {
    // Four standard errors of a binomial share of 5000 draws.
    expect(Math.abs(counts[d] / 5000 - share)).toBeLessThanOrEqual(4 * Math.sqrt((share * (1 - share)) / 5000));
  });
});

test.each([
  ['beyond the limit', { 'sampler.rounds': 2 }, 0],
  ['after the batch is full', { 'sampler.rounds': 9 }, 1],
])('a round %s stays empty', async (_, settings, samplerDone) => {
  const inputs = { ...inputsOf(5, 1, 3, [hyperWith(EQUAL, settings)], 1, 1), state: stateOf({ samplerDone }) };
  for (const backend of [cpuBackend(), await gpuBackend()]) {
    const { domain } = await runKernel(backend, drawDomains, shapeOf(5, 1, 2, 3), inputs);
    expect(Array.from(domain)).toEqual([...new Array(10).fill(0), ...new Array(5).fill(NONE)]);
  }
});
