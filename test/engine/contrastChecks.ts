import { expect } from 'vitest';
import { HYPER } from '../../src/config/hyper';
import type { ContrastOptions } from '../../src/engine/contrast';
import type { Backend } from '../../src/gpu/backend';
import type { Data } from '../../src/gpu/kernel';
import type { Plan } from '../../src/gpu/plan';
import { type MetricName, STATS_SIZE, statOf } from '../../src/kernels/metrics';
import { type ContrastResult, type ContrastSwitches, contrast } from '../../src/math/contrast';
import { type Case, contrastPlan } from '../kernels/contrastPool';

/** Content of every input resource of one run. */
export type PoolInputs = Record<string, Data>;

/** Runs the contrastive step, in the plans that `cut` makes of it; the resources named, all runs. */
export async function executeStep(
  backend: Backend,
  given: Case,
  inputs: readonly PoolInputs[],
  names: readonly string[],
  options: Partial<ContrastOptions> = {},
  cut: (plan: Plan) => Plan[] = (plan) => [plan],
): Promise<Data[]> {
  const { layout, plan } = contrastPlan(given, options);
  const memory = await backend.allocate(layout);
  inputs.forEach((run, r) => {
    for (const [name, data] of Object.entries(run)) memory.write(name, data, r);
  });
  for (const part of cut(plan)) (await memory.compile(part)).run();
  const out = await Promise.all(names.map((name) => memory.read(name)));
  memory.destroy();
  return out;
}

const setting = (inputs: PoolInputs, name: string) => inputs.hyper[HYPER[`contrast.${name}`]];

/** The float64 definition on one run's inputs. */
export function definitionOf({ shape: { pool, width } }: Case, inputs: PoolInputs, switches: Partial<ContrastSwitches>) {
  const reward = inputs['contrast.reward'];
  const row = (i: number) => Array.from(inputs['contrast.u'].subarray(i * width, (i + 1) * width));
  return contrast(
    {
      // A row that is left out has no finite embedding for the definition.
      u: Array.from({ length: pool }, (_, i) => (reward[i] < 0 ? row(i).map(() => Number.NaN) : row(i))),
      reward: Array.from(reward),
      prompt: Array.from(inputs['contrast.prompt']),
      domain: Array.from(inputs['contrast.domain']),
    },
    { tau: setting(inputs, 'tau'), beta: setting(inputs, 'beta'), gamma: setting(inputs, 'gamma') },
    switches,
  );
}

/** Every metric of the step that the definition has too. */
const METRICS: [MetricName, (want: ContrastResult) => number | null][] = [
  ['loss/contrastive', (r) => r.loss.contrastive],
  ['loss/cross', (r) => r.loss.cross],
  ['loss/inDomain', (r) => r.loss.inDomain],
  ['loss/attraction', (r) => r.loss.attraction],
  ['loss/separation', (r) => r.loss.separation],
  ['mass/cross', (r) => r.mass.cross],
  ['mass/inDomain', (r) => r.mass.inDomain],
  ['logit/crossPositive', (r) => r.logit.crossPositive],
  ['logit/inDomainPositive', (r) => r.logit.inDomainPositive],
  ['logit/negative', (r) => r.logit.negative],
  ['weight/cross', (r) => r.weight.cross],
  ['pool/excluded', (r) => r.excluded],
  ['pool/promptPositives', (r) => r.anchor.promptPositives],
  ['pool/inDomainPositives', (r) => r.anchor.inDomainPositives],
  ['pool/crossPositives', (r) => r.anchor.crossPositives],
  ['embedding/alignment', (r) => r.embedding.alignment],
  ['embedding/uniformity', (r) => r.embedding.uniformity],
  ['embedding/rank', (r) => r.embedding.rank],
];

/** Run `run`'s part of `stats`: the value of each metric, null where it has no data. */
export function metricOf(stats: Data, run: number, name: MetricName): number | null {
  const at = run * STATS_SIZE + statOf(name);
  return stats[at + 1] > 0 ? stats[at] / stats[at + 1] : null;
}

/** Fails unless run `run` has the definition's metrics and λ times its gradient; the gradient relative to its largest component. */
export function expectDefinition(
  given: Case,
  inputs: PoolInputs,
  switches: Partial<ContrastSwitches>,
  { du, stats, run }: { du: Data; stats: Data; run: number },
): ContrastResult {
  const want = definitionOf(given, inputs, switches);
  const what = `run ${run} ${JSON.stringify(switches)}`;
  for (const [name, of] of METRICS) {
    const [have, expected] = [metricOf(stats, run, name), of(want)];
    if (have === null || expected === null) expect(have, `${what} ${name}`).toBe(expected);
    else
      expect(Math.abs(have - expected), `${what} ${name}: ${have}, expected ${expected}`).toBeLessThan(
        1e-5 * Math.max(1, Math.abs(expected)),
      );
  }
  const { pool, width } = given.shape;
  const flat = want.du.flat().map((x) => x * setting(inputs, 'lambda'));
  const most = Math.max(...flat.map(Math.abs));
  let worst = 0;
  flat.forEach((x, k) => {
    worst = Math.max(worst, Math.abs(du[run * pool * width + k] - x));
  });
  if (most === 0) expect(worst, `${what} gradient`).toBe(0);
  else expect(worst / most, `${what} gradient`).toBeLessThan(2e-5);
  return want;
}
