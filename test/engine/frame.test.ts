import { afterAll, describe, expect, it } from 'vitest';
import { resolve } from '../../src/config/resolve';
import type { Config, Layer } from '../../src/config/schema';
import { placeParameters } from '../../src/engine/checkpoint';
import type { Frame } from '../../src/engine/frame';
import { heldOutFrame } from '../../src/engine/heldOutFrame';
import { parameterLayout } from '../../src/engine/parameters';
import { type HiddenStates, hiddenStates } from '../../src/engine/representation';
import { policyShape } from '../../src/engine/shape';
import { Trainer } from '../../src/engine/trainer';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { contrast } from '../../src/math/contrast';
import { buildBank, explain, RECORD_SIZE, verify } from '../../src/tasks/bank';
import { DOMAINS } from '../../src/tasks/registry';
import { show } from '../../src/tasks/vocabulary';
import { gpuBackend } from '../kernels/harness';
import { tinyBase } from './support';

const small = (method: string, layer: Layer = {}): Config =>
  resolve(['tiny', method], {
    steps: 20,
    tasks: { instances: 32 },
    rollout: { prompts: 12, group: 4, miniBatches: 2 },
    contrast: { warmup: 1 },
    ...layer,
  });

const mean = (xs: ArrayLike<number>) => Array.from(xs).reduce((a, b) => a + b, 0) / xs.length;
/** Values of f32[N, T] at the tokens of the responses. */
const atTokens = ({ n, length, responseLength }: Frame, values: Float32Array) =>
  Array.from({ length: n }, (_, i) => Array.from(values.subarray(i * responseLength, i * responseLength + length![i]))).flat();

afterAll(async () => (await gpuBackend()).destroy());

describe.each([
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
] as const)('the frame of a pool on %s', (_, open) => {
  it('holds the last mini-batch: texts and verdicts by the bank, numbers that sum to the update’s metrics', async () => {
    const configs = [small('grpo'), small('mcpo-grpo', { objective: { entropy: 0.01 }, contrast: { warmup: 0, lambda: 1 } })];
    const trainer = await Trainer.create(await open(), configs, [tinyBase()]);
    expect(await trainer.frame(1)).toBeNull();
    await trainer.step(2);
    const frame = (await trainer.frame(1)) as Frame;
    const [weights, plain] = [await trainer.weightsOf(1), (await trainer.frame(0)) as Frame];
    expect(weights).toEqual((await trainer.weights()).slice(weights.length));
    const rollouts = await trainer.rollouts(48, 1);
    trainer.destroy();

    const N = 6 * 4;
    const T = frame.responseLength;
    expect([frame.source, frame.run, frame.step, frame.n, frame.width, T]).toEqual(['pool', 1, 2, N, 32, 12]);
    expect([plain.run, plain.width, plain.promptText.length]).toEqual([0, 32, 6]);
    const second = rollouts.slice(N);
    expect(Array.from(frame.prompt)).toEqual(Array.from({ length: N }, (_x, i) => Math.floor(i / 4)));
    for (let i = 0; i < N; i++) {
      const { record, response, domain, column, prompt, advantage } = second[i];
      expect(frame.domains[frame.domain[i]]).toBe(domain);
      expect(frame.columns[frame.column[i]]).toBe(column);
      expect(frame.promptText[frame.prompt[i]]).toBe(show(prompt));
      const own = frame.response!.subarray(i * T, i * T + frame.length![i]);
      expect(Array.from(own)).toEqual(response);
      expect(frame.reward[i]).toBe(Number(verify(record, own)));
      expect(frame.reason[i]).toBe(explain(record, own));
      expect(frame.advantage![i]).toBe(advantage);
      expect(Math.hypot(...frame.vectors!.subarray(i * 32, (i + 1) * 32))).toBeCloseTo(1, 5);
    }
    expect(Array.from(frame.score!)).toEqual(Array.from(frame.reward)); // no punishment, no bonus
    // Prompts of a domain lie together.
    expect([...frame.domain].sort((a, b) => a - b)).toEqual([...frame.domain]);
    // Advantages of a group sum to nothing.
    for (let g = 0; g < 6; g++) expect(mean(frame.advantage!.slice(4 * g, 4 * g + 4))).toBeCloseTo(0, 5);
  });

  it('tells of every token what the objective saw', async () => {
    const config = small('mcpo-grpo', { objective: { entropy: 0.01 }, rollout: { prompts: 12, group: 4, miniBatches: 1 } });
    const trainer = await Trainer.create(await open(), [config], [tinyBase()]);
    const [[{ metrics }]] = await trainer.step(1);
    const frame = (await trainer.frame(0)) as Frame;
    trainer.destroy();
    const { logp, ratio, entropy, objective } = frame.tokens!;
    expect(mean(atTokens(frame, entropy))).toBeCloseTo(metrics['policy/entropy']!, 5);
    expect(mean(atTokens(frame, ratio))).toBeCloseTo(metrics['policy/ratio']!, 5);
    const bonus = 0.01 * metrics['policy/entropy']!;
    expect(mean(atTokens(frame, objective)) - bonus).toBeCloseTo(metrics['loss/policy']!, 5);
    // In a first update the ratio is 1 and the objective minus the advantage; log-probabilities are no larger than 0.
    for (let i = 0; i < frame.n; i++)
      for (let t = 0; t < frame.length![i]; t++) {
        expect(objective[12 * i + t]).toBeCloseTo(-frame.advantage![i], 3);
        expect(logp[12 * i + t]).toBeLessThanOrEqual(1e-6);
      }
    expect(mean(atTokens(frame, logp))).toBeLessThan(-0.05);
    // Beyond a response's end there is nothing.
    const beyond = (values: Float32Array) => values.filter((_v, at) => at % 12 >= frame.length![Math.floor(at / 12)]);
    for (const values of [logp, entropy, objective, ratio]) expect(beyond(values).every((v) => v === 0)).toBe(true);
    // The vectors are those of the contrastive loss: its float64 definition on them gives the update's loss.
    const u = Array.from({ length: frame.n }, (_x, i) => Array.from(frame.vectors!.subarray(32 * i, 32 * i + 32)));
    const labels = { reward: [...frame.reward], prompt: [...frame.prompt], domain: [...frame.domain] };
    const { tau, beta, gamma } = config.contrast;
    const want = contrast({ u, ...labels }, { tau, beta, gamma }).loss.contrastive;
    expect(Math.abs(want - metrics['loss/contrastive']!)).toBeLessThan(1e-4 * want);
  });

  it('leaves out the places that a filter left empty', async () => {
    const config = small('mcpo-dapo', { sampler: { rounds: 1 }, rollout: { prompts: 12, group: 4, miniBatches: 1 } });
    const trainer = await Trainer.create(await open(), [config], [tinyBase()]);
    const [[{ metrics }]] = await trainer.step(1);
    const frame = (await trainer.frame(0)) as Frame;
    trainer.destroy();
    const kept = Math.round(12 * (1 - metrics['sampler/missing']!));
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(12);
    expect([frame.n, frame.promptText.length, frame.vectors!.length]).toEqual([4 * kept, kept, 4 * kept * 32]);
    expect(Math.max(...frame.prompt)).toBe(kept - 1);
    // What was kept has right and wrong responses.
    for (let g = 0; g < kept; g++) expect(new Set(frame.reward.slice(4 * g, 4 * g + 4)).size).toBe(2);
    expect(Math.max(...frame.score!.map((s, i) => s - frame.reward[i]))).toBe(0); // the overlong punishment only takes away
  });
});

it('has no vectors without a projection head, and none of it before a resumed run’s next step', async () => {
  const config = small('grpo');
  const trainer = await Trainer.create(cpuBackend(), [config], [tinyBase()]);
  await trainer.step(1);
  const frame = (await trainer.frame(0)) as Frame;
  expect([frame.vectors, frame.width, frame.tokens === null]).toEqual([null, 0, false]);
  const start = { checkpoint: await trainer.checkpoint(), where: 'test' };
  trainer.destroy();
  const resumed = await Trainer.create(cpuBackend(), [config], [start]);
  expect(await resumed.frame(0)).toBeNull();
  await resumed.step(1);
  expect((await resumed.frame(0))?.step).toBe(2);
  resumed.destroy();
});

it('shows held-out responses with their prompts, verdicts and hidden states', async () => {
  const config = small('mcpo-grpo');
  const { checkpoint } = tinyBase();
  const layout = parameterLayout(policyShape(config));
  const weights = new Float32Array(layout.size + 7); // heads follow the policy
  placeParameters(layout, checkpoint, weights.subarray(0, layout.size), 'tiny base');
  const options = { prompts: 3, samples: 2, seed: 5 };
  const frame = (await heldOutFrame(cpuBackend(), weights, config, 2, 40, options)) as Frame;
  const states = (await hiddenStates(cpuBackend(), checkpoint, config, options)) as HiddenStates;
  const bank = buildBank(config.tasks, { split: 'heldOut', perColumn: 3, seed: config.tasks.world });
  expect([frame.source, frame.run, frame.step, frame.n]).toEqual(['heldOut', 2, 40, bank.count * 2]);
  expect([frame.vectors, frame.width]).toEqual([states.states, 32]);
  expect([frame.advantage, frame.score, frame.tokens]).toEqual([null, null, null]);
  expect(frame.promptText.length).toBe(bank.count);
  for (let i = 0; i < frame.n; i++) {
    const at = Math.floor(i / 2);
    const record = bank.records.subarray(at * RECORD_SIZE, (at + 1) * RECORD_SIZE);
    const response = frame.response!.subarray(12 * i, 12 * i + frame.length![i]);
    expect([frame.prompt[i], frame.promptText[at]]).toEqual([at, show(record.subarray(0, 16))]);
    expect([frame.reward[i], frame.reason[i]]).toEqual([Number(verify(record, response)), explain(record, response)]);
    const column = bank.columns[frame.column[i]];
    expect([frame.columns[frame.column[i]], frame.domains[frame.domain[i]]]).toEqual([column.column, column.domain]);
  }
  expect(frame.domains).toEqual(DOMAINS.map((d) => d.id));
  expect(await heldOutFrame(cpuBackend(), weights, config, 0, 0, options, () => false)).toBeNull();
});
