import { afterAll, describe, expect, it } from 'vitest';
import { resolve } from '../../src/config/resolve';
import type { Layer } from '../../src/config/schema';
import { nameParameters } from '../../src/engine/checkpoint';
import { initialParameters, parameterLayout } from '../../src/engine/parameters';
import { policyShape } from '../../src/engine/shape';
import { Trainer } from '../../src/engine/trainer';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { CURRICULUM } from '../../src/kernels/curriculum';
import { STATE } from '../../src/kernels/state';
import { gpuBackend } from '../kernels/harness';
import { tinyBase } from './support';

// Rows of method.md 10 that concern the whole step. Those of the contrastive loss are in contrastDegenerate.test.ts, those of single
// kernels (equal rewards, G = 1, a filter rate of 1, a module without gradient, CLIPO's groups) in the kernels' tests.

const small = (method: string, layer: Layer = {}) =>
  resolve(['tiny', method], {
    steps: 20,
    tasks: { instances: 32 },
    rollout: { prompts: 10, group: 4 },
    eval: { prompts: 4, samples: 2 },
    ...layer,
  });

/** Weights that never earn a reward: random ones. */
function hopeless() {
  const config = small('dapo');
  const layout = parameterLayout(policyShape(config));
  const parameters = nameParameters(layout, initialParameters(layout, 1, 3));
  return { checkpoint: { config, parameters }, where: 'random weights' };
}

afterAll(async () => (await gpuBackend()).destroy());

describe.each([
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
])('degenerate steps on %s', (_, open) => {
  it.each(['dapo', 'mcpo-dapo', 'mt-grpo'])(
    '%s finds no mixed group within the limit: the step is skipped and counted, nothing moves',
    async (method) => {
      const trainer = await Trainer.create(await open(), [small(method, { sampler: { rounds: 3 } })], [hopeless()]);
      const before = await trainer.checkpoint();
      const [steps] = await trainer.step(2);
      const after = await trainer.checkpoint();
      trainer.destroy();
      for (const { metrics } of steps) {
        expect(metrics['sampler/rounds']).toBe(3);
        expect(metrics['sampler/missing']).toBe(1);
        expect(metrics['reward/generated']).toBe(0);
        expect(metrics['gradient/empty']).toBe(1);
        expect(metrics['gradient/skipped']).toBe(0);
        // No token, no rollout: no data, never NaN.
        for (const name of ['loss/policy', 'policy/entropy', 'reward/mean', 'group/mixed']) expect(metrics[name]).toBeNull();
        for (const value of Object.values(metrics)) expect(Number.isNaN(value)).toBe(false);
      }
      expect(after.parameters).toEqual(before.parameters);
      expect(after.training?.moments).toEqual(before.training?.moments);
      expect(after.training?.state[STATE.step]).toBe(2);
      expect([STATE.adamPolicy, STATE.adamHead, STATE.empty].map((at) => after.training?.state[at])).toEqual([0, 0, 2]);
    },
  );

  it('a batch that stays partly empty trains on what there is and counts the rest', async () => {
    const config = small('mcpo-dapo', {
      sampler: { rounds: 1 },
      contrast: { warmup: 0 },
      rollout: { prompts: 10, group: 4, miniBatches: 2 },
    });
    const trainer = await Trainer.create(await open(), [config], [tinyBase()]);
    const [[{ metrics }]] = await trainer.step(1);
    const rollouts = await trainer.rollouts(1000);
    const pool = await trainer.pool();
    const state = (await trainer.checkpoint()).training?.state;
    trainer.destroy();
    const kept = Math.round(10 * (1 - (metrics['sampler/missing'] as number)));
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(10);
    expect(rollouts.length).toBe(4 * kept);
    expect(pool.reward.length).toBe(4 * Math.floor(kept / 2));
    expect(metrics['group/mixed']).toBe(1);
    expect(metrics['pool/positiveRatio'] as number).toBeGreaterThan(0);
    expect([state?.[STATE.adamPolicy], state?.[STATE.empty]]).toEqual([2, 0]);
  });

  it('the same prompt twice in a batch makes two groups, each with advantages of its own', async () => {
    const config = small('grpo', { tasks: { instances: 8, mix: 'safety:1' } });
    const trainer = await Trainer.create(await open(), [config], [tinyBase()]);
    await trainer.step(1);
    const rollouts = await trainer.rollouts(40);
    trainer.destroy();
    const groups = Array.from({ length: 10 }, (_g, g) => rollouts.slice(4 * g, 4 * g + 4));
    expect(new Set(groups.map(([first]) => first.prompt.join())).size).toBeLessThan(10);
    for (const group of groups) {
      expect(new Set(group.map((r) => r.prompt.join())).size).toBe(1);
      expect(Math.abs(group.reduce((sum, r) => sum + r.advantage, 0))).toBeLessThan(1e-5);
      const rewards = new Set(group.map((r) => r.reward));
      expect(group.some((r) => r.advantage !== 0)).toBe(rewards.size > 1);
    }
  });

  it('a task that the mix leaves out keeps its logit, accuracy and filter rate under MT-GRPO', async () => {
    const config = small('mt-grpo', { tasks: { instances: 32, mix: 'math:1,safety:1' } });
    const trainer = await Trainer.create(await open(), [config], [tinyBase()]);
    const [steps] = await trainer.step(2);
    const curriculum = (await trainer.checkpoint()).training?.curriculum as Float32Array;
    trainer.destroy();
    for (const at of [CURRICULUM.logit, CURRICULUM.accuracy, CURRICULUM.filterRate])
      expect(Array.from(curriculum.subarray(at + 1, at + 4))).toEqual([0, 0, 0]);
    const { metrics } = steps[1];
    expect(metrics['weight/code']).toBeNull();
    expect(metrics['improvement/code']).toBeNull();
    expect((metrics['weight/math'] as number) + (metrics['weight/safety'] as number)).toBeCloseTo(1, 6);
    expect(curriculum[CURRICULUM.logit]).not.toBe(0);
  });

  it('a single domain trains as before, with MGS as plain GRPO', async () => {
    const backend = await open();
    const run = async (method: string) => {
      const trainer = await Trainer.create(backend, [small(method, { tasks: { instances: 32, mix: 'math:1' } })], [tinyBase()]);
      await trainer.step(2);
      const { parameters } = await trainer.checkpoint();
      trainer.destroy();
      return parameters;
    };
    expect(await run('mgs')).toEqual(await run('grpo'));
  });
});
