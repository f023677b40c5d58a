import { expect, it } from 'vitest';
import { baselinesText, trainBaselines } from '../../scripts/trainBaselines';
import { readPublic } from '../../src/cli/args';
import { resolve } from '../../src/config/resolve';
import { Trainer } from '../../src/engine/trainer';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { type Baselines, parseBaselines, readBaselines } from '../../src/host/baselines';
import { DOMAINS } from '../../src/tasks/registry';
import { tinyBase } from '../engine/support';

const ids = DOMAINS.map((d) => d.id);

it('ships curves of every domain at tiny size, in which the domain learned', async () => {
  const found = (await readBaselines('tiny', readPublic)) as Baselines;
  expect([found.presets, found.steps, found.prompts]).toEqual([['tiny', 'grpo'], 100, 20]);
  expect(Object.keys(found.domains)).toEqual(ids);
  const mean = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
  for (const { reward, before, heldOut } of Object.values(found.domains)) {
    expect(mean(reward.map((r) => mean(r.slice(-10))))).toBeGreaterThan(mean(reward.map((r) => mean(r.slice(0, 10)))));
    expect(mean(heldOut)).toBeGreaterThan(mean(before));
  }
});

it('is null where none are shipped', async () => {
  expect(await readBaselines('nowhere', async () => null)).toBeNull();
});

it('trains each domain alone, from the shipped base, and comes back from its text', async () => {
  const changes = { steps: 2, rollout: { prompts: 3, group: 2 }, tasks: { instances: 16 }, eval: { prompts: 2, samples: 1 } };
  const options = { size: 'tiny', seeds: 2, command: 'a test', commit: 'none', say: () => {}, changes };
  const found = await trainBaselines(cpuBackend(), options);
  expect(parseBaselines(baselinesText(found), 'x')).toEqual(found);
  expect([found.seeds, found.steps, found.prompts, Object.keys(found.domains)]).toEqual([[0, 1], 2, 3, ids]);
  // The same as the run by itself.
  const config = resolve(['tiny', 'grpo'], { ...changes, seed: 1, tasks: { instances: 16, mix: 'science:1' } });
  const trainer = await Trainer.create(cpuBackend(), [config], [tinyBase()]);
  const [steps] = await trainer.step(2);
  const evaluation = await trainer.evaluate();
  trainer.destroy();
  const { reward, heldOut } = found.domains.science;
  steps.forEach((s, i) => expect(reward[1][i]).toBeCloseTo(s.metrics['reward/science'] as number, 4));
  expect(heldOut[1]).toBeCloseTo(evaluation?.[0].domains.science as number, 4);
});

const good = {
  format: 'mcpo-lab baselines 1',
  presets: ['tiny', 'grpo'],
  steps: 2,
  seeds: [0, 1],
  prompts: 20,
  provenance: { command: 'c', commit: 'd', version: '1', adapter: 'a' },
  domains: { math: { reward: [[0.1, 0.2], [0.3, 1]], before: [0, 0.5], heldOut: [0.5, 1] } }, // biome-ignore format: a row a seed
};
const math = (changes: object) => ({ ...good, domains: { math: { ...good.domains.math, ...changes } } });

it.each([
  ['not JSON at all', 'f.json: not JSON'],
  [JSON.stringify(null), 'f.json: format is missing (this program reads mcpo-lab baselines 1)'],
  [JSON.stringify({ format: 'other' }), 'f.json: format is "other" (this program reads mcpo-lab baselines 1)'],
  [JSON.stringify({ ...good, steps: 0 }), 'f.json: invalid steps: 0 (a whole number from 1)'],
  [JSON.stringify({ ...good, seeds: [] }), 'f.json: no seeds'],
  [JSON.stringify({ ...good, domains: {} }), 'f.json: no domains'],
  [JSON.stringify(math({ reward: [[0.1, 0.2]] })), 'f.json: invalid domains.math.reward (one list for each of 2 seeds)'],
  [JSON.stringify(math({ reward: [[0.1, 0.2], [0.3]] })), 'f.json: invalid domains.math.reward[1]: 1 numbers (2 numbers)'],
  [JSON.stringify(math({ heldOut: [0.5, 1.5] })), 'f.json: invalid domains.math.heldOut[1]: 1.5 (0 to 1)'],
  [JSON.stringify({ ...good, provenance: {} }), 'f.json: invalid provenance.command: undefined (text)'],
])('refuses %s', (text, message) => {
  expect(parseBaselines(JSON.stringify(good), 'f.json').domains.math.heldOut).toEqual([0.5, 1]);
  expect(() => parseBaselines(text, 'f.json')).toThrow(message);
});
