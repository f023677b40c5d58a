import { expect, test } from 'vitest';
import { HYPER } from '../../src/config/hyper';
import { slices } from '../../src/engine/contrast';
import type { Data } from '../../src/gpu/kernel';
import type { Plan } from '../../src/gpu/plan';
import { statOf } from '../../src/kernels/metrics';
import { contrast } from '../../src/math/contrast';
import { type Case, contrastPlan, poolInputs } from '../kernels/contrastPool';
import { gpuBackend } from '../kernels/harness';

const given: Case = {
  title: '',
  shape: { pool: 150, prompts: 20, width: 36, domains: 5 },
  runs: 3,
  correct: 0.5,
  missing: 0.05,
};

/** Runs plans of one layout in order; the resources named, all runs. */
async function execute(sizes: Case, cut: (plan: Plan) => Plan[], names: string[]): Promise<Data[]> {
  const { layout, plan } = contrastPlan(sizes);
  const memory = await (await gpuBackend()).allocate(layout);
  for (let run = 0; run < sizes.runs; run++)
    for (const [name, data] of Object.entries(poolInputs(sizes, run))) memory.write(name, data, run);
  for (const part of cut(plan)) (await memory.compile(part)).run();
  const out = await Promise.all(names.map((name) => memory.read(name)));
  memory.destroy();
  return out;
}

test('short dispatches give the bits of long ones', async () => {
  const names = ['contrast.du', 'contrast.pairs', 'contrast.anchor'];
  const whole = await execute(given, (plan) => [plan], names);
  const cut = await execute(given, (plan) => slices(plan, 1), names);
  expect(slices(contrastPlan(given).plan, 1).length).toBeGreaterThan(25);
  whole.forEach((data, i) => expect(cut[i], names[i]).toEqual(data));
});

test('every run of a fleet has the loss and λ times the gradient of the definition', async () => {
  const [du, stats] = await execute(given, (plan) => [plan], ['contrast.du', 'stats']);
  const { pool, width } = given.shape;
  for (let run = 0; run < given.runs; run++) {
    const inputs = poolInputs(given, run);
    const hyper = (name: string) => inputs.hyper[HYPER[`contrast.${name}`]];
    // A row that is left out has no finite embedding for the definition.
    const want = contrast(
      {
        u: Array.from({ length: pool }, (_, i) =>
          Array.from(inputs['contrast.u'].subarray(i * width, (i + 1) * width), (x) =>
            inputs['contrast.reward'][i] < 0 ? Number.NaN : x,
          ),
        ),
        reward: Array.from(inputs['contrast.reward']),
        prompt: Array.from(inputs['contrast.prompt']),
        domain: Array.from(inputs['contrast.domain']),
      },
      { tau: hyper('tau'), beta: hyper('beta'), gamma: hyper('gamma') },
    );
    const part = stats.subarray((run * stats.length) / given.runs, ((run + 1) * stats.length) / given.runs);
    const value = (name: Parameters<typeof statOf>[0]) => part[statOf(name)] / part[statOf(name) + 1];
    const near = (have: number, expected: number | null, what: string) =>
      expect(Math.abs(have - (expected ?? Number.NaN)), `run ${run} ${what}: ${have}, expected ${expected}`).toBeLessThan(
        1e-5 * Math.max(1, Math.abs(expected ?? 0)),
      );
    near(value('loss/contrastive'), want.loss.contrastive, 'loss');
    near(value('loss/attraction'), want.loss.attraction, 'attraction');
    near(value('loss/separation'), want.loss.separation, 'separation');
    near(value('logit/inDomainPositive'), want.logit.inDomainPositive, 'in-domain logit');
    near(value('pool/promptPositives'), want.anchor.promptPositives, 'same-prompt positives');
    near(value('pool/crossPositives'), want.anchor.crossPositives, 'cross positives');
    expect(value('pool/excluded')).toBe(want.excluded);
    const flat = want.du.flat().map((x) => x * hyper('lambda'));
    const most = Math.max(...flat.map(Math.abs));
    flat.forEach((x, k) => expect(Math.abs(du[run * pool * width + k] - x) / most).toBeLessThan(1e-5));
  }
});
