import { expect, test } from 'vitest';
import { merged, resolve } from '../../src/config/resolve';
import { filledTraining, SMALL, sprinkleRewards } from '../../src/engine/selfTest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { gpuBackend, integers } from '../kernels/harness';

test.each([
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
] as const)('a training step labels its pool by the verifier or by the punished score, run by run, on %s', async (_, open) => {
  // A correct answer of 12 tokens scores 1 − 2 = −1, one of up to 3 tokens at least 0.5.
  const verifier = merged(resolve(['mcpo-grpo'], SMALL), { reward: { overlongBuffer: 12, overlongFactor: 2 } });
  const configs = [verifier, merged(verifier, { contrast: { labels: 'shaped' } })];
  const { memory, plan, shape } = await filledTraining(await open(), configs);
  sprinkleRewards(memory, 2);
  const rollouts = shape.batch.prompts * shape.batch.group;
  const lengths = integers(rollouts, 13, 4);
  memory.write('batch.length', lengths);
  const until = plan.dispatches.findIndex((d) => d.kernel.name === 'poolLabels');
  const labels = ['advantage', 'poolLabels'];
  const dispatches = plan.dispatches.slice(0, until + 1).filter((d) => labels.includes(d.kernel.name));
  expect(dispatches.map((d) => d.kernel.name)).toEqual(labels);
  (await memory.compile({ name: 'labels', dispatches })).run();
  const reward = await memory.read('batch.reward');
  const pool = await memory.read('contrast.reward');
  const size = rollouts / shape.batch.miniBatches;
  for (let i = 0; i < size; i++) {
    const right = reward[i] === 1;
    expect(pool[i]).toBe(lengths[i] === 0 ? -1 : Number(right));
    expect(pool[size + i]).toBe(lengths[i] === 0 ? -1 : Number(reward[rollouts + i] === 1 && lengths[i] <= 3));
  }
  expect(new Set(pool.slice(size))).toEqual(new Set([-1, 0, 1]));
  memory.destroy();
});
