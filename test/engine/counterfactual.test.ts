import { afterAll, describe, expect, it } from 'vitest';
import { merged, resolve } from '../../src/config/resolve';
import type { Config, Layer } from '../../src/config/schema';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/engine/checkpoint';
import { counterfactual, likeness, type Outcome } from '../../src/engine/counterfactual';
import type { Frame } from '../../src/engine/frame';
import type { StepMetrics } from '../../src/engine/metricsRing';
import { Trainer } from '../../src/engine/trainer';
import type { Backend } from '../../src/gpu/backend';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { contrast } from '../../src/math/contrast';
import { gpuBackend } from '../kernels/harness';
import { tinyBase } from './support';

const small = (method: string, layer: Layer = {}) =>
  resolve(['tiny', method], {
    steps: 20,
    tasks: { instances: 32 },
    rollout: { prompts: 10, group: 4, miniBatches: 2 },
    contrast: { warmup: 1 },
    sampler: { rounds: 4 },
    ...layer,
  });

/** A single mini-batch, so that what a frame holds is the whole batch. */
const whole: Layer = { rollout: { prompts: 10, group: 4, miniBatches: 1 } };

afterAll(async () => (await gpuBackend()).destroy());

type Made = { step: StepMetrics; parameters: Outcome['parameters'] };

/** Opens the run's checkpoint with another configuration and makes one step. */
async function committed(backend: Backend, fleet: Trainer, run: number, config: Config): Promise<Made> {
  const bytes = encodeCheckpoint(await fleet.checkpoint(run));
  const trainer = await Trainer.create(backend, [config], [{ checkpoint: decodeCheckpoint(bytes, 'test'), where: 'test' }]);
  const [[step]] = await trainer.step(1);
  const { parameters } = await trainer.checkpoint();
  trainer.destroy();
  return { step, parameters };
}

/** What `own` alone measured, a fleet that holds it measured too, bit for bit. */
function expectMetrics(have: StepMetrics, own: StepMetrics) {
  expect(have.step).toBe(own.step);
  for (const [name, value] of Object.entries(own.metrics))
    if (value !== null) expect([name, have.metrics[name]]).toEqual([name, value]);
  expect(have.gradientCosine).toEqual(own.gradientCosine);
}

const CONTRAST: Layer = { contrast: { lambda: 0.7, tau: 0.3, beta: 0.1, gamma: 0.9 } };
const CLIP: Layer = { objective: { clipLow: 0.001, clipHigh: 0.001 }, optimizer: { lr: 3e-3 } };
const SURGERY: Layer = { surgery: { granularity: 'block' } };
const REWARD: Layer = { contrast: { lambda: 0 }, clipo: { lambda: 0.2 } };

describe.each([
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
] as const)('a counterfactual step on %s', (_, open) => {
  it.each([
    ['mcpo-grpo', [CLIP, CONTRAST, SURGERY, REWARD]],
    ['mcpo-dapo', [{ contrast: { lambda: 0 } }]],
    ['mt-grpo', [CONTRAST]],
  ] as [string, Layer[]][])(
    'of %s predicts bit for bit what each variant would do, and leaves the run alone',
    async (method, changes) => {
      const backend = await open();
      const config = small(method);
      const fleet = await Trainer.create(backend, [{ ...small('mcpo-grpo'), seed: 9 }, config], [tinyBase()]);
      const twin = await Trainer.create(backend, [config], [tinyBase()]);
      await fleet.step(2);
      await twin.step(2);
      const configs = changes.map((change) => merged(config, change));
      const found = await counterfactual(fleet, 1, configs);
      expect([found.run, found.stepsDone]).toEqual([1, 2]);
      for (const [v, variant] of configs.entries()) {
        const { held, step, parameters } = found.variants[v];
        expect(held).toEqual([]);
        const own = await committed(backend, fleet, 1, variant);
        expectMetrics(step, own.step);
        expect(parameters).toEqual(own.parameters);
      }
      const [, [step]] = await fleet.step(1);
      const after = await fleet.checkpoint(1);
      expectMetrics(found.base.step, step);
      expect(found.base.parameters).toEqual(after.parameters);
      // An undisturbed twin is where the run is.
      const [[undisturbed]] = await twin.step(1);
      expectMetrics(step, undisturbed);
      const { parameters, training } = await twin.checkpoint();
      expect([after.parameters, after.training]).toEqual([parameters, training]);
      fleet.destroy();
      twin.destroy();
    },
  );

  it('shows the batch that the run trains on next, before and after the update', async () => {
    const trainer = await Trainer.create(await open(), [small('mcpo-grpo', whole)], [tinyBase()]);
    const { batch, base } = await counterfactual(trainer, 0, []); // before the first step, too
    await trainer.step(1);
    const next = (await trainer.frame(0)) as Frame;
    trainer.destroy();
    expect(base.before.frame).toEqual(next);
    expect(batch).toEqual({ ...next, vectors: null, width: 0, tokens: null });
    const { vectors, tokens, ...labels } = base.after.frame;
    expect(labels).toEqual({ ...labels, ...batch, width: 32, vectors: undefined, tokens: undefined });
    expect(vectors).not.toEqual(next.vectors);
    // After the update the responses' own advantages have paid off: the objective fell.
    expect(base.after.metrics['loss/policy']!).toBeLessThan(base.before.metrics['loss/policy']!);
    expect(base.after.metrics['policy/ratio']).not.toBeCloseTo(1, 6);
    // What a forward pass does not measure is not there.
    expect(Object.keys(base.after.metrics)).not.toContain('gradient/norm');
    expect(Object.keys(base.after.metrics)).not.toContain('sampler/rounds');
  });
});

/** A run of this configuration after two steps, on the CPU. */
async function trained(config: Config): Promise<Trainer> {
  const trainer = await Trainer.create(cpuBackend(), [config], [tinyBase()]);
  await trainer.step(2);
  return trainer;
}

it('measures the contrastive loss on the batch with the updated parameters', async () => {
  const config = small('mcpo-grpo', { ...whole, contrast: { lambda: 1, warmup: 0 }, head: { lr: 0.003 } });
  const trainer = await trained(config);
  const still = merged(config, { optimizer: { lr: 1e-7, weightDecay: 0 }, head: { lr: 0 } });
  const { base, variants } = await counterfactual(trainer, 0, [still]);
  trainer.destroy();
  for (const { before, after } of [base, variants[0]])
    for (const { frame, metrics } of [before, after]) {
      const u = Array.from({ length: frame.n }, (_, i) => Array.from(frame.vectors!.subarray(32 * i, 32 * i + 32)));
      const labels = { reward: [...frame.reward], prompt: [...frame.prompt], domain: [...frame.domain] };
      const want = contrast({ u, ...labels }, config.contrast);
      expect(Math.abs(metrics['loss/contrastive']! - want.loss.contrastive)).toBeLessThan(1e-4 * want.loss.contrastive);
      expect(Math.abs(metrics['logit/negative']! - want.logit.negative!)).toBeLessThan(1e-3);
    }
  // The update lowers the loss; one that moves next to nothing does not.
  expect(base.after.metrics['loss/contrastive']!).toBeLessThan(0.99 * base.before.metrics['loss/contrastive']!);
  const [{ before, after }] = variants;
  expect(after.metrics['loss/contrastive']).toBeCloseTo(before.metrics['loss/contrastive']!, 4);
  expect(before.metrics).toEqual(base.before.metrics); // only the optimiser differs
});

it('compares gradients and steps with those of the run', async () => {
  const config = small('mcpo-grpo', { ...whole, contrast: { warmup: 0, lambda: 0 }, optimizer: { weightDecay: 0 } });
  const trainer = await trained(config);
  const [doubled, pulled, removed] = [
    merged(config, { optimizer: { lr: 2e-3 } }),
    merged(config, { contrast: { lambda: 2 } }),
    merged(config, { surgery: { granularity: 'global' } }),
  ];
  const { base, variants } = await counterfactual(trainer, 0, [doubled, pulled, removed]);
  trainer.destroy();
  const known = base.domainGradients.map((g) => g.cosine !== null);
  expect(known.filter(Boolean).length).toBeGreaterThan(2);
  expect(base.gradient.cosine).toBeCloseTo(1, 12);
  // Twice the rate: the same gradient, the same direction, twice the step (f32 parameters: to a few parts in ten thousand).
  expect(variants[0].gradient).toEqual(base.gradient);
  expect(variants[0].change.cosine).toBeCloseTo(1, 4);
  expect(variants[0].change.ratio).toBeCloseTo(2, 3);
  // The contrastive loss adds to the gradient of every domain.
  expect(variants[1].gradient.cosine!).toBeLessThan(0.99);
  for (const [d, { cosine, ratio }] of variants[1].domainGradients.entries())
    if (known[d]) expect([cosine! < 0.999, ratio! > 0]).toEqual([true, true]);
  // Surgery acts on the sum, not on the domains' gradients: conflicts are projected away.
  expect(variants[2].domainGradients).toEqual(base.domainGradients);
  expect(variants[2].step.metrics['gradient/conflicts']!).toBeGreaterThan(0);
  expect(variants[2].gradient.cosine!).toBeLessThan(0.9999);
});

it('trains on the first rollouts of each group where the group is made smaller', async () => {
  const config = small('mcpo-grpo', whole);
  const trainer = await trained(config);
  const { batch, base, variants } = await counterfactual(trainer, 0, [
    merged(config, { rollout: { ...whole.rollout, group: 3 } }),
  ]);
  trainer.destroy();
  const [{ rows, advantage, before, after, held, parameters }] = variants;
  expect(held).toEqual([]);
  expect([...rows]).toEqual([...Array(40).keys()].filter((i) => i % 4 < 3));
  expect([...base.rows]).toEqual([...Array(40).keys()]);
  expect(base.advantage).toEqual(batch.advantage);
  // Advantages of what is left, by (2).
  for (let p = 0; p < 10; p++) {
    const r = [0, 1, 2].map((j) => batch.reward[4 * p + j]);
    const mean = (r[0] + r[1] + r[2]) / 3;
    const deviation = Math.sqrt(r.reduce((s, x) => s + (x - mean) ** 2, 0) / 2);
    r.forEach((x, j) => expect(advantage[3 * p + j]).toBeCloseTo(deviation > 0 ? (x - mean) / (deviation + 1e-6) : 0, 4));
  }
  for (const { frame } of [before, after]) {
    expect([frame.n, frame.vectors!.length]).toEqual([30, 30 * 32]);
    expect([...frame.reward]).toEqual([...rows].map((i) => batch.reward[i]));
    expect(frame.reason).toEqual([...rows].map((i) => batch.reason[i]));
    expect([...frame.prompt]).toEqual([...rows].map((i) => batch.prompt[i]));
  }
  // The forward pass of a rollout does not depend on the size of its group.
  [...rows].forEach((row, i) =>
    expect(before.frame.vectors!.slice(32 * i, 32 * i + 32)).toEqual(base.before.frame.vectors!.slice(32 * row, 32 * row + 32)),
  );
  expect(parameters.get('policy.output')).not.toEqual(base.parameters.get('policy.output'));
});

it('holds the batch for variants that would draw another, and names the fields', async () => {
  const config = small('mcpo-grpo', whole);
  const trainer = await trained(config);
  const changes: Layer[] = [
    { rollout: { ...whole.rollout, temperature: 0.7 } },
    { rollout: { ...whole.rollout, prompts: 5 } },
    { tasks: { mix: 'math:1' }, contrast: { tau: 0.2 } },
  ];
  const dapo = small('dapo', whole);
  const mt = small('mt-grpo', whole);
  const { batch, base, variants } = await counterfactual(trainer, 0, [...changes.map((c) => merged(config, c)), dapo, mt]);
  trainer.destroy();
  expect(variants.map((v) => v.held)).toEqual([
    ['rollout.temperature'],
    ['rollout.prompts'],
    ['tasks.mix'],
    ['sampler.filter'],
    ['sampler.filter', 'curriculum.rule'],
  ]);
  for (const { before } of variants) {
    expect(before.frame.response).toEqual(batch.response);
    expect(before.frame.reward).toEqual(batch.reward);
  }
  // Fewer prompts would change nothing but the batch.
  expect(variants[1].parameters).toEqual(base.parameters);
  // At another temperature the same tokens have other probabilities.
  expect(variants[0].before.metrics['policy/ratio']).not.toBeCloseTo(1, 3);
  expect(base.before.metrics['policy/ratio']).toBeCloseTo(1, 5);
});

it.each([
  [{ policy: { width: 64 } }, 'invalid policy.width: 64 (32: a counterfactual step keeps the run’s sizes)'],
  [{ head: { width: 16 } }, 'invalid head.width: 16 (32: a counterfactual step keeps the run’s sizes)'],
  [{ rollout: { miniBatches: 5 } }, 'invalid rollout.miniBatches: 5 (2: a counterfactual step keeps the run’s sizes)'],
  [{ rollout: { group: 8 } }, 'invalid rollout.group: 8 (1 to 4, the rollouts that the frozen batch has of each prompt)'],
  [{ seed: 4 }, 'invalid seed: 4 (0: a counterfactual step keeps the run’s seed)'],
] as [Layer, string][])('refuses %o', async (change, message) => {
  const config = small('mcpo-grpo');
  const trainer = await Trainer.create(cpuBackend(), [config], [tinyBase()]);
  await expect(counterfactual(trainer, 0, [merged(config, change)])).rejects.toThrow(message);
  trainer.destroy();
});

it('puts one vector beside another', () => {
  expect(likeness([3, 4], [0, 2])).toEqual({ cosine: 0.8, ratio: 2.5 });
  expect(likeness([0, 0], [0, 2])).toEqual({ cosine: null, ratio: null });
  expect(likeness([1, Number.NaN], [1, 1])).toEqual({ cosine: null, ratio: null });
  expect(likeness([1e-30, 0], [-1e-30, 0])).toEqual({ cosine: -1, ratio: 1 });
});
