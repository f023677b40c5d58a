import { afterAll, describe, expect, it } from 'vitest';
import { resolve } from '../../src/config/resolve';
import type { Layer } from '../../src/config/schema';
import { Trainer } from '../../src/engine/trainer';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { gpuBackend } from '../kernels/harness';
import { tinyBase } from './support';

/** The seven methods of the paper's Table 1. */
const METHODS = ['grpo', 'dapo', 'clipo', 'mgs', 'mt-grpo', 'mcpo-grpo', 'mcpo-dapo'];
const STEPS = 3;
const small = (method: string, layer: Layer = {}) =>
  resolve(['tiny', method], {
    steps: 20,
    tasks: { instances: 32 },
    rollout: { prompts: 10, group: 4 },
    contrast: { warmup: 1 },
    eval: { prompts: 4, samples: 2 },
    ...layer,
  });

afterAll(async () => (await gpuBackend()).destroy());

describe.each([
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
])('a race of the seven methods on %s', (_, open) => {
  it.each([
    ['one update a batch', {}],
    ['two updates a batch', { rollout: { prompts: 10, group: 4, miniBatches: 2 } }],
  ])('with %s equals seven single runs bit for bit', async (_name, layer) => {
    const backend = await open();
    const configs = METHODS.map((method) => small(method, layer));
    const fleet = await Trainer.create(backend, configs, [tinyBase()]);
    const metrics = await fleet.step(STEPS);
    for (const [run, config] of configs.entries()) {
      const alone = await Trainer.create(backend, [config], [tinyBase()]);
      const [own] = await alone.step(STEPS);
      // What the run alone does not measure (a head it does not have) the fleet may.
      for (const [i, step] of own.entries())
        for (const [name, value] of Object.entries(step.metrics))
          if (value !== null) expect([METHODS[run], name, metrics[run][i].metrics[name]]).toEqual([METHODS[run], name, value]);
      const [inFleet, single] = [await fleet.checkpoint(run), await alone.checkpoint()];
      expect(inFleet.parameters).toEqual(single.parameters);
      expect(inFleet.training).toEqual(single.training);
      alone.destroy();
    }
    // The methods did part ways.
    const policies = await Promise.all(configs.map(async (_c, run) => (await fleet.checkpoint(run)).parameters));
    const texts = policies.map((p) => JSON.stringify(Array.from(p.get('policy.output')?.data ?? [])));
    expect(new Set(texts).size).toBe(METHODS.length);
    fleet.destroy();
  });

  it('starts every method that does not choose its own prompts with the same rollouts', async () => {
    const backend = await open();
    const configs = METHODS.map((method) => small(method));
    const fleet = await Trainer.create(backend, configs, [tinyBase()]);
    await fleet.step(1);
    const rollouts = await Promise.all(configs.map((_c, run) => fleet.rollouts(40, run)));
    fleet.destroy();
    const tokens = rollouts.map((own) => own.map(({ prompt, response }) => [prompt, response]));
    for (const method of ['clipo', 'mgs', 'mcpo-grpo']) expect(tokens[METHODS.indexOf(method)]).toEqual(tokens[0]);
    // DAPO keeps the mixed groups of the same first round, and replaces the others.
    const prompts = (run: number) => new Set(rollouts[run].map((r) => r.prompt.join()));
    const shared = [...prompts(METHODS.indexOf('dapo'))].filter((p) => prompts(0).has(p));
    expect(shared.length).toBeGreaterThan(0);
    expect(tokens[METHODS.indexOf('mcpo-dapo')]).toEqual(tokens[METHODS.indexOf('dapo')]);
  });
});
