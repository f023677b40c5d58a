import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { gatherOutcomes } from '../../src/kernels/gatherOutcomes';
import { gatherTokens } from '../../src/kernels/gatherTokens';
import { NONE } from '../../src/kernels/state';
import { bank } from './batchFixture';
import { compareKernel, gpuBackend, integers, runKernel } from './harness';

const sourceOf = (prompts: number, rounds: number) => (run: number) =>
  integers(prompts, rounds * prompts, run + 3).map((s, i) => ((i + run) % 4 === 3 ? NONE : s));

test.each([
  [1, 1, 1, 1],
  [13, 5, 3, 2],
  [65, 8, 2, 3],
])('GPU equals CPU for %i prompts × %i out of %i rounds, %i runs', async (prompts, group, rounds, runs) => {
  const rollouts = prompts * group;
  const source = sourceOf(prompts, rounds);
  const tokens = {
    source,
    record: integers(rounds * prompts, bank.count, 4),
    records: bank.records,
    candidateResponse: integers(rounds * rollouts * 12, 64, 5),
    candidateLogp: rounds * rollouts * 12,
    prompt: prompts * 16,
    response: rollouts * 12,
    logp: rollouts * 12,
  };
  const sizes = { prompts, group, rounds };
  const options = { runs, tolerance: { atol: 0, rtol: 0 } };
  const shape = { ...sizes, promptLength: 16, responseLength: 12, records: bank.count };
  await compareKernel(await gpuBackend(), gatherTokens, shape, tokens, options);
  const outcomes = {
    source,
    candidateRecord: integers(rounds * prompts, bank.count, 6),
    candidateLength: integers(rounds * rollouts, 13, 7),
    candidateReward: rounds * rollouts,
    record: prompts,
    length: rollouts,
    reward: rollouts,
  };
  await compareKernel(await gpuBackend(), gatherOutcomes, sizes, outcomes, options);
});

test('every row is that of its source; an empty place has no record, no token and no reward', async () => {
  const inputs = {
    source: [3, NONE, 0],
    candidateRecord: [7, 8, 9, 10],
    candidateLength: [1, 2, 3, 4, 5, 6, 7, 8],
    candidateReward: [0, 1, 0, 1, 0, 1, 1, 1],
    record: 3,
    length: new Uint32Array(6).fill(9),
    reward: new Float32Array(6).fill(9),
  };
  for (const backend of [cpuBackend(), await gpuBackend()]) {
    const out = await runKernel(
      backend,
      gatherOutcomes,
      { prompts: 3, group: 2, rounds: 2 },
      {
        ...inputs,
        candidateRecord: [7, 8, 9, 10, 0, 0],
        candidateLength: [...inputs.candidateLength, 0, 0, 0, 0],
        candidateReward: [...inputs.candidateReward, 0, 0, 0, 0],
      },
    );
    expect(Array.from(out.record)).toEqual([10, NONE, 7]);
    expect(Array.from(out.length)).toEqual([7, 8, 0, 0, 1, 2]);
    expect(Array.from(out.reward)).toEqual([1, 1, 0, 0, 0, 1]);
  }
});
