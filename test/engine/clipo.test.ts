import { afterAll, describe, expect, it } from 'vitest';
import { resolve } from '../../src/config/resolve';
import type { Config, Layer } from '../../src/config/schema';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/engine/checkpoint';
import { addForward } from '../../src/engine/policy';
import { filledTraining, sprinkleRewards } from '../../src/engine/selfTest';
import { Trainer } from '../../src/engine/trainer';
import { trainPlan } from '../../src/engine/trainPlan';
import type { Backend, Memory } from '../../src/gpu/backend';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { type Plan, PlanBuilder } from '../../src/gpu/plan';
import { statOf } from '../../src/kernels/metrics';
import { STATE, STATE_SIZE } from '../../src/kernels/state';
import { clipo } from '../../src/math/clipo';
import { randomBits, STREAM } from '../../src/math/random';
import { expectClose, gpuBackend } from '../kernels/harness';
import { tinyBase, trained } from './support';

const backends = [
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
] as const;

afterAll(async () => (await gpuBackend()).destroy());

const SIZE = { steps: 20, tasks: { instances: 32 }, rollout: { prompts: 10, group: 4 } } as const;
const clipoConfig = (layer: Layer = {}): Config =>
  resolve(['tiny', 'clipo'], { ...SIZE, ...layer, clipo: { width: 12, ...layer.clipo } });
const grpoConfig = (layer: Layer = {}): Config => resolve(['tiny', 'grpo'], { ...SIZE, clipo: { width: 12 }, ...layer });

/** A fleet whose batch is drawn and has rewards sprinkled over it, and the rest of its step: all that comes after the verifiers. */
async function opened(backend: Backend, ...configs: Config[]) {
  const { memory, plan, shape } = await filledTraining(backend, configs);
  const cut = plan.dispatches.findIndex(({ kernel: { name } }) => name === 'embed' || name === 'advantage');
  const part = async (dispatches: Plan['dispatches']) => (await memory.compile({ name: 'part', dispatches })).run();
  await part(plan.dispatches.slice(0, cut));
  sprinkleRewards(memory, configs.length);
  return { memory, shape, part, rest: plan.dispatches.slice(cut) };
}
const rowsOf = (data: ArrayLike<number>, width: number) =>
  Array.from({ length: data.length / width }, (_, i) => Array.from({ length: width }, (__, k) => data[i * width + k]));

/** The metrics of the last update. */
async function metric(memory: Memory, name: 'clipo/loss' | 'clipo/reward' | 'clipo/anchors', update: number) {
  const ring = await memory.read('ring');
  const at = (update * ring.length) / 64 + statOf(name);
  return { sum: ring[at], weight: ring[at + 1] };
}

describe('the contrastive reward of a step', () => {
  it.each(['infonce', 'supconOut', 'supconIn', 'softNn'] as const)('is the definition’s, with its metrics: %s', async (loss) => {
    const config = { ...clipoConfig({ clipo: { hidden: 8, loss } }), seed: 3 };
    const { memory, part, rest } = await opened(cpuBackend({ precision: 'f64' }), config);
    const before = (await memory.read('parameters')).slice();
    await part(rest);
    const { width, lambda, tau, clamp } = config.clipo;
    const want = clipo(
      {
        u: rowsOf(await memory.read('clipo.u'), width),
        reward: Array.from(await memory.read('batch.reward')),
        prompt: Array.from({ length: 40 }, (_, i) => Math.floor(i / 4)),
      },
      { ...config.clipo, lambda: Math.fround(lambda), tau: Math.fround(tau), clamp: Math.fround(clamp) },
      (i, count) => randomBits(3, STREAM.clipo, 0, i) % count,
    );
    expect(want.anchors.length).toBeGreaterThan(5);
    expectClose(await memory.read('batch.bonus'), want.reward, 'reward', { atol: 1e-12, rtol: 1e-10 });
    expectClose(await memory.read('clipo.du'), want.du.flat(), 'du', { atol: 1e-12, rtol: 1e-10 });
    const of = async (name: Parameters<typeof metric>[1]) => metric(memory, name, 0);
    const { sum, weight } = await of('clipo/loss');
    expect(weight).toBe(want.anchors.length);
    expect(sum / weight).toBeCloseTo(want.loss as number, 6);
    expect((await of('clipo/anchors')).weight).toBe(40);
    // A correct rollout keeps at least half a point, a wrong one has none: the order of their scores stays.
    const score = await memory.read('batch.score');
    const reward = await memory.read('batch.reward');
    reward.forEach((r, i) => expect(r ? score[i] >= 0.5 : score[i] === 0).toBe(true));
    expect(await memory.read('parameters')).not.toEqual(before);
    memory.destroy();
  });

  it('has the head’s gradient of central differences', async () => {
    for (const hidden of [0, 8]) {
      const config = clipoConfig({ clipo: { hidden, level: 'batch', loss: 'supconIn', tau: 0.2 } });
      const { memory, shape, part, rest } = await opened(cpuBackend({ precision: 'f64' }), config);
      const end = rest.findIndex((d) => d.kernel.name === 'countTokens'); // where the objective begins
      const value = async () => {
        await part(rest.slice(0, end));
        const stats = await memory.read('stats');
        return stats[statOf('clipo/loss')] / stats[statOf('clipo/loss') + 1];
      };
      await value();
      const grad = await memory.read('grad');
      const start = await memory.read('parameters');
      const { clipoStart, size } = shape.parameters;
      for (let at = clipoStart; at < size; at += 37) {
        const moved = async (by: number) => {
          memory.write('parameters', Float64Array.of(start[at] + by), 0, at);
          return value();
        };
        const numeric = ((await moved(1e-5)) - (await moved(-1e-5))) / 2e-5;
        await moved(0);
        expect(Math.abs(numeric - grad[at]), `hidden ${hidden}, parameter ${at}: ${grad[at]}, ${numeric}`).toBeLessThan(1e-7);
      }
      expect(grad.subarray(clipoStart, size).some((g) => Math.abs(g) > 1e-3)).toBe(true);
      expect(grad.subarray(0, clipoStart).every((g) => g === 0)).toBe(true);
      memory.destroy();
    }
  });
});

it('pools every mini-batch under the policy from before the step’s first update', async () => {
  const config = clipoConfig({ rollout: { prompts: 10, group: 4, miniBatches: 2 }, optimizer: { lr: 0.05, warmup: 0 } });
  const { memory, shape, part, rest } = await opened(cpuBackend(), config);
  const before = await memory.read('parameters');
  await part(rest);
  const pooled = await memory.read('clipo.h');
  const after = await memory.read('parameters');
  const length = await memory.read('batch.length');
  const { policy, batch, parameters } = shape;
  const rows = policy.promptLength + batch.group * policy.responseLength;
  /** Mean final hidden state of each response of mini-batch 1, by hand. */
  const byHand = async (weights: typeof before) => {
    memory.write('parameters', weights);
    const b = new PlanBuilder('forward', memory.layout);
    addForward(b, { policy, batch, parameters, parts: shape.domains }, 5);
    await part(b.dispatches);
    const final = await memory.read('policy.final');
    return Array.from({ length: 20 }, (_, i) => {
      const at = Math.floor(i / 4) * rows + policy.promptLength + (i % 4) * policy.responseLength;
      const tokens = length[20 + i];
      return Array.from({ length: policy.width }, (__, k) => {
        let sum = 0;
        for (let t = 0; t < tokens; t++) sum += final[(at + t) * policy.width + k];
        return sum / tokens;
      });
    }).flat();
  };
  const own = pooled.subarray(20 * policy.width);
  expectClose(own, await byHand(before), 'pooled', { atol: 1e-7, rtol: 1e-6 });
  const moved = await byHand(after);
  expect(Math.max(...moved.map((x, i) => Math.abs(x - own[i])))).toBeGreaterThan(1e-2);
  memory.destroy();
});

it('makes the forward pass of a step with one mini-batch only once', async () => {
  const count = async (config: Config) =>
    (await filledTraining(cpuBackend(), [config])).plan.dispatches.filter((d) => d.kernel.name === 'embed').length;
  expect(await count(grpoConfig())).toBe(1);
  expect(await count(clipoConfig())).toBe(1);
  expect(await count(clipoConfig({ rollout: { prompts: 10, group: 4, miniBatches: 2 } }))).toBe(3);
});

it('updates its head once a step, and not at all without an anchor', async () => {
  const config = clipoConfig({ rollout: { prompts: 10, group: 4, miniBatches: 2 } });
  for (const anchored of [true, false]) {
    const { memory, shape, part, rest } = await opened(cpuBackend(), config);
    if (!anchored)
      memory.write(
        'batch.reward',
        Float32Array.from({ length: 40 }, (_, i) => Number(i % 4 === 1)),
      );
    const { clipoStart } = shape.parameters;
    const before = await memory.read('parameters');
    await part(rest);
    const after = await memory.read('parameters');
    const state = await memory.read('state');
    expect([state[STATE.adamPolicy], state[STATE.adamClipo], state[STATE.update]]).toEqual([2, Number(anchored), 2]);
    expect(after.subarray(0, clipoStart)).not.toEqual(before.subarray(0, clipoStart));
    const moments = [await memory.read('moment1'), await memory.read('moment2')].map((m) => m.subarray(clipoStart));
    if (anchored) {
      // AdamW's first update moves every weight by about its rate.
      const most = Math.max(...after.subarray(clipoStart).map((x, i) => Math.abs(x - before[clipoStart + i])));
      expect(most).toBeGreaterThan(5e-4);
      expect(most).toBeLessThan(2e-3);
    } else {
      expect(after.subarray(clipoStart)).toEqual(before.subarray(clipoStart));
      expect(moments.every((m) => m.every((x) => x === 0))).toBe(true);
      expect((await memory.read('batch.bonus')).every((x) => x === 0)).toBe(true);
    }
    memory.destroy();
  }
});

it('leaves empty places of a batch out of everything', async () => {
  const { memory, part, rest } = await opened(cpuBackend(), clipoConfig({ clipo: { level: 'batch' } }));
  memory.write('batch.length', (await memory.read('batch.length')).fill(0, 0, 4));
  memory.write('batch.reward', (await memory.read('batch.reward')).fill(1, 0, 4));
  await part(rest);
  expect([...(await memory.read('batch.bonus')).subarray(0, 4)]).toEqual([0, 0, 0, 0]);
  const du = await memory.read('clipo.du');
  expect(du.subarray(0, 48).every((x) => x === 0)).toBe(true);
  expect(du.subarray(48).some((x) => x !== 0)).toBe(true);
  expect((await metric(memory, 'clipo/anchors', 0)).weight).toBe(36);
  memory.destroy();
});

it('gives an all-correct group no reward and no advantage', async () => {
  const { memory, part, rest } = await opened(cpuBackend(), clipoConfig());
  const reward = (await memory.read('batch.reward')).fill(1, 0, 4);
  memory.write('batch.reward', reward);
  await part(rest);
  expect([
    ...(await memory.read('batch.bonus')).subarray(0, 4),
    ...(await memory.read('batch.advantage')).subarray(0, 4),
  ]).toEqual(new Array(8).fill(0));
  memory.destroy();
});

describe.each(backends)('training with CLIPO on %s', (_, open) => {
  it('leaves a λ_c = 0 run, and every run of a mixed fleet, as it is alone', async () => {
    const backend = await open();
    const configs = [
      grpoConfig(),
      { ...clipoConfig(), seed: 4 },
      clipoConfig({ clipo: { level: 'batch', loss: 'softNn', warmup: 1 } }),
      clipoConfig({ clipo: { level: 'cross', loss: 'supconIn', lambda: 0.5 } }),
    ];
    const fleet = await trained(backend, configs, 3);
    for (const [run, config] of configs.entries()) expect((await trained(backend, [config], 3))[0]).toEqual(fleet[run]);
  });

  it('does not update the head of a λ_c = 0 run', async () => {
    const { memory, shape, part, rest } = await opened(await open(), grpoConfig(), clipoConfig());
    const { clipoStart, size } = shape.parameters;
    const of = async (name: string, run: number) => (await memory.read(name)).slice(run * size + clipoStart, (run + 1) * size);
    const before = [await of('parameters', 0), await of('parameters', 1)];
    await part(rest);
    expect(await of('parameters', 0)).toEqual(before[0]);
    expect(await of('parameters', 1)).not.toEqual(before[1]);
    for (const name of ['moment1', 'moment2']) expect((await of(name, 0)).every((x) => x === 0)).toBe(true);
    const state = await memory.read('state');
    expect([state[STATE.adamClipo], state[STATE_SIZE + STATE.adamClipo]]).toEqual([0, 1]);
    memory.destroy();
  });

  it('goes on from a checkpoint bit-identically', async () => {
    const backend = await open();
    const config = clipoConfig({ clipo: { hidden: 8, warmup: 1 } });
    const [whole] = await trained(backend, [config], 4);
    const trainer = await Trainer.create(backend, [config], [tinyBase()]);
    await trainer.step(2);
    const bytes = encodeCheckpoint(await trainer.checkpoint());
    trainer.destroy();
    const resumed = await Trainer.create(backend, [config], [{ checkpoint: decodeCheckpoint(bytes, 'test'), where: 'test' }]);
    const [rest] = await resumed.step(2);
    resumed.destroy();
    expect(rest.map((s) => JSON.stringify(s))).toEqual(whole.slice(2));
  });

  it('keeps the policy still while its head warms up', async () => {
    const trainer = await Trainer.create(await open(), [clipoConfig({ clipo: { warmup: 2 } })], [tinyBase()]);
    const at = async () => (await trainer.checkpoint()).parameters;
    const [start] = [await at()];
    await trainer.step(2);
    const warm = await at();
    await trainer.step(1);
    const joint = await at();
    trainer.destroy();
    for (const [name, { data }] of start)
      if (name.startsWith('policy.')) expect(warm.get(name)?.data, name).toEqual(data);
      else expect(warm.get(name)?.data, name).not.toEqual(data);
    expect(joint.get('policy.layers.0.qkv')).not.toEqual(warm.get('policy.layers.0.qkv'));
  });

  it('learns to tell the rollouts of one batch apart', async () => {
    const backend = await open();
    const config = clipoConfig({ clipo: { lr: 0.01, loss: 'supconIn' }, optimizer: { lr: 1e-7 } });
    const { memory, part, rest } = await opened(backend, config);
    for (let step = 0; step < 20; step++) await part(rest);
    const losses = await Promise.all(
      Array.from({ length: 20 }, async (__, i) => {
        const { sum, weight } = await metric(memory, 'clipo/loss', i);
        return sum / weight;
      }),
    );
    memory.destroy();
    expect(losses[19]).toBeLessThan(0.8 * losses[0]);
  });
});

it('changes the policy through advantages alone', async () => {
  const gradients: number[][] = [];
  for (const clamp of [0.5, 0]) {
    // With a clamp of 0 the reward vanishes while the head has its full gradient.
    const { memory, shape, part, rest } = await opened(cpuBackend({ precision: 'f64' }), clipoConfig({ clipo: { clamp } }));
    await part(rest);
    gradients.push(Array.from((await memory.read('total')).subarray(0, shape.parameters.clipoStart)));
    memory.destroy();
  }
  const plain = grpoConfig();
  const { memory, shape } = await filledTraining(cpuBackend({ precision: 'f64' }), [plain]);
  memory.destroy();
  expect(trainPlan(shape).layout.resources.has('clipo.h')).toBe(false);
  const alone = await opened(cpuBackend({ precision: 'f64' }), plain);
  await alone.part(alone.rest);
  expect(gradients[1]).toEqual(Array.from((await alone.memory.read('total')).subarray(0, shape.parameters.clipoStart)));
  expect(gradients[0]).not.toEqual(gradients[1]);
  alone.memory.destroy();
});

it('gives the same metrics on GPU and CPU from one checkpoint', async () => {
  const config = clipoConfig({ rollout: { prompts: 10, group: 4, miniBatches: 2 }, clipo: { hidden: 8 } });
  const run = async (backend: Backend) => {
    const trainer = await Trainer.create(backend, [config], [tinyBase()]);
    const [steps] = await trainer.step(6);
    trainer.destroy();
    return steps;
  };
  const cpu = await run(cpuBackend());
  const gpu = await run(await gpuBackend());
  for (const name of ['clipo/loss', 'clipo/reward', 'clipo/anchors', 'reward/mean', 'reward/shaped', 'gradient/norm'])
    cpu.forEach((step, i) => {
      const [want, have] = [step.metrics[name], gpu[i].metrics[name]];
      if (want === null) expect(have).toBeNull();
      else
        expect(Math.abs((have as number) - want), `${name} at step ${i + 1}: ${have}, reference ${want}`).toBeLessThanOrEqual(
          1e-4 * Math.abs(want) + 1e-6,
        );
    });
  expect(cpu.filter((s) => (s.metrics['clipo/anchors'] as number) > 0).length).toBeGreaterThan(1);
});
