import { describe, expect, test } from 'vitest';
import { FIELDS, getValue } from '../../src/config/fields';
import { resolve } from '../../src/config/resolve';
import { catalog } from '../../src/host/catalog';
import { recorded } from '../../src/sweep/metrics';
import { parseSpec } from '../../src/sweep/spec';
import { suggested } from '../../src/sweep/suggested';
import type { SweepSpec } from '../../src/sweep/types';
import { SWEEPS } from '../../src/ui/shell/SweepLine';
import { endedIn, planNow, secondsLeft } from '../../src/ui/sweep/bar/remaining';
import { modelOf } from '../../src/ui/sweep/charts/model';
import { topBrush } from '../../src/ui/sweep/charts/parallel';
import { type Base, type Draft, draftOf, inputOf, NEW, newField, seedsOf, seedsText } from '../../src/ui/sweep/form/draft';
import { placeOf } from '../../src/ui/sweep/form/formStore';
import { cautions, planOf, planText } from '../../src/ui/sweep/form/plan';
import { measures } from '../../src/ui/sweep/metrics';
import { arranged, standing } from '../../src/ui/sweep/table/rows';
import { duration } from '../../src/ui/sweep/words';
import { sweepState } from './sweepFixture';

const domains = catalog(resolve(['tiny', 'mcpo-grpo']).tasks);
const LAB: Base = { presets: ['tiny', 'mcpo-grpo'], changes: { 'contrast.tau': 0.2, steps: 40 } };
const through = (spec: SweepSpec) => parseSpec(inputOf(draftOf(spec, NEW, LAB), LAB, 'x'));
const fault = (draft: Draft): string => {
  try {
    parseSpec(inputOf(draft, LAB, 'x'));
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the form', () => {
  test('says every specification that JSON can say, without loss', () => {
    const common = { presets: ['tiny', 'grpo'], changes: { 'optimizer.lr': 0.002 }, seeds: [0, 1, 2, 3] };
    const tau = { field: 'contrast.tau', from: 0.02, to: 1, scale: 'log', count: 4 };
    const specs: unknown[] = [
      {
        ...common,
        fields: [tau],
        report: 5,
        places: 3,
        name: 'τ alone',
        objective: { metric: 'reward/math', at: 'best', window: 3 },
      },
      {
        ...common,
        fields: [{ ...tau, count: undefined }],
        sampler: { kind: 'sobol', seed: 4 },
        budget: { steps: 900, minutes: 2.5 },
      },
      {
        ...common,
        fields: [
          { field: 'method', values: ['grpo', 'mgs'] },
          { field: 'objective.normalizeStd', values: [true, false] },
        ],
      },
      {
        ...common,
        fields: [{ field: 'tasks.mix', values: ['math:1,code:2', 'safety:1'] }],
        pruner: { kind: 'wilcoxon', p: 0.2 },
      },
      {
        ...common,
        fields: [tau],
        sampler: { kind: 'optuna', multivariate: true, candidates: 9 },
        budget: 40,
        pruner: 'hyperband',
      },
      {
        ...common,
        fields: [tau],
        sampler: { kind: 'tpe', startup: 3, seed: 8 },
        budget: 40,
        pruner: { kind: 'median', warmup: 7 },
      },
      ...suggested(['tiny', 'mcpo-grpo'], {}).map((s) => s.spec),
    ];
    for (const input of specs) {
      const spec = parseSpec(input);
      expect(through(spec)).toStrictEqual(spec);
    }
  });

  test('sweeps around the lab: what is swept is not fixed too, the rest of the changes is', () => {
    const spec = parseSpec(inputOf({ ...NEW, fields: [newField('contrast.tau', 0.2, [])] }, LAB, 'τ'));
    expect(spec.changes).toEqual({ steps: 40 });
    expect(draftOf(spec, NEW, LAB).base).toBeNull();
    expect(draftOf(spec, NEW, { ...LAB, changes: {} }).base).toEqual({ presets: LAB.presets, changes: { steps: 40 } });
  });

  test('offers every field with a range or values that fit it', () => {
    const config = resolve(['tiny', 'mcpo-grpo']);
    const wrong = FIELDS.filter((f) => f.path !== 'seed').flatMap((f) => {
      const said = fault({ ...NEW, report: '1', fields: [newField(f.path, getValue(config, f.path), [])] });
      // What does not go together with the rest, as widths and heads, is for the person to see.
      return said && !said.startsWith('conflict') && !said.startsWith('no difference') ? [`${f.path}: ${said}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  test('each fault is said beside the part that has it', () => {
    const tau = newField('contrast.tau', 0.1, []);
    const fields = [tau];
    expect(placeOf(fault({ ...NEW, fields: [{ ...tau, from: '0.0.1' }] }))).toBe('fields[0].from');
    expect(placeOf(fault({ ...NEW, fields: [{ ...tau, count: '' }] }))).toBe('fields[0].count');
    expect(placeOf(fault({ ...NEW, fields: [{ ...tau, as: 'values', text: '0.1, 9' }] }))).toBe('fields[0].values[1]');
    expect(placeOf(fault({ ...NEW, fields, seeds: '0, 0' }))).toBe('seeds[1]');
    expect(placeOf(fault({ ...NEW, fields, objective: { ...NEW.objective, metric: 'reward/meen' } }))).toBe('objective.metric');
    expect(placeOf(fault({ ...NEW, fields, sampler: { ...NEW.sampler, kind: 'sobol', seed: '-1' } }))).toBe('sampler.seed');
    expect(placeOf(fault({ ...NEW, fields, sampler: { ...NEW.sampler, kind: 'random' } }))).toBe('budget');
    expect(placeOf(fault({ ...NEW, fields, pruner: { ...NEW.pruner, kind: 'asha', factor: '1' } }))).toBe('pruner.factor');
    expect(placeOf(fault({ ...NEW, fields, places: '999' }))).toBe('places');
    expect(placeOf(fault({ ...NEW, fields: [{ ...tau, count: '900' }], seeds: '0-60,61,62,63' }))).toBe('');
  });

  test('seeds as people write them', () => {
    expect(seedsOf('0-3, 7')).toEqual([0, 1, 2, 3, 7]);
    expect(seedsOf('3-1, x')).toEqual(['3-1', 'x']);
    expect([seedsText([4, 5, 6]), seedsText([1, 3]), seedsText([0, 1])]).toEqual(['4-6', '1, 3', '0, 1']);
  });

  test('every metric that a sweep records has a plain name of its own, in a group', () => {
    const known = measures(domains);
    for (const metric of recorded({ objective: { metric: 'reward/mean', direction: 'max', at: 'end', window: 1 } })) {
      const found = known.filter((m) => m.metric === metric);
      expect(found.map((m) => m.group !== 'Other' && !m.label.includes('/') && m.hint.endsWith('.'))).toEqual([true]);
    }
    expect(new Set(known.map((m) => `${m.group}: ${m.label}`)).size).toBe(known.length);
  });

  test('every metric that is offered is one that a sweep can have', () => {
    const fields = [{ field: 'contrast.tau', values: [0.1, 0.2] }];
    for (const { metric } of measures(domains)) expect(parseSpec({ fields, objective: metric }).objective.metric).toBe(metric);
  });
});

describe('what it comes to', () => {
  const grid = [
    { field: 'contrast.lambda', from: 0.01, to: 1, count: 5 },
    { field: 'contrast.tau', from: 0.02, to: 1, count: 5 },
  ];
  const text = (input: object) => {
    const spec = parseSpec({ presets: ['tiny'], changes: { steps: 60 }, seeds: 4, fields: grid, ...input });
    return planText(spec, planOf(spec));
  };

  test('points, seeds, trials and steps', () => {
    expect(text({})).toBe('5 × 5 points × 4 seeds = 100 trials, 6,000 steps');
    expect(text({ pruner: 'median' })).toBe('5 × 5 points × 4 seeds = 100 trials, at most 6,000 steps');
    expect(text({ budget: 30 })).toBe('7 points × 4 seeds = 28 trials, 1,680 steps');
    expect(text({ sampler: 'sobol', budget: { minutes: 5 } })).toBe('points × 4 seeds, for 5 minutes');
    expect(text({ sampler: 'random', budget: { steps: 500 } })).toBe('points × 4 seeds, 500 steps');
  });

  test('what may surprise is said', () => {
    const spec = parseSpec({ fields: [{ field: 'policy.width', values: [16, 32] }], seeds: 2, pruner: 'median' });
    const said = cautions(spec, planOf(spec)).join('\n');
    expect(said).toMatch(/Other values of H need base checkpoints/);
    expect(said).toMatch(/fewer than 3 seeds/);
    expect(said).toMatch(/evaluated after each 10 steps/);
  });

  test('the time left is what is to be trained over the pace, and no more than the minutes', () => {
    // 12 points, 3 seeds, 60 steps; 2 points run at step 30, 1 failed at step 10.
    const state = sweepState({ points: 12, running: 2, fields: 2 });
    expect(planNow(state).trials).toBe(36);
    expect(endedIn(state)).toBe(30);
    expect(secondsLeft(state, 10)).toBe((6 * 30) / 10);
    expect(secondsLeft({ ...state, budget: { trials: 42 } }, 10)).toBe((6 * 30 + 6 * 60) / 10);
    expect(secondsLeft({ ...state, budget: { trials: 42, minutes: 1 }, seconds: 55 }, 10)).toBe(5);
    expect(secondsLeft({ ...state, budget: { trials: 42 }, stopped: true }, 10)).toBe(18);
    expect([40, 600, 3 * 3600, 72 * 3600].map(duration)).toEqual(['40 s', '10 min', '3.0 h', '3 days']);
  });
});

describe('the table', () => {
  const model = modelOf(sweepState({ points: 12, running: 2, fields: 2 }), domains);
  const by = (sort: Parameters<typeof arranged>[1]['sort'], down: boolean) =>
    arranged(model, { sort, down, state: null }).map((p) => p.point);

  test('best first, those without a value last whichever way', () => {
    const none = model.points.filter((p) => p.mean === null).map((p) => p.point);
    expect(by('value', true)[0]).toBe(model.best);
    expect(by('value', true).slice(-none.length)).toEqual(none);
    expect(by('value', false).slice(-none.length)).toEqual(none);
    const lambda = by('field:contrast.lambda', false).map((p) => Number(model.points[p].values['contrast.lambda']));
    expect(lambda).toEqual([...lambda].sort((a, b) => a - b));
  });

  test('a point that lacks seeds is not the best, however high: in the table, the pictures and the brush alike', () => {
    const { points, trials, ...rest } = sweepState({ points: 12, fields: 2 });
    const first = trials.findIndex((t) => t.state === 'finished');
    const { point } = trials[first];
    const lacking = trials.map((t, i) => (i === first ? { ...t, value: 0.99 } : t.point === point ? { ...t, value: null } : t));
    const mixed = modelOf({ ...rest, points, trials: lacking }, domains);
    const last = mixed.ranked.at(-1);
    expect([last, mixed.points[point].mean]).toEqual([point, 0.99]);
    expect(mixed.best).not.toBe(point);
    const ranked = arranged(mixed, { sort: 'value', down: true, state: null }).filter((p) => p.mean !== null);
    expect(ranked.map((p) => p.point)).toEqual(mixed.ranked);
    expect(topBrush(mixed, 1)?.[1]).toBe(mixed.points[mixed.best as number].mean);
  });

  test('a chip leaves the points with such a trial, and states are told with their number', () => {
    expect(arranged(model, { sort: 'point', down: false, state: 'running' }).map((p) => p.point)).toEqual([10, 11]);
    expect(standing(model.points[10])).toEqual({ state: 'running', text: 'running' });
    const [one, ...others] = model.points[10].trials;
    const mixed = { ...model.points[10], trials: [{ ...one, state: 'finished' as const }, ...others] };
    expect(standing(mixed).text).toBe('running 2 of 3');
    const waiting = {
      ...mixed,
      trials: mixed.trials.map((t) => (t.state === 'running' ? { ...t, state: 'waiting' as const } : t)),
    };
    expect(standing(waiting).text).toBe('waiting 2 of 3');
  });
});

test('what the first view offers by name is what is suggested', () => {
  const names = suggested(['tiny', 'mcpo-grpo'], {}).map((s) => s.name);
  expect(SWEEPS.map((s) => s.name)).toEqual(names);
});
