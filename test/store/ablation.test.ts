import { expect, test } from 'vitest';
import { merged, resolve } from '../../src/config/resolve';
import { changesOf, checkMix, presetConfig, withAblation } from '../../src/store/changes';

const START = ['tiny', 'mcpo-grpo'];

test('an ablation is added behind the method and taken away again', () => {
  const on = withAblation(START, resolve(START), 'in-domain');
  expect(on.presets).toEqual(['tiny', 'mcpo-grpo', 'in-domain']);
  expect(on.config.contrast).toMatchObject({ lambda: 0.1, beta: 0, gamma: 0.5 });
  const both = withAblation(on.presets, on.config, 'gru');
  expect(both.config.policy.kind).toBe('gru');
  const off = withAblation(both.presets, both.config, 'in-domain');
  expect(off.presets).toEqual(['tiny', 'mcpo-grpo', 'gru']);
  expect(off.config.contrast.beta).toBe(0.5);
});

test('the user’s own values stay, over the ablation too', () => {
  const mine = merged(resolve(START), { seed: 4, contrast: { beta: 0.3, tau: 0.2 } });
  const on = withAblation(START, mine, 'in-domain');
  expect(on.config).toMatchObject({ seed: 4, contrast: { beta: 0.3, tau: 0.2 } });
  expect(changesOf(on.presets, on.config).map((c) => [c.field.path, c.base])).toEqual([
    ['contrast.tau', 0.1],
    ['contrast.beta', 0],
  ]);
});

test('what is no ablation, or does not fit the user’s values, is refused by name', () => {
  expect(() => withAblation(START, resolve(START), 'grpo')).toThrow('invalid ablation: grpo (a method)');
  expect(() => withAblation(START, resolve(START), 'nothing')).toThrow('unknown preset: nothing');
  const recurrent = withAblation(START, resolve(START), 'gru');
  const odd = merged(recurrent.config, { policy: { width: 20 } });
  expect(() => withAblation(recurrent.presets, odd, 'gru')).toThrow('invalid policy.width: 20 (a multiple of 16');
});

test('what the presets say is worked out once', () => {
  expect(presetConfig(START)).toBe(presetConfig(START));
  expect(presetConfig(START)).toEqual(resolve(START));
});

test('a mix is checked by field, domain and weight', () => {
  expect(() => checkMix('tasks.mix', 'math:1,code:0')).not.toThrow();
  expect(() => checkMix('tasks.mix', 'maths:1')).toThrow('invalid tasks.mix: maths is no domain (one of math,');
  expect(() => checkMix('warmStart.mix', 'math:-1')).toThrow('invalid warmStart.mix: math:-1 (domain:weight');
  expect(() => checkMix('tasks.mix', '')).toThrow('invalid tasks.mix: (empty) (at least one domain needs a positive weight)');
});
