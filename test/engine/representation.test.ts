import { afterAll, describe, expect, it } from 'vitest';
import { packHyper } from '../../src/config/hyper';
import { nameParameters, placeParameters } from '../../src/engine/checkpoint';
import { initialParameters, parameterLayout } from '../../src/engine/parameters';
import { addForward, policyResources } from '../../src/engine/policy';
import { type HiddenStates, hiddenStates } from '../../src/engine/representation';
import { headShape, type PolicyShape, policyShape } from '../../src/engine/shape';
import { batchResources } from '../../src/engine/trainPlan';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { Layout, PlanBuilder } from '../../src/gpu/plan';
import { buildBank, RECORD_SIZE, verify } from '../../src/tasks/bank';
import { DOMAINS } from '../../src/tasks/registry';
import { gpuBackend } from '../kernels/harness';
import { smallConfig, tinyBase } from './support';

const config = smallConfig('mcpo-grpo');
const { checkpoint } = tinyBase();
const policy = policyShape(config);
const T = policy.responseLength;
const flatBase = new Float32Array(parameterLayout(policy).size);
placeParameters(parameterLayout(policy), checkpoint, flatBase, 'tiny base');
const bankOf = (prompts: number) => buildBank(config.tasks, { split: 'heldOut', perColumn: prompts, seed: config.tasks.world });

/** Mean over the response of the rows of `policy.final`, from one forward pass over all responses, one rollout a prompt. */
async function byHand(got: HiddenStates, prompts: number, flat: Float32Array, policy: PolicyShape): Promise<number[]> {
  const parameters = parameterLayout(policy);
  const batch = { prompts: got.n, group: 1, miniBatches: 1 };
  const layout = new Layout(1);
  const context = { policy, batch, parameters, parts: 1 };
  batchResources(layout, policy, batch, 1);
  policyResources(layout, context);
  const b = new PlanBuilder('forward', layout);
  addForward(b, context, 0);
  const memory = await cpuBackend({ precision: 'f64' }).allocate(layout);
  const { records } = bankOf(prompts);
  memory.write('hyper', packHyper(config, [1]));
  memory.write('parameters', flat);
  got.instance.forEach((record, i) => {
    const at = record * RECORD_SIZE;
    memory.write('batch.prompt', records.subarray(at, at + policy.promptLength), 0, i * policy.promptLength);
  });
  memory.write('batch.response', got.response);
  (await memory.compile(b.build())).run();
  const final = await memory.read('policy.final');
  const rows = policy.promptLength + T;
  return Array.from({ length: got.n * policy.width }, (_, at) => {
    const [i, k] = [Math.floor(at / policy.width), at % policy.width];
    let sum = 0;
    for (let t = 0; t < got.length[i]; t++) sum += final[(i * rows + policy.promptLength + t) * policy.width + k];
    return sum / got.length[i];
  });
}

afterAll(async () => (await gpuBackend()).destroy());

describe.each([
  ['cpu', async () => cpuBackend(), 1e-5],
  ['webgpu', gpuBackend, 1e-4],
] as const)('hidden states of held-out responses on %s', (_, open, tolerance) => {
  it.each([
    [2, 1],
    [17, 1], // 153 rollouts: a full replay and a part of one
    [3, 6], // groups of six
    [1, 22], // eleven groups of two
  ])('are the means of the final states: %d prompts a column, %d samples', async (prompts, samples) => {
    const got = (await hiddenStates(await open(), checkpoint, config, { prompts, samples })) as HiddenStates;
    const { columns, records } = bankOf(prompts);
    expect(got.n).toBe(columns.length * prompts * samples);
    const want = await byHand(got, prompts, flatBase, policy);
    want.forEach((x, at) => expect(Math.abs(got.states[at] - x)).toBeLessThan(tolerance));
    for (let i = 0; i < got.n; i++) {
      const record = records.subarray(got.instance[i] * RECORD_SIZE, (got.instance[i] + 1) * RECORD_SIZE);
      expect(got.reward[i]).toBe(Number(verify(record, got.response.subarray(i * T, (i + 1) * T), got.length[i])));
      expect(got.column[i]).toBe(Math.floor(i / samples / prompts));
      expect(DOMAINS[got.domain[i]].id).toBe(columns[got.column[i]].domain);
      expect(got.length[i]).toBeGreaterThan(0);
    }
  });

  it('repeat bit for bit; another seed draws other responses, at temperature 0 it does not', async () => {
    const backend = await open();
    const of = (seed: number, temperature: number) =>
      hiddenStates(backend, checkpoint, config, { prompts: 2, seed, temperature });
    const first = await of(3, 1);
    expect(await of(3, 1)).toEqual(first);
    expect((await of(4, 1))?.response).not.toEqual(first?.response);
    expect(await of(4, 0)).toEqual(await of(3, 0));
  });
});

describe('hidden states', () => {
  const backend = cpuBackend();

  it('are those of a recurrent policy too', async () => {
    const recurrent = smallConfig('grpo', { policy: { kind: 'gru' } });
    const shape = policyShape(recurrent);
    const flat = initialParameters(parameterLayout(shape), shape.layers, 2);
    const got = (await hiddenStates(backend, flat, recurrent, { prompts: 2, samples: 3 })) as HiddenStates;
    const want = await byHand(got, 2, flat, shape);
    want.forEach((x, at) => expect(Math.abs(got.states[at] - x)).toBeLessThan(1e-5));
    expect(Math.max(...want)).toBeGreaterThan(0.5);
  });

  it('have both outcomes and every domain, and vary', async () => {
    const got = (await hiddenStates(backend, checkpoint, config, { prompts: 8 })) as HiddenStates;
    expect(new Set(got.reward)).toEqual(new Set([0, 1]));
    expect(new Set(got.domain).size).toBe(DOMAINS.length);
    expect(new Set(got.states).size).toBeGreaterThan(got.n);
  });

  it('draw other numbers in each replay', async () => {
    // A policy of zeros answers by chance alone: equal numbers would give equal responses, whatever the prompt.
    const zeros = new Float32Array(parameterLayout(policy).size);
    const got = (await hiddenStates(backend, zeros, config, { prompts: 1, samples: 128 })) as HiddenStates;
    const responses = (instance: number) => got.response.slice(instance * 128 * T, (instance + 1) * 128 * T).join();
    expect(new Set(got.columns.map((_, i) => responses(i))).size).toBe(got.columns.length);
  });

  it('are those of the policy whatever the pooling of the contrastive loss, from flat parameters with a head too', async () => {
    const layout = parameterLayout(policy, headShape(config));
    const flat = initialParameters(layout, policy.layers, 1);
    const named = { config, parameters: nameParameters(layout, flat) };
    const expected = await hiddenStates(backend, named, config, { prompts: 2 });
    const odd = { ...config, contrast: { ...config.contrast, pooling: 'last', position: 'before' } } as const;
    expect(await hiddenStates(backend, flat, odd, { prompts: 2 })).toEqual(expected);
  });

  it('tell their progress and stop when asked', async () => {
    const told: number[] = [];
    const tell = (keep: boolean) => (done: number) => {
      told.push(done);
      return keep;
    };
    expect(await hiddenStates(backend, checkpoint, config, { prompts: 17 }, tell(false))).toBeNull();
    expect(await hiddenStates(backend, checkpoint, config, { prompts: 17 }, tell(true))).not.toBeNull();
    expect(told).toEqual([128 / 153, 128 / 153, 1]);
  });

  it('refuse what does not fit', async () => {
    await expect(hiddenStates(backend, new Float32Array(7), config, { prompts: 2 })).rejects.toThrow(
      /^invalid parameters: 7 numbers/,
    );
    await expect(hiddenStates(backend, checkpoint, config, { prompts: 0 })).rejects.toThrow('invalid prompts: 0');
    await expect(hiddenStates(backend, checkpoint, config, { prompts: 1, samples: 1.5 })).rejects.toThrow('invalid samples: 1.5');
    const wide = smallConfig('grpo', { policy: { width: 64 } });
    await expect(hiddenStates(backend, checkpoint, wide, { prompts: 1 })).rejects.toThrow('policy.tokenEmbedding of shape');
  });
});
