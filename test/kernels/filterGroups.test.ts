import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { CURRICULUM, CURRICULUM_SIZE } from '../../src/kernels/curriculum';
import { filterGroups } from '../../src/kernels/filterGroups';
import { NONE, STATE, STATE_SIZE } from '../../src/kernels/state';
import { randomBits, STREAM } from '../../src/math/random';
import { DOMAIN_COUNT } from './batchFixture';
import { type Candidates, candidates, dynamicSampling, filterHyper } from './dynamicSampling';
import { compareKernel, expectClose, gpuBackend, integers } from './harness';

const CASES: Candidates[] = [
  { prompts: 40, group: 8, miniBatches: 1, rounds: 4, mixed: 0.5, rule: 'off', seed: 1 },
  { prompts: 65, group: 3, miniBatches: 5, rounds: 3, mixed: 0.2, rule: 'off', seed: 2 },
  { prompts: 7, group: 5, miniBatches: 1, rounds: 2, mixed: 0, rule: 'off', seed: 3 },
  { prompts: 1, group: 2, miniBatches: 1, rounds: 3, mixed: 0.3, rule: 'off', seed: 4 },
  { prompts: 12, group: 1, miniBatches: 2, rounds: 2, mixed: 0.3, rule: 'off', seed: 5 },
  { prompts: 300, group: 2, miniBatches: 3, rounds: 2, mixed: 0.9, rule: 'off', seed: 6 },
  { prompts: 40, group: 4, miniBatches: 2, rounds: 6, mixed: 0.6, rule: 'mean', seed: 7 },
  { prompts: 63, group: 4, miniBatches: 3, rounds: 3, mixed: 0.15, rule: 'mean', seed: 8 },
];

/** What the filter and the batch must be, found by looking at every candidate (method.md 3, 6.2). */
function bruteForce(c: Candidates, before: readonly Uint32Array[], wanted: readonly number[]) {
  const { domain, reward } = candidates(c);
  const kept: { at: number; d: number }[] = [];
  let generated = 0;
  for (let round = 0; round < c.rounds && !before[round][STATE.samplerDone]; round++) {
    const own: { at: number; d: number; key: number }[] = [];
    const drawn = before[round][STATE.samplerSlots];
    for (let at = round * c.prompts; at < round * c.prompts + drawn; at++) {
      generated++;
      const rewards = Array.from(reward.subarray(at * c.group, (at + 1) * c.group));
      const mean = rewards.reduce((a, b) => a + b, 0) / c.group;
      const deviation = Math.sqrt(rewards.reduce((s, r) => s + (r - mean) ** 2, 0) / c.group); // of the population, as NumPy's
      if (deviation > 0 || c.group === 1) own.push({ at, d: domain[at], key: randomBits(c.seed, STREAM.order, 3, at) });
    }
    kept.push(...own.sort((a, b) => a.key - b.key));
  }
  const taken: typeof kept = [];
  const rest: typeof kept = [];
  const counts = wanted.map(() => 0);
  for (const k of kept) (c.rule === 'off' || counts[k.d]++ < wanted[k.d] ? taken : rest).push(k);
  return { kept, chosen: [...taken, ...rest].slice(0, c.prompts), generated };
}

describe.each([
  ['webgpu', gpuBackend],
  ['cpu', async () => cpuBackend()],
])('dynamic sampling on %s', (_, open) => {
  test.each(CASES)('$prompts prompts × $group, $mixed mixed, rule $rule, equals brute force', async (c) => {
    const { before, state, place, source, domain, segments } = await dynamicSampling(await open(), c);
    const wanted = Array.from(state.subarray(STATE.samplerWanted, STATE.samplerWanted + DOMAIN_COUNT));
    const { kept, chosen, generated: drawn } = bruteForce(c, before, wanted);

    // Rounds: generated until the batch is full, and no further.
    const generated = state.subarray(STATE.samplerGenerated, STATE.samplerGenerated + DOMAIN_COUNT).reduce((a, b) => a + b, 0);
    expect(generated).toBe(drawn);
    expect(state[STATE.samplerKept]).toBe(kept.length);
    kept.forEach(({ at }, i) => void expect(place[2 * at]).toBe(i));
    expect(place.filter((p, i) => i % 2 === 0 && p !== NONE).length).toBe(kept.length);

    // The batch: the chosen ones dealt in turn, sorted by domain within each mini-batch, empty places last.
    const size = c.prompts / c.miniBatches;
    for (let m = 0; m < c.miniBatches; m++) {
      const members = chosen.filter((_k, i) => i % c.miniBatches === m).sort((a, b) => a.d - b.d);
      const here = source.subarray(m * size, (m + 1) * size);
      expect(Array.from(here)).toEqual([...members.map((k) => k.at), ...new Array(size - members.length).fill(NONE)]);
      const bounds = segments.subarray(m * (DOMAIN_COUNT + 1), (m + 1) * (DOMAIN_COUNT + 1));
      expect(Array.from(bounds)).toEqual(
        Array.from({ length: DOMAIN_COUNT + 1 }, (_d, d) => members.filter((k) => k.d < d).length),
      );
      members.forEach((k, i) => void expect(domain[m * size + i]).toBe(k.d));
    }
  });
});

test('GPU equals CPU in every buffer', async () => {
  for (const c of CASES) {
    const [cpu, gpu] = [await dynamicSampling(cpuBackend(), c), await dynamicSampling(await gpuBackend(), c)];
    for (const name of ['state', 'place', 'source', 'domain', 'segments'] as const) expect(gpu[name]).toEqual(cpu[name]);
    expectClose(gpu.curriculum, cpu.curriculum, 'curriculum', { atol: 1e-6 });
  }
});

test('with task weights later rounds are drawn by what the domains lack', async () => {
  const c = { ...(CASES[6] as Candidates), mixed: 0.35, rounds: 4 };
  const { before, shares } = await dynamicSampling(await gpuBackend(), c);
  const state = before[2] as Uint32Array;
  const lacking = Array.from({ length: DOMAIN_COUNT }, (_, d) =>
    Math.max(0, state[STATE.samplerWanted + d] - state[STATE.samplerAccepted + d]),
  );
  const total = lacking.reduce((a, b) => a + b, 0);
  expect(total).toBeGreaterThan(0);
  let sum = 0;
  const bounds = lacking.map((m) => (sum += m / total));
  expectClose(shares[2].subarray(CURRICULUM.share, CURRICULUM.share + DOMAIN_COUNT), bounds, 'shares', { atol: 1e-6 });
});

test('a run without filter keeps its round as it is, an empty round keeps nothing', async () => {
  const shape = { prompts: 9, group: 2, domains: DOMAIN_COUNT, round: 0, rounds: 1 };
  const hyper = filterHyper(CASES[0] as Candidates);
  const plain = new Float32Array(hyper.length);
  const inputs = {
    record: (run: number) => new Uint32Array(9).fill(run === 2 ? NONE : 3),
    domain: integers(9, DOMAIN_COUNT),
    reward: integers(18, 2),
    hyper: (run: number) => (run === 0 ? plain : hyper),
    state: STATE_SIZE,
    curriculum: CURRICULUM_SIZE,
    place: 18,
  };
  await compareKernel(await gpuBackend(), filterGroups, shape, inputs, { runs: 3 });
});
