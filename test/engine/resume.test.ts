import { afterAll, describe, expect, it } from 'vitest';
import { resolve } from '../../src/config/resolve';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../src/engine/checkpoint';
import { type Start, Trainer } from '../../src/engine/trainer';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { gpuBackend } from '../kernels/harness';
import { tinyBase } from './support';

/** Lanes with and without projection head, contrastive reward, filter, task weights and surgery. */
const METHODS = ['grpo', 'mcpo-grpo', 'clipo', 'mt-grpo', 'mcpo-dapo', 'mgs'];
const configs = METHODS.map((method, seed) =>
  resolve(['tiny', method], {
    seed,
    steps: 20,
    tasks: { instances: 32 },
    rollout: { prompts: 10, group: 4, miniBatches: 2 },
    contrast: { warmup: 1 },
    sampler: { rounds: 3 },
  }),
);

const checkpoints = (fleet: Trainer) => Promise.all(fleet.configs.map((_, run) => fleet.checkpoint(run)));
/** Through the bytes of a file. */
const reopened = (checkpoint: Checkpoint): Start => ({
  checkpoint: decodeCheckpoint(encodeCheckpoint(checkpoint), 'test'),
  where: 'test',
});

afterAll(async () => (await gpuBackend()).destroy());

describe.each([
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
] as const)('a fleet on %s', (_, open) => {
  it('goes on from the checkpoints of its runs bit for bit, whole or in part', async () => {
    const backend = await open();
    const fleet = await Trainer.create(backend, configs, [tinyBase()]);
    await fleet.step(2);
    const kept = (await checkpoints(fleet)).map(reopened);
    const rest = await fleet.step(2);
    const end = await checkpoints(fleet);
    fleet.destroy();

    const resumed = await Trainer.create(backend, configs, kept);
    expect(resumed.stepsDone).toBe(2);
    expect(await resumed.step(2)).toEqual(rest);
    expect(await checkpoints(resumed)).toEqual(end);
    resumed.destroy();

    const some = [4, 0, 2];
    const part = await Trainer.create(
      backend,
      some.map((run) => configs[run]),
      some.map((run) => kept[run]),
    );
    await part.step(2);
    expect(await checkpoints(part)).toEqual(some.map((run) => end[run]));
    part.destroy();
  });
});

it('refuses checkpoints of different steps, and says which', async () => {
  const two = configs.slice(0, 2);
  const fleet = await Trainer.create(cpuBackend(), two, [tinyBase()]);
  await fleet.step(1);
  const early = reopened(await fleet.checkpoint(0));
  await fleet.step(2);
  const late = reopened(await fleet.checkpoint(1));
  fleet.destroy();
  const message = 'run 1 starts after step 3, run 0 after step 1: the runs of a fleet advance together';
  await expect(Trainer.create(cpuBackend(), two, [early, late])).rejects.toThrow(message);
  await expect(Trainer.create(cpuBackend(), two, [early, tinyBase()])).rejects.toThrow('run 1 starts after step 0');
});
