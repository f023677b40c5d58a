import { describe, expect, it } from 'vitest';
import { HYPER, HYPER_SIZE } from '../../src/config/hyper';
import type { Data } from '../../src/gpu/kernel';
import { policyLoss } from '../../src/kernels/policyLoss';
import { compareKernel, expectClose, expectGradient, gpuBackend, integers, normals, reference64 } from './harness';

interface Sizes {
  first: number;
  prompts: number;
  group: number;
  promptLength: number;
  responseLength: number;
  vocabulary: number;
  supervised: number;
  totalPrompts: number;
}
const sizes = (
  prompts: number,
  group: number,
  promptLength: number,
  responseLength: number,
  vocabulary: number,
  supervised = 0,
): Sizes => ({
  first: 1,
  prompts,
  group,
  promptLength,
  responseLength,
  vocabulary,
  supervised,
  totalPrompts: prompts + 2,
});

function hyperOf(values: Record<string, number> = {}): Float64Array {
  const hyper = new Float64Array(HYPER_SIZE);
  const all = {
    'rollout.temperature': 0.7,
    'objective.clipLow': 0.2,
    'objective.clipHigh': 0.28,
    'objective.dualClip': 3,
    'objective.entropy': 0.05,
    ...values,
  };
  for (const [path, value] of Object.entries(all)) hyper[HYPER[path]] = value;
  return hyper;
}

/** Random data with ratios on both sides of every clip limit, and lengths from 0 to the maximum. */
function data(s: Sizes, seed: number, hyper = hyperOf()): Record<string, Data> {
  const rollouts = s.totalPrompts * s.group;
  const length = integers(rollouts, s.responseLength + 1, seed + 1);
  const inBatch = length.subarray(s.first * s.group, (s.first + s.prompts) * s.group);
  return {
    logits: normals(s.prompts * (s.promptLength + s.group * s.responseLength) * s.vocabulary, seed),
    response: integers(rollouts * s.responseLength, s.vocabulary, seed + 2),
    length,
    logp: normals(rollouts * s.responseLength, seed + 3, 1.2).map((x) => x - Math.log(s.vocabulary)),
    advantage: normals(rollouts, seed + 4),
    hyper,
    tokens: Uint32Array.of(inBatch.reduce((a, b) => a + b, 0)),
    tokenStats: new Float64Array(s.prompts * s.group * s.responseLength * 4),
  };
}

describe('policyLoss', () => {
  it.each([
    [sizes(1, 1, 1, 1, 4), 1],
    [sizes(3, 2, 5, 3, 20), 3],
    [sizes(2, 8, 16, 12, 64), 3],
    [sizes(3, 2, 5, 3, 20, 1), 1],
  ])('%j, runs %i', async (s, runs) => {
    const inputs = Array.from({ length: runs }, (_, run) => data(s, 10 * run + 1));
    const of = (name: string) => (run: number) => inputs[run][name];
    await compareKernel(
      await gpuBackend(),
      policyLoss,
      { ...s },
      Object.fromEntries(policyLoss.bufferNames.map((b) => [b, of(b)])),
      {
        runs,
        tolerance: { atol: 1e-6, rtol: 3e-4 },
      },
    );
  });

  it.each([
    ['dual clip', {}, 0],
    ['no dual clip', { 'objective.dualClip': 0 }, 0],
    ['supervised', {}, 1],
  ] as const)('gradient is the derivative of the mean loss (%s)', (_, changes, supervised) => {
    const s = sizes(2, 3, 2, 3, 8, supervised);
    const fixed = data(s, 3, hyperOf(changes));
    const x = Float64Array.from(fixed.logits);
    const run = () => reference64(policyLoss, { ...s }, { ...fixed, logits: x.slice() });
    const loss = () => {
      const { tokenStats } = run();
      let sum = 0;
      for (let i = 0; i < tokenStats.length; i += 4) sum += tokenStats[i];
      return sum / fixed.tokens[0];
    };
    expectGradient(loss, x, run().logits, 'dlogits', { samples: x.length, step: 1e-6, rtol: 1e-5 });
  });

  it('gives the values of the clipped objective', () => {
    const s = { ...sizes(1, 1, 1, 1, 4), first: 0, totalPrompts: 1 };
    const at = (ratio: number, advantage: number, dual: number) => {
      const out = reference64(policyLoss, s, {
        logits: new Float64Array(8),
        response: Uint32Array.of(2),
        length: Uint32Array.of(1),
        logp: Float64Array.of(Math.log(0.25) - Math.log(ratio)),
        advantage: Float64Array.of(advantage),
        hyper: hyperOf({ 'rollout.temperature': 1, 'objective.entropy': 0, 'objective.dualClip': dual }),
        tokens: Uint32Array.of(1),
        tokenStats: new Float64Array(4),
      });
      return [out.tokenStats[0], out.tokenStats[3]];
    };
    expectClose(at(1, 2, 3), [-2, 0], 'on policy');
    expectClose(at(1.5, 2, 3), [-2.56, 1], 'clipped above');
    expectClose(at(0.5, 2, 3), [-1, 0], 'below, positive');
    expectClose(at(0.5, -2, 3), [1.6, 1], 'clipped below');
    expectClose(at(5, -2, 3), [6, 1], 'dual clip');
    expectClose(at(5, -2, 0), [10, 0], 'dual clip off');
  });

  it('is zero without tokens', () => {
    const s = sizes(1, 2, 2, 2, 4);
    const given = data(s, 5);
    given.length.fill(0);
    given.tokens[0] = 0;
    const { logits, tokenStats } = reference64(policyLoss, { ...s }, given);
    expect([...logits, ...tokenStats].every((v) => v === 0)).toBe(true);
  });
});
