import { afterAll, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/schema';
import { Trainer } from '../../src/engine/trainer';
import type { Backend } from '../../src/gpu/backend';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { gpuBackend } from '../kernels/harness';
import { smallConfig, tinyBase } from './support';

afterAll(async () => (await gpuBackend()).destroy());

async function alone(backend: Backend, config: Config, steps: number) {
  const trainer = await Trainer.create(backend, [config], [tinyBase()]);
  const [metrics] = await trainer.step(steps);
  const [result] = (await trainer.evaluate()) ?? [];
  const checkpoint = await trainer.checkpoint();
  trainer.destroy();
  return { metrics, result, checkpoint };
}

describe.each([
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
])('places of a fleet on %s', (_, open) => {
  it('a run put into a place that another left trains there as it does alone, and so do the others', async () => {
    const backend = await open();
    const configs = [0, 1, 2].map((seed) => smallConfig('mcpo-grpo', { seed, contrast: { lambda: 0.1 + seed / 10, warmup: 1 } }));
    const next = smallConfig('mcpo-grpo', { seed: 7, contrast: { tau: 0.3, warmup: 1 }, optimizer: { lr: 0.002 } });
    const fleet = await Trainer.create(backend, configs, [tinyBase()]);
    await fleet.step(2);
    const left = await fleet.checkpoint(1);
    fleet.place(1, next, tinyBase());
    expect([0, 1, 2].map((run) => fleet.stepsOf(run))).toEqual([2, 0, 2]);
    const metrics = await fleet.step(3);
    expect(metrics.map((own) => own.map((s) => s.step))).toEqual([
      [3, 4, 5],
      [1, 2, 3],
      [3, 4, 5],
    ]);
    const single = await alone(backend, next, 3);
    expect(metrics[1]).toEqual(single.metrics);
    expect(await fleet.checkpoint(1)).toEqual(single.checkpoint);
    expect(await fleet.evaluateRuns([1])).toEqual([single.result]);
    const first = await alone(backend, configs[0], 5);
    expect(metrics[0]).toEqual(first.metrics.slice(2));
    expect(await fleet.evaluateRuns([1, 0])).toEqual([single.result, first.result]);
    // What left goes on in another place.
    fleet.place(0, configs[1], { checkpoint: left, where: 'what left' });
    const [moved] = await fleet.step(3, 1);
    expect(moved).toEqual((await alone(backend, configs[1], 5)).metrics.slice(2));
    // The places behind the first rested.
    expect([0, 1, 2].map((run) => fleet.stepsOf(run))).toEqual([5, 3, 5]);
    expect(await fleet.checkpoint(1)).toEqual(single.checkpoint);
    fleet.destroy();
  });

  it('refuses a run of another shape, and one that needs dispatches which the fleet lacks', async () => {
    const backend = await open();
    const fleet = await Trainer.create(backend, [smallConfig('grpo')], [tinyBase()]);
    expect(() => fleet.place(0, smallConfig('mcpo-grpo'), tinyBase())).toThrow(
      /^invalid contrast\.lambda: 0\.1 \(a fleet made without it cannot take this run in\)$/,
    );
    expect(() => fleet.place(0, smallConfig('grpo', { rollout: { group: 8 } }), tinyBase())).toThrow(/a fleet has one shape/);
    fleet.destroy();
  });
});
