import { describe, expect, test } from 'vitest';
import { configOf } from '../../src/sweep/configs';
import { spaceOf } from '../../src/sweep/space';
import { parseSpec } from '../../src/sweep/spec';
import { suggested } from '../../src/sweep/suggested';

const NAMES = [
  'Contrast: weight × temperature',
  'Relatedness × method',
  'Pool size',
  'Contrastive warm-up',
  'Model width × method',
];

describe.each([
  [['tiny', 'mcpo-grpo'], {}],
  [['classroom', 'dapo'], { 'contrast.lambda': 0.3, 'contrast.tau': 0.2, seed: 5 }],
  [['paper', 'mgs', 'gru'], { 'rollout.prompts': 30, 'rollout.group': 64, steps: 20 }],
  [['tiny', 'mcpo-dapo', 'deep', 'no-warmup'], { 'policy.heads': 8 }],
])('around %j with %j', (presets, changes) => {
  const all = suggested(presets, changes as Record<string, number>);

  test('all five are there', () => expect(all.map((s) => s.name)).toEqual(NAMES));

  test.each(all.map((s) => [s.name, s] as const))('%s is a valid grid of at most 64 trials', (_, { spec, why }) => {
    expect(parseSpec(spec)).toEqual(spec);
    expect(why).toMatch(/^[A-Z].*\.$/);
    const space = spaceOf(spec);
    expect(spec.sampler.kind).toBe('grid');
    const trials = (space.size as number) * spec.seeds.length;
    expect(trials).toBeGreaterThan(15);
    expect(trials).toBeLessThanOrEqual(64);
    for (const values of space.grid()) expect(() => configOf(spec, values, 0)).not.toThrow();
  });
});

const named = (name: string, presets = ['tiny', 'mcpo-grpo'], changes = {}) =>
  suggested(presets, changes).find((s) => s.name === name)?.spec as ReturnType<typeof parseSpec>;

test('methods are compared as they are, whatever the lab has set of them; the lab’s own method takes part', () => {
  const spec = named('Relatedness × method', ['tiny', 'mgs'], { 'contrast.lambda': 5, 'contrast.tau': 0.2 });
  expect(spec.changes).toEqual({ 'contrast.tau': 0.2 });
  expect(spec.fields[1]).toEqual({ field: 'method', values: ['grpo', 'mgs', 'mcpo-grpo'] });
});

test('pool sizes keep the prompts of a step, as the paper does', () => {
  const spec = named('Pool size');
  const pools = spaceOf(spec)
    .grid()
    .map((values) => configOf(spec, values, 0).rollout)
    .map(({ prompts, group, miniBatches }) => [prompts, (prompts / miniBatches) * group]);
  expect(pools.map(([prompts]) => prompts)).toEqual([20, 20, 20, 20, 20, 20]);
  expect(pools.map(([, pool]) => pool).sort((a, b) => a - b)).toEqual([40, 80, 80, 160, 160, 320]);
  expect(named('Pool size', ['tiny'], { 'rollout.prompts': 30 }).changes).toEqual({ 'rollout.prompts': 32 });
});

test('a configuration that is not valid itself is an error', () => {
  expect(() => suggested(['tiny'], { 'head.width': 30 })).toThrow('invalid head.width: 30 (a multiple of 4)');
});
