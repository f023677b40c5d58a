import { afterAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/engine/checkpoint';
import type { StepMetrics } from '../../src/engine/metricsRing';
import { Trainer } from '../../src/engine/trainer';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { STATE } from '../../src/kernels/state';
import { gpuBackend } from '../kernels/harness';
import { smallConfig, tinyBase, trained } from './support';

const backends = [
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
] as const;

afterAll(async () => (await gpuBackend()).destroy());

describe.each(backends)('training on %s', (_, open) => {
  it('gives byte-identical metrics twice from one seed, and others from another seed', async () => {
    const backend = await open();
    const config = smallConfig('mcpo-grpo');
    const [first] = await trained(backend, [config], 4);
    const [second] = await trained(backend, [config], 4);
    const [other] = await trained(backend, [{ ...config, seed: 1 }], 4);
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('does not depend on how many steps go into one submission', async () => {
    const backend = await open();
    const config = smallConfig('mcpo-grpo');
    const [whole] = await trained(backend, [config], 4);
    const trainer = await Trainer.create(backend, [config], [tinyBase()]);
    const single: StepMetrics[] = [];
    for (let i = 0; i < 4; i++) single.push((await trainer.step(1))[0][0]);
    trainer.destroy();
    expect(single.map((s) => JSON.stringify(s))).toEqual(whole);
  });

  it('goes on from a checkpoint bit-identically', async () => {
    const backend = await open();
    const config = smallConfig('mcpo-grpo');
    const [whole] = await trained(backend, [config], 6);
    const trainer = await Trainer.create(backend, [config], [tinyBase()]);
    await trainer.step(3);
    const bytes = encodeCheckpoint(await trainer.checkpoint());
    trainer.destroy();
    const resumed = await Trainer.create(backend, [config], [{ checkpoint: decodeCheckpoint(bytes, 'test'), where: 'test' }]);
    expect(resumed.stepsDone).toBe(3);
    const [rest] = await resumed.step(3);
    resumed.destroy();
    expect(rest.map((s) => JSON.stringify(s))).toEqual(whole.slice(3));
  });

  it('trains a fleet of mixed methods and seeds as each run trains alone', async () => {
    const backend = await open();
    const configs = [
      smallConfig('mcpo-grpo'),
      { ...smallConfig('mcpo-grpo', { contrast: { tau: 0.2, lambda: 0.5, warmup: 0 } }), seed: 5 },
      smallConfig('mcpo-grpo', { tasks: { instances: 32, mix: 'math:1' }, optimizer: { lr: 3e-3 } }),
    ];
    const fleet = await trained(backend, configs, 3);
    for (const [run, config] of configs.entries()) expect((await trained(backend, [config], 3))[0]).toEqual(fleet[run]);
  });

  it('leaves the policy alone where the contrastive loss trains a mere probe', async () => {
    const backend = await open();
    const policy = async (config: ReturnType<typeof smallConfig>) => {
      const trainer = await Trainer.create(backend, [config], [tinyBase()]);
      await trainer.step(4);
      const { parameters } = await trainer.checkpoint();
      trainer.destroy();
      return [...parameters].filter(([name]) => name.startsWith('policy.'));
    };
    const probe = smallConfig('mcpo-grpo', { contrast: { warmup: 0, backbone: false } });
    expect(await policy(probe)).toEqual(await policy(smallConfig('grpo')));
  });

  it('keeps the policy of a λ = 0 run in a mixed fleet the same as plain GRPO', async () => {
    const backend = await open();
    const plain = smallConfig('grpo');
    const fleet = await Trainer.create(backend, [plain, smallConfig('mcpo-grpo', { contrast: { warmup: 0 } })], [tinyBase()]);
    const alone = await Trainer.create(backend, [plain], [tinyBase()]);
    const [[mixed]] = [await fleet.step(4)];
    const [[single]] = [await alone.step(4)];
    for (const name of ['loss/policy', 'policy/entropy', 'reward/mean', 'gradient/norm'])
      expect(mixed.map((s) => s.metrics[name])).toEqual(single.map((s) => s.metrics[name]));
    fleet.destroy();
    alone.destroy();
  });
});

it('gives the same ten-step losses on GPU and CPU from one checkpoint', async () => {
  const config = smallConfig('mcpo-grpo', { rollout: { prompts: 10, group: 4, miniBatches: 2 } });
  const run = async (backend: Awaited<ReturnType<typeof gpuBackend>>) => {
    const trainer = await Trainer.create(backend, [config], [tinyBase()]);
    const [steps] = await trainer.step(10);
    trainer.destroy();
    return steps;
  };
  const cpu = await run(cpuBackend());
  const gpu = await run(await gpuBackend());
  for (const name of [
    'loss/policy',
    'loss/contrastive',
    'loss/cross',
    'loss/inDomain',
    'logit/negative',
    'gradient/norm',
    'policy/entropy',
    'reward/mean',
  ])
    for (let i = 0; i < 10; i++) {
      const want = cpu[i].metrics[name] as number;
      const have = gpu[i].metrics[name] as number;
      // The policy loss is a difference of near-equal sums around zero: its scale is that of its terms, about 1.
      const scale = name === 'loss/policy' ? Math.max(Math.abs(want), 0.1) : Math.abs(want);
      expect(Math.abs(have - want), `${name} at step ${i + 1}: ${have}, reference ${want}`).toBeLessThanOrEqual(
        1e-4 * scale + 1e-12,
      );
    }
  expect(cpu.some((s) => (s.metrics['loss/contrastive'] as number) > 0)).toBe(true);
});

it('leaves the policy alone during the contrastive warm-up and reaches it afterwards', async () => {
  const runs = await Promise.all(
    [
      smallConfig('grpo'),
      smallConfig('mcpo-grpo', { contrast: { warmup: 100 } }),
      smallConfig('mcpo-grpo', { contrast: { warmup: 0 } }),
    ].map(async (config) => {
      const trainer = await Trainer.create(cpuBackend(), [config], [tinyBase()]);
      const before = (await trainer.checkpoint()).parameters;
      await trainer.step(2);
      const after = (await trainer.checkpoint()).parameters;
      trainer.destroy();
      return { before, after };
    }),
  );
  const [plain, warm, joint] = runs.map(({ after }) => after.get('policy.layers.0.qkv')?.data);
  expect(warm).toEqual(plain);
  expect(joint).not.toEqual(plain);
  // The head learns from the first update on: AdamW moves a weight by about its rate, weight decay alone by a hundredth of that.
  for (const { before, after } of runs.slice(1)) {
    const [was, is] = [before, after].map((p) => p.get('head.output.weight')?.data as Float32Array);
    expect(Math.max(...is.map((x, i) => Math.abs(x - was[i])))).toBeGreaterThan(5e-4);
  }
});

it('skips an update whose gradient is not finite and keeps parameters, Adam state and counters', async () => {
  const config = smallConfig('mcpo-grpo');
  const base = tinyBase();
  const broken = base.checkpoint.parameters.get('policy.output') as { shape: number[]; data: Float32Array };
  base.checkpoint.parameters.set('policy.output', {
    shape: broken.shape,
    data: broken.data.map((x, i) => (i === 7 ? Number.NaN : x)),
  });
  const trainer = await Trainer.create(cpuBackend(), [config], [base]);
  const before = await trainer.checkpoint();
  const [[{ metrics }]] = await trainer.step(1);
  const after = await trainer.checkpoint();
  trainer.destroy();
  expect(metrics['gradient/skipped']).toBe(1);
  expect(after.parameters.get('policy.layers.0.up')).toEqual(before.parameters.get('policy.layers.0.up'));
  expect(after.parameters.get('head.output.weight')).toEqual(before.parameters.get('head.output.weight'));
  expect(after.training?.moments).toEqual(before.training?.moments);
  const [adam, skipped] = [STATE.adamPolicy, STATE.skipped].map((at) => after.training?.state[at]);
  expect([adam, after.training?.state[STATE.adamHead], skipped]).toEqual([0, 0, 1]);
});
