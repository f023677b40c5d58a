import { expect, test } from 'vitest';
import { FIELDS } from '../../src/config/fields';
import { resolve } from '../../src/config/resolve';
import { METRICS } from '../../src/kernels/metrics';
import { configOf } from '../../src/sweep/configs';
import { recorded } from '../../src/sweep/metrics';
import { parsePoint, parseSpec, SpecError, specJson } from '../../src/sweep/spec';

test('what is left out has its default', () => {
  expect(parseSpec({ fields: [{ field: 'contrast.tau', from: 0.05, to: 0.5 }], budget: 20 })).toEqual({
    version: 1,
    name: 'Contrastive temperature',
    presets: ['tiny', 'mcpo-grpo'],
    changes: {},
    fields: [{ field: 'contrast.tau', from: 0.05, to: 0.5, scale: 'log', integer: false }],
    seeds: [0],
    sampler: { kind: 'random', seed: 0 },
    objective: { metric: 'heldOut/average', direction: 'max', at: 'end', window: 10 },
    pruner: { kind: 'none' },
    budget: { trials: 20 },
    places: 16,
    report: 10,
  });
});

test('words and numbers stand for objects', () => {
  const base = { fields: [{ field: 'contrast.tau', from: 0.05, to: 0.5 }], budget: 9, seeds: 4 };
  const read = (over: object) => parseSpec({ ...base, ...over });
  expect(read({}).seeds).toEqual([0, 1, 2, 3]);
  expect(read({ sampler: 'tpe' }).sampler).toEqual({ kind: 'tpe', seed: 0, startup: 10, candidates: 24 });
  expect(read({ sampler: 'optuna' }).sampler).toEqual({
    kind: 'optuna',
    seed: 0,
    startup: 10,
    candidates: 24,
    multivariate: false,
  });
  expect(read({ sampler: 'sobol' }).sampler).toEqual({ kind: 'sobol', seed: 0 });
  expect(read({ pruner: 'median' }).pruner).toEqual({ kind: 'median', startup: 5, warmup: 0 });
  expect(read({ pruner: 'asha' }).pruner).toEqual({ kind: 'asha', min: 10, factor: 4 });
  expect(read({ pruner: 'hyperband', report: 5 }).pruner).toEqual({ kind: 'hyperband', min: 5, factor: 3 });
  expect(read({ pruner: 'wilcoxon' }).pruner).toEqual({ kind: 'wilcoxon', p: 0.1, startup: 2 });
  expect(read({ objective: 'loss/policy' }).objective).toEqual({
    metric: 'loss/policy',
    direction: 'min',
    at: 'end',
    window: 10,
  });
  expect(read({ presets: 'clipo' }).presets).toEqual(['tiny', 'clipo']);
  expect(read({ presets: ['gru', 'paper'] }).presets).toEqual(['paper', 'mcpo-grpo', 'gru']);
});

test('without a sampler, what can be listed is a grid', () => {
  const spec = parseSpec({
    fields: [
      { field: 'tasks.relatedness', from: 0, to: 3 },
      { field: 'surgery.granularity', values: ['off'] },
    ],
  });
  expect(spec.sampler).toEqual({ kind: 'grid' });
  expect(spec.budget).toEqual({});
});

test('scales and integers come from the schema', () => {
  const { fields } = parseSpec({
    budget: 5,
    fields: [
      { field: 'optimizer.lr', from: 1e-4, to: 1e-2 },
      { field: 'contrast.beta', from: 0, to: 1 },
      { field: 'warmStart.batch', from: 50, to: 150, scale: 'linear' },
    ],
  });
  expect(fields).toMatchObject([
    { scale: 'log', integer: false },
    { scale: 'linear', integer: false },
    { scale: 'linear', integer: true },
  ]);
});

test('changes may be nested or flat, and read the same', () => {
  const read = (changes: object) => parseSpec({ fields: [{ field: 'contrast.tau', values: [0.1] }], changes }).changes;
  expect(read({ contrast: { beta: 0.25 }, 'rollout.group': 4 })).toEqual({ 'contrast.beta': 0.25, 'rollout.group': 4 });
  expect(read({ 'tasks.mix': 'math:1', contrast: { backbone: false } })).toEqual({
    'tasks.mix': 'math:1',
    'contrast.backbone': false,
  });
});

test('swept steps: the shortest trial has ten reports', () => {
  expect(parseSpec({ fields: [{ field: 'steps', values: [300, 50] }] }).report).toBe(5);
});

test('every numeric, boolean and choice field of the schema can be swept', () => {
  for (const f of FIELDS) {
    if (f.path === 'seed' || f.kind === 'text') continue;
    const values = f.kind === 'boolean' ? [false, true] : (f.options ?? [f.default]);
    expect(parseSpec({ fields: [{ field: f.path, values }] }).fields, f.path).toEqual([{ field: f.path, values }]);
  }
});

const SPECS: unknown[] = [
  {
    fields: [{ field: 'contrast.tau', from: 0.05, to: 0.5 }],
    budget: { minutes: 2.5, steps: 1000 },
    sampler: 'optuna',
    pruner: 'asha',
  },
  {
    name: 'A "quoted" name: {λ} × [τ]\n',
    fields: [
      { field: 'method', values: ['grpo', 'mcpo-grpo'] },
      { field: 'tasks.mix', values: ['math:1', 'math:1,code:1'] },
      { field: 'contrast.backbone', values: [true] },
      { field: 'policy.width', from: 16, to: 64, count: 4, scale: 'linear' },
    ],
    changes: { contrast: { beta: -0, pooling: 'last' } },
    seeds: [9, 4],
    presets: ['deep'],
  },
];
test.each(SPECS.map((s) => [s]))('the text of a specification reads back to the same: %#', (input) => {
  const spec = parseSpec(input);
  expect(parseSpec(JSON.parse(specJson(spec)))).toEqual(spec);
  expect(parseSpec(spec)).toEqual(spec);
  expect(specJson(spec)).toMatch(/^\{\n {2}"version": 1,\n {2}"name": /);
});

test('a configuration is presets, changes, the point’s values and the seed', () => {
  const spec = parseSpec({
    presets: ['no-warmup'],
    changes: { contrast: { gamma: 1 }, steps: 40 },
    fields: [
      { field: 'method', values: ['grpo', 'mcpo-dapo'] },
      { field: 'contrast.tau', values: [0.1, 0.2] },
    ],
  });
  expect(configOf(spec, { method: 'mcpo-dapo', 'contrast.tau': 0.2 }, 7)).toEqual(
    resolve(['tiny', 'mcpo-dapo', 'no-warmup'], { seed: 7, steps: 40, contrast: { gamma: 1, tau: 0.2 } }),
  );
  expect(configOf(spec, { method: 'grpo', 'contrast.tau': 0.1 }, 0).contrast.lambda).toBe(0);
});

test('a configuration of values that the schema or the domains do not know is refused', () => {
  const spec = parseSpec({ fields: [{ field: 'contrast.tau', values: [0.1] }] });
  expect(() => configOf(spec, { 'contrast.tau': 9 }, 0)).toThrow('invalid contrast.tau: 9 (0.01 to 2)');
  expect(() => configOf(spec, { 'contrast.tua': 1 }, 0)).toThrow('unknown key: contrast.tua');
  expect(() => configOf(spec, { method: 'sarsa' }, 0)).toThrow('unknown preset: sarsa');
  expect(() => configOf(spec, { 'tasks.mix': 'history:1' }, 0)).toThrow('invalid tasks.mix: history is no domain');
});

test('a point by hand has each field once, with a value of the field', () => {
  const { fields } = parseSpec({
    budget: 5,
    fields: [
      { field: 'contrast.tau', from: 0.05, to: 0.5 },
      { field: 'rollout.group', values: [4, 8] },
    ],
  });
  const read = (point: unknown) => () => parsePoint(fields, point, 'points[0]');
  expect(read({ 'rollout.group': 8, 'contrast.tau': 0.05 })()).toEqual({ 'contrast.tau': 0.05, 'rollout.group': 8 });
  expect(read({ 'contrast.tau': 0.1 })).toThrow(
    new SpecError('invalid points[0].rollout.group: nothing (an integer from 1 to 64)'),
  );
  expect(read({ 'contrast.tau': 0.6, 'rollout.group': 4 })).toThrow(
    new SpecError('invalid points[0].contrast.tau: 0.6 (0.05 to 0.5)'),
  );
  expect(read({ 'contrast.tau': 0.1, 'rollout.group': 6 })).toThrow(
    new SpecError('invalid points[0].rollout.group: 6 (one of 4, 8)'),
  );
  expect(read({ 'contrast.tau': 0.1, 'rollout.group': 4, steps: 9 })).toThrow('unknown key: points[0].steps');
});

test('the journal keeps what the views draw and the objective, each once', () => {
  const metrics = (objective: string) => recorded(parseSpec({ fields: [{ field: 'contrast.tau', values: [0.1] }], objective }));
  const usual = metrics('heldOut/average');
  expect(usual).toEqual(
    expect.arrayContaining(['reward/mean', 'reward/toolUse', 'logit/margin', 'group/mixed', 'embedding/rank']),
  );
  for (const name of usual) if (!/^reward\/|margin$/.test(name)) expect(METRICS).toContain(name);
  expect(new Set(usual).size).toBe(usual.length);
  expect(metrics('reward/mean')).toEqual(usual);
  expect(metrics('loss/contrastive')).toEqual([...usual, 'loss/contrastive']);
});
