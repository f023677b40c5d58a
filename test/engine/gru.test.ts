import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { resolve } from '../../src/config/resolve';
import type { Config, Layer } from '../../src/config/schema';
import { decodeCheckpoint, nameParameters } from '../../src/engine/checkpoint';
import { finiteDifferences } from '../../src/engine/finiteDifferences';
import { initialParameters, parameterLayout } from '../../src/engine/parameters';
import { addForward } from '../../src/engine/policy';
import { filledTraining } from '../../src/engine/selfTest';
import { headShape, policyShape, rowsPerPrompt } from '../../src/engine/shape';
import { Trainer } from '../../src/engine/trainer';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { PlanBuilder } from '../../src/gpu/plan';
import { DOMAINS } from '../../src/tasks/registry';
import { gpuBackend } from '../kernels/harness';

afterAll(async () => (await gpuBackend()).destroy());

/** The shipped recurrent base of the tiny size. */
const base = () => ({
  checkpoint: decodeCheckpoint(
    new Uint8Array(readFileSync(new URL('../../public/base/tiny-gru.safetensors', import.meta.url))),
    'tiny-gru base',
  ),
  where: 'tiny-gru base',
});

const config = (method: 'grpo' | 'mcpo-grpo', layer: Layer = {}): Config =>
  resolve(['tiny', method, 'gru'], {
    steps: 20,
    tasks: { instances: 32 },
    rollout: { prompts: 10, group: 4 },
    contrast: { warmup: 3 },
    ...layer,
  });

describe('the recurrent policy', () => {
  it('has the gradient of the whole objective that central differences give in float64', async () => {
    const checks = await finiteDifferences({ policy: { kind: 'gru', width: 20, layers: 2 } });
    expect(checks.map((c) => c.tensor)).toEqual(
      expect.arrayContaining(['policy.layers.1.hiddenGates', 'policy.layers.0.gateBias']),
    );
    expect(checks.filter((c) => !(c.error <= 1e-5))).toEqual([]);
    expect(checks.every((c) => Math.abs(c.numeric) > 0)).toBe(true);
  });

  it.each([
    ['cpu', async () => cpuBackend()],
    ['webgpu', gpuBackend],
  ] as const)('gives sampled tokens the same log-probability when training as when sampling (%s)', async (_, open) => {
    const c = config('grpo', { rollout: { prompts: 5, group: 3, temperature: 1 } });
    const { memory, plan, shape } = await filledTraining(await open(), [c]);
    const context = { policy: shape.policy, batch: shape.batch, parameters: shape.parameters, parts: DOMAINS.length };
    const split = plan.dispatches.findIndex((d) => d.kernel.name === 'verify');
    (await memory.compile({ name: 'draw', dispatches: plan.dispatches.slice(0, split) })).run();
    const b = new PlanBuilder('forward', memory.layout);
    addForward(b, context, 0);
    (await memory.compile(b.build())).run();
    const logits = await memory.read('policy.logits');
    const [response, length, logp] = await Promise.all(
      ['response', 'length', 'logp'].map((name) => memory.read(`batch.${name}`)),
    );
    memory.destroy();
    const { promptLength: Q, responseLength: T, vocabulary: V } = shape.policy;
    const { prompts, group } = shape.batch;
    let worst = 0;
    for (let i = 0; i < prompts * group; i++)
      for (let t = 0; t < length[i]; t++) {
        const row = Math.floor(i / group) * rowsPerPrompt(shape.policy, group) + Q - 1 + (t > 0 ? (i % group) * T + t : 0);
        const z = [...logits.subarray(row * V, (row + 1) * V)];
        const total = Math.log(z.reduce((sum, x) => sum + Math.exp(x), 0));
        worst = Math.max(worst, Math.abs(logp[i * T + t] - (z[response[i * T + t]] - total)));
      }
    expect(worst).toBeLessThan(1e-5);
  });

  it.each([
    ['cpu', async () => cpuBackend()],
    ['webgpu', gpuBackend],
  ] as const)('trains a fleet as each run trains alone, to the bit (%s)', async (_, open) => {
    const backend = await open();
    const configs = [
      config('mcpo-grpo'),
      { ...config('mcpo-grpo', { contrast: { tau: 0.2, lambda: 0.5, warmup: 0 } }), seed: 5 },
      config('mcpo-grpo', { tasks: { instances: 32, mix: 'math:1' }, optimizer: { lr: 3e-3 } }),
    ];
    const trained = async (fleet: Config[]) => {
      const trainer = await Trainer.create(backend, fleet, [base()]);
      const metrics = await trainer.step(3);
      trainer.destroy();
      return metrics.map((run) => run.map((s) => JSON.stringify(s)));
    };
    const together = await trained(configs);
    for (const [run, c] of configs.entries()) expect((await trained([c]))[0]).toEqual(together[run]);
    expect(together[0]).not.toEqual(together[1]);
  });

  it('goes the same way on GPU and CPU from one checkpoint', async () => {
    const c = config('grpo', { rollout: { prompts: 10, group: 4, miniBatches: 2 } });
    const run = async (backend: Awaited<ReturnType<typeof gpuBackend>>) => {
      const trainer = await Trainer.create(backend, [c], [base()]);
      const [steps] = await trainer.step(6);
      trainer.destroy();
      return steps;
    };
    const cpu = await run(cpuBackend());
    const gpu = await run(await gpuBackend());
    for (const name of ['gradient/norm', 'policy/entropy', 'reward/mean'])
      for (const [i, { metrics }] of cpu.entries()) {
        const want = metrics[name] as number;
        const have = gpu[i].metrics[name] as number;
        expect(Math.abs(have - want), `${name} at step ${i}: ${have}, reference ${want}`).toBeLessThanOrEqual(
          1e-4 * Math.abs(want),
        );
      }
  });

  it('needs a width of whole fours, whatever the heads', () => {
    expect(config('grpo', { policy: { width: 20, heads: 3 } }).policy.width).toBe(20);
    expect(() => config('grpo', { policy: { width: 22 } })).toThrow('invalid policy.width: 22 (a multiple of 4)');
  });

  it('starts with update gates that keep states for one token up to the whole sequence', () => {
    const shape = policyShape(config('grpo'));
    const layout = parameterLayout(shape, headShape(config('grpo')));
    const bias = nameParameters(layout, initialParameters(layout, shape.layers, 0)).get('policy.layers.0.gateBias')
      ?.data as Float32Array;
    const H = shape.width;
    expect([...bias.subarray(0, H), ...bias.subarray(2 * H)].every((v) => v === 0)).toBe(true);
    expect(bias[H]).toBe(0);
    expect(Math.exp(bias[2 * H - 1])).toBeCloseTo(shape.promptLength + shape.responseLength, 4);
  });
});
