import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bestGroup, groupsOf } from '../../src/sweep/analysis/groups';
import { fromOptuna, toOptuna } from '../../src/sweep/exchange/optuna';
import { Journal, standingsOf } from '../../src/sweep/journal';
import type { Entry, SweepState } from '../../src/sweep/types';
import { entriesOf, type Synthetic, stateOf } from './fixture';

/** Written by optuna 5.0.0 itself: an enqueued trial, NaN as a report, a failure, two pruned, one only asked for. */
const STUDY = readFileSync(new URL('./optunaStudy.log', import.meta.url), 'utf8');

const FIELDS = [
  { field: 'contrast.tau', from: 0.01, to: 1, scale: 'log', integer: false },
  { field: 'policy.layers', from: 1, to: 4, scale: 'linear', integer: true },
  { field: 'method', values: ['grpo', 'mcpo-grpo'] },
  { field: 'tasks.strict', values: [true, false] },
] as const;
const point = (tau: number, layers: number, method: string, strict: boolean) => ({
  'contrast.tau': tau,
  'policy.layers': layers,
  method,
  'tasks.strict': strict,
});

const GIVEN: Synthetic = {
  points: [
    point(0.1, 1, 'grpo', true),
    point(1 / 3, 2, 'mcpo-grpo', false),
    point(0.7, 3, 'grpo', false),
    // By hand: outside of the range, and a method that is not among the choices.
    point(1.5, 4, 'dapo', true),
    point(0.2, 1, 'grpo', false),
    point(0.3, 1, 'grpo', false),
  ],
  spec: { name: 'round “trip”', fields: FIELDS, seeds: [11, 5], objective: { window: 12, direction: 'min' } },
  steps: 22,
  curve: (v, seed, step) => (step === 3 ? -0 : Math.sin((v['contrast.tau'] as number) * step + seed)),
  pruned: (v) => (v['policy.layers'] === 3 ? 10 : null),
  ends: (v, seed) =>
    v['contrast.tau'] === 0.2
      ? 'running'
      : v['contrast.tau'] === 0.3
        ? 'waiting'
        : v['policy.layers'] === 2
          ? seed === 5
            ? 'failed'
            : 'stopped'
          : 'finished',
};
const extra: Entry[] = [
  { type: 'order', order: { kind: 'budget', budget: { steps: 900 } } },
  { type: 'order', order: { kind: 'add', points: [point(0.9, 1, 'grpo', true)] } },
  { type: 'order', order: { kind: 'stop' } },
];

/** What an export has places for. */
const essence = ({ trials, ...rest }: SweepState) => ({
  ...rest,
  trials: trials.map(({ curves, map: _, ...t }) => ({ ...t, curve: curves['reward/mean'] })),
});

describe('our own exports', () => {
  test.each([
    ['a training metric', GIVEN],
    [
      'a held-out benchmark',
      {
        ...GIVEN,
        spec: { ...GIVEN.spec, objective: { metric: 'heldOut/GPQA', at: 'best' as const } },
        evaluate: (_, seed, step) => ({
          benchmarks: { GPQA: Math.sin(step) ** 2, AIME: Number.NaN },
          domains: { math: seed / 100 },
          average: 0.1,
        }),
      } satisfies Synthetic,
    ],
  ])('come back: points, seeds, states, values, reports of %s', (_, given) => {
    const before = new Journal([...entriesOf(given), ...extra]).state;
    const text = toOptuna(before, 1.7e12);
    const after = new Journal(fromOptuna(text)).state;
    expect(essence(after)).toStrictEqual(essence(before));
    expect(standingsOf(after)).toStrictEqual(standingsOf(before));
    expect(new Set(before.trials.map((t) => t.state))).toEqual(
      new Set(['finished', 'pruned', 'stopped', 'failed', 'running', 'waiting']),
    );
    expect(toOptuna(after, 1.7e12)).toBe(text);
  });

  test('are what Optuna writes: operations, states, distributions as text', () => {
    const lines = toOptuna(stateOf(GIVEN), 1.7e12)
      .trimEnd()
      .split('\n')
      .map((l) => JSON.parse(l));
    expect(lines[0]).toEqual({ op_code: 0, worker_id: 'mcpo-lab', study_name: 'round “trip”', directions: [1] });
    expect(lines.slice(1, 3).map((l) => l.op_code)).toEqual([3, 2]);
    const trials = lines.slice(3);
    expect(trials).toHaveLength(12);
    expect(trials.map((t) => t.state)).toEqual([1, 1, 3, 3, 2, 2, 1, 1, 0, 0, 4, 4]);
    expect(trials[0]).toMatchObject({
      op_code: 4,
      study_id: 0,
      datetime_start: '2023-11-14T22:13:20.000000+00:00',
      datetime_complete: '2023-11-14T22:13:20.000000+00:00',
      params: { 'contrast.tau': 0.1, 'policy.layers': 1, method: 0, 'tasks.strict': 0 },
      user_attrs: { seed: 11 },
    });
    expect(JSON.parse(trials[0].distributions['contrast.tau'])).toEqual({
      name: 'FloatDistribution',
      attributes: { low: 0.01, high: 1, log: true, step: null },
    });
    expect(JSON.parse(trials[0].distributions.method)).toEqual({
      name: 'CategoricalDistribution',
      attributes: { choices: ['grpo', 'mcpo-grpo'] },
    });
    expect(Object.keys(trials[0].intermediate_values)).toEqual(['5', '10', '15', '20', '22']);
    expect(trials[11]).toMatchObject({ system_attrs: { fixed_params: GIVEN.points[5] }, params: {}, datetime_start: null });
  });

  test('that Optuna went on with: its trials are further points', () => {
    const text = toOptuna(stateOf(GIVEN));
    const float = JSON.stringify({ name: 'FloatDistribution', attributes: { step: null, low: 0.01, high: 1, log: true } });
    const more = [
      { op_code: 6, worker_id: 'w', trial_id: 10, state: 0, values: null, datetime_start: '2025-01-01T00:00:00+00:00' },
      { op_code: 6, worker_id: 'w', trial_id: 10, state: 1, values: [0.25], datetime_complete: '2025-01-01T00:00:00+00:00' },
      { op_code: 4, worker_id: 'w', study_id: 0, datetime_start: '2025-01-01T00:00:00+00:00' },
      { op_code: 5, worker_id: 'w', trial_id: 12, param_name: 'contrast.tau', param_value_internal: 0.04, distribution: float },
      { op_code: 7, worker_id: 'w', trial_id: 12, step: 5, intermediate_value: 0.5 },
    ];
    const { points, trials } = new Journal(fromOptuna(`${text}${more.map((l) => JSON.stringify(l)).join('\n')}\n`)).state;
    expect(points).toHaveLength(8);
    expect(points[6].values).toEqual(GIVEN.points[5]);
    expect(points[7].values).toEqual({ 'contrast.tau': 0.04 });
    const finished = trials.find((t) => t.value === 0.25);
    expect(finished).toMatchObject({ point: 6, state: 'finished', seed: 11 });
    expect(trials.filter((t) => t.state === 'running' && t.point === 7)).toHaveLength(1);
  });
});

describe('a study that Optuna made', () => {
  test('is read for the views', () => {
    const state = new Journal(fromOptuna(STUDY)).state;
    expect(state.spec).toMatchObject({
      name: 'contrast',
      fields: [
        { field: 'contrast.tau', from: 0.01, to: 1, scale: 'log', integer: false },
        { field: 'policy.layers', from: 1, to: 4, scale: 'linear', integer: true },
        { field: 'clipo.loss', values: ['infonce', 'supconIn'] },
      ],
      seeds: [0],
      objective: { metric: 'accuracy', direction: 'max' },
    });
    expect(state.trials.map((t) => [t.state, t.value])).toEqual([
      ['finished', 0.7],
      ['finished', 0.3682407842709884],
      ['failed', null],
      ['finished', 0.362163426977224],
      ['pruned', 0.025639201733163093],
      ['pruned', 0.1683297142808961],
    ]);
    expect(state.points[0].values).toEqual({ 'contrast.tau': 0.5, 'policy.layers': 2, 'clipo.loss': 'supconIn' });
    // Steps from 0 come one later; a report that is no number is none.
    expect(standingsOf(state)[1].reports.get(0)).toEqual([
      [1, 0.06824078427098834],
      [21, 0.26824078427098835],
    ]);
    expect(bestGroup(groupsOf(state))?.point).toBe(0);
  });

  test('trials of equal parameters are seeds of a point', () => {
    const float = JSON.stringify({ name: 'FloatDistribution', attributes: { step: null, low: 0, high: 1, log: false } });
    const trial = (beta: number, seed: number, value: number) => ({
      op_code: 4,
      study_id: 0,
      state: 1,
      value,
      distributions: { 'contrast.beta': float },
      params: { 'contrast.beta': beta },
      user_attrs: { seed },
    });
    const rows = [
      { op_code: 0, study_name: 's', directions: [2] },
      ...[trial(0.1, 7, 1), trial(0.2, 7, 2), trial(0.1, 8, 3), trial(0.1, 7, 4)],
    ];
    const { spec, points, trials } = new Journal(fromOptuna(rows.map((r) => JSON.stringify(r)).join('\n'))).state;
    expect(spec.seeds).toEqual([7, 8]);
    expect(points.map((p) => p.values['contrast.beta'])).toEqual([0.1, 0.2, 0.1]);
    expect(trials.map((t) => t.value)).toEqual([1, 3, 2, null, 4, null]);
    expect(trials[3]).toMatchObject({ state: 'stopped', why: 'the study has no trial of this seed' });
  });

  test.each([
    [
      'a parameter that is no field',
      STUDY.replaceAll('contrast.tau', 'lr'),
      /parameter that is no field of a configuration: unknown key: lr \(did you mean optimizer\.lr/,
    ],
    ['two objectives', STUDY.replace('"directions":[2]', '"directions":[1,2]'), /the study contrast has 2 objectives \(one\)/],
    ['no study', STUDY.split('\n').slice(1).join('\n'), /the file has no study/],
    ['two studies', `${STUDY}{"op_code":0,"study_name":"other","directions":[1]}\n`, /the file has 2 studies: contrast, other/],
    ['a broken line', STUDY.replace('"op_code":3,', '"op_code":3'), /^line 2: not complete JSON/],
    ['another file', '{"type":"sweep"}\n', /^line 1: is no operation of an Optuna journal/],
    ['an unknown distribution', STUDY.replaceAll('FloatDistribution', 'OddDistribution'), /^line 5: a distribution is not known/],
  ])('%s is refused in words', (_, text, message) => {
    expect(() => fromOptuna(text)).toThrow(message);
  });

  test('one of several studies by name, a deleted one aside, a torn last line dropped', () => {
    const two = `${STUDY}{"op_code":0,"study_name":"other","directions":[1]}\n`;
    expect(fromOptuna(two, 'contrast')).toEqual(fromOptuna(STUDY));
    expect(fromOptuna(`${two}{"op_code":1,"study_id":1}\n{"op_co`)).toEqual(fromOptuna(STUDY));
  });
});
