import { describe, expect, test } from 'vitest';
import { comparePoints } from '../../src/sweep/analysis/compare';
import { curvesOf } from '../../src/sweep/analysis/curves';
import { bestGroup, groupsOf, history } from '../../src/sweep/analysis/groups';
import { surface } from '../../src/sweep/analysis/surface';
import { Journal } from '../../src/sweep/journal';
import type { Assignment, SweptField } from '../../src/sweep/types';
import { entriesOf, type Synthetic, stateOf } from './fixture';

const tau = (v: Assignment) => v['contrast.tau'] as number;
const POINTS = [0.1, 0.5, 0.3, 0.9].map((x) => ({ 'contrast.tau': x }));
/** The value of a point is its field plus 0, 0.1, 0.2 by seed; 0.9 is pruned. */
const GIVEN: Synthetic = {
  points: POINTS,
  curve: (v, seed) => tau(v) + seed / 10,
  pruned: (v) => (tau(v) === 0.9 ? 5 : null),
};

describe('groups', () => {
  test('seeds are taken together: mean, interval, steps, rank', () => {
    const groups = groupsOf(stateOf(GIVEN));
    expect(groups.map((g) => [g.state, g.n, g.complete, g.steps, g.rank])).toEqual([
      ['finished', 3, true, 60, 3],
      ['finished', 3, true, 60, 1],
      ['finished', 3, true, 60, 2],
      ['pruned', 0, false, 15, null],
    ]);
    expect(groups[1].mean).toBeCloseTo(0.6, 12);
    // t(0.975, 2) = 4.302653 (tables), s = 0.1.
    expect(groups[1].halfWidth).toBeCloseTo((4.302653 * 0.1) / Math.sqrt(3), 6);
    expect(groups[0].results.map((r) => r.trial)).toEqual([0, 1, 2]);
    expect(groups[3]).toMatchObject({ mean: null, halfWidth: null });
  });

  test('a lucky seed alone is not the best', () => {
    const state = stateOf({ ...GIVEN, ends: (v, seed) => (tau(v) === 0.5 && seed < 2 ? 'failed' : 'finished') });
    const groups = groupsOf(state);
    expect(groups[1]).toMatchObject({ n: 1, halfWidth: null, rank: 3, complete: false });
    expect(bestGroup(groups)?.point).toBe(2);
    expect(history(state).at(-1)?.best).toBe(bestGroup(groups)?.mean);
    expect(bestGroup(groupsOf(stateOf({ ...GIVEN, ends: () => 'running' })))).toBeNull();
  });

  test('down is better when the objective says so', () => {
    const groups = groupsOf(stateOf({ ...GIVEN, spec: { objective: { direction: 'min' } } }));
    expect(groups.map((g) => g.rank)).toEqual([1, 3, 2, null]);
  });

  test('history goes by the order of the ends, and never falls back', () => {
    const entries = entriesOf(GIVEN);
    // Point 0 ends last.
    const ends = entries.filter((e) => e.type === 'end' && e.trial < 3);
    const state = new Journal([...entries.filter((e) => !ends.includes(e)), ...ends]).state;
    const course = history(state);
    expect(course.map((c) => c.point)).toEqual([1, 2, 3, 0]);
    expect(course.map((c) => c.steps)).toEqual([60, 120, 135, 195]);
    expect(course.map((c) => c.value?.toFixed(3) ?? null)).toEqual(['0.600', '0.400', null, '0.200']);
    for (const c of course) expect(c.best).toBeCloseTo(0.6, 12);
    expect(history(new Journal(entries.filter((e) => !ends.includes(e))).state)).toHaveLength(3);
  });
});

describe('curves', () => {
  test('mean and interval at each step that all seeds have', () => {
    const curves = curvesOf(stateOf({ ...GIVEN, curve: (v, seed, step) => tau(v) + seed * step }), 'reward/mean');
    expect(curves.map((c) => [c.point, c.pruned, c.steps.length])).toEqual([
      [0, false, 20],
      [1, false, 20],
      [2, false, 20],
      [3, true, 5],
    ]);
    expect(curves[0].mean[9]).toBeCloseTo(10.1, 12);
    expect(curves[0].halfWidth[9]).toBeCloseTo((4.302653 * 10) / Math.sqrt(3), 4);
    expect(new Set(curves[0].n)).toEqual(new Set([3]));
  });

  test('up to where the slowest seed is; failed ones aside; gaps count fewer', () => {
    const entries = entriesOf({ ...GIVEN, points: POINTS.slice(0, 1), ends: () => 'running' });
    const cut = entries.filter((e) => !(e.type === 'steps' && e.trial === 2 && e.from > 10));
    const gap = cut.map((e) =>
      e.type === 'steps' && e.trial === 1 && e.from === 1 ? { ...e, metrics: { 'reward/mean': [null, 0.2, 0.2, 0.2, 0.2] } } : e,
    );
    const [curve] = curvesOf(new Journal(gap).state, 'reward/mean');
    expect(curve.steps).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
    expect(curve.n.slice(0, 2)).toEqual([2, 3]);
    expect(curve.mean[0]).toBeCloseTo((0.1 + 0.3) / 2, 12);
    const failed = [...gap, { type: 'end', trial: 2, state: 'failed', step: 10, value: null, why: 'not finite' } as const];
    expect(curvesOf(new Journal(failed).state, 'reward/mean')[0].steps).toHaveLength(20);
  });

  test('held-out metrics have the steps of the evaluations', () => {
    const state = stateOf({
      ...GIVEN,
      evaluate: (_, seed, step) => ({ benchmarks: { GPQA: step }, domains: {}, average: seed }),
    });
    expect(curvesOf(state, 'heldOut/GPQA')[0]).toMatchObject({ steps: [5, 10, 15, 20], mean: [5, 10, 15, 20], n: [3, 3, 3, 3] });
    expect(curvesOf(state, 'heldOut/average')[0].mean).toEqual([1, 1, 1, 1]);
    expect(curvesOf(state, 'loss/never')).toEqual([]);
  });
});

describe('is A better than B?', () => {
  const seeds = (n: number) => Array.from({ length: n }, (_, i) => i);
  const two = (n: number, gap: (seed: number) => number, objective: object = {}) =>
    stateOf({
      points: POINTS.slice(0, 2),
      spec: { seeds: seeds(n), objective },
      curve: (v, seed) => 5 * Math.sin(seed) + (tau(v) === 0.5 ? gap(seed) : 0),
    });

  test('on common seeds, however much they differ among themselves', () => {
    const found = comparePoints(
      two(8, (s) => 1.25 + s / 10),
      1,
      0,
      ['τ = 0.5', 'τ = 0.1'],
    );
    expect(found).toMatchObject({ n: 8, verdict: 'better', seeds: seeds(8) });
    expect(found.mean).toBeCloseTo(1.6, 12);
    expect(found.p).toBeCloseTo(2 ** -7, 12);
    // t(0.975, 7) = 2.364624; deviation of 0, 0.1 … 0.7 is √0.06.
    const half = 2.364624 * Math.sqrt(0.06 / 8);
    expect(found.low).toBeCloseTo(1.6 - half, 6);
    expect(found.high).toBeCloseTo(1.6 + half, 6);
    expect(found.sentence).toBe('τ = 0.5 is better than τ = 0.1: +1.6 [1.4, 1.8], p = .008, 8 seeds');
    expect(
      comparePoints(
        two(8, (s) => 1.25 + s / 10),
        0,
        1,
      ).verdict,
    ).toBe('worse');
    expect(
      comparePoints(
        two(8, (s) => 1.25 + s / 10, { direction: 'min' }),
        0,
        1,
      ).verdict,
    ).toBe('better');
  });

  test('three seeds cannot tell, however clear they look, and it says why', () => {
    const { verdict, sentence } = comparePoints(
      two(3, () => 1),
      1,
      0,
    );
    expect(verdict).toBe('open');
    expect(sentence).toBe(
      'point 1 and point 0 cannot be told apart at n = 3: +1.0 [1.0, 1.0], p = .250; with fewer than 6 seeds the exact test cannot reach p = .05',
    );
  });

  test('what does not differ, and accuracies in points', () => {
    const even = comparePoints(
      two(8, () => 0),
      1,
      0,
    );
    expect([even.verdict, even.p, even.mean]).toEqual(['open', 1, 0]);
    const state = stateOf({
      points: POINTS.slice(0, 2),
      spec: { seeds: seeds(8), objective: { metric: 'heldOut/average' } },
      evaluate: (v, seed) => ({ benchmarks: {}, domains: {}, average: 0.5 + (tau(v) === 0.5 ? 0.01 + seed / 1000 : 0) }),
    });
    expect(comparePoints(state, 1, 0).sentence).toMatch(
      /^point 1 is better than point 0: \+1\.4 points \[1\.1, 1\.6\], p = \.008, 8 seeds$/,
    );
  });

  test('pairs by seed, leaves out what either lacks', () => {
    const base = { points: POINTS.slice(0, 2), spec: { seeds: seeds(4) }, curve: (v: Assignment, s: number) => tau(v) * s };
    const lacking = stateOf({ ...base, ends: (v, s) => (tau(v) === 0.5 && s === 2 ? 'failed' : 'finished') });
    expect(comparePoints(lacking, 1, 0).seeds).toEqual([0, 1, 3]);
    expect(comparePoints(stateOf({ ...base, ends: () => 'running' }), 1, 0)).toMatchObject({
      n: 0,
      p: null,
      sentence: 'point 1 and point 0 have no finished seed in common',
    });
  });
});

describe('surface', () => {
  const beta: SweptField = { field: 'contrast.beta', from: 0, to: 10, scale: 'linear', integer: false };
  const logTau: SweptField = { field: 'contrast.tau', from: 0.01, to: 1, scale: 'log', integer: false };
  const plain = { seeds: [0], report: 1, objective: { window: 1 } };

  test('a grid: the cells are the means, others averaged over, edges halfway on the scale', () => {
    const fields: SweptField[] = [
      { ...logTau, count: 3 },
      { ...beta, count: 2 },
      { field: 'clipo.loss', values: ['infonce', 'supconIn'] },
    ];
    const points = [0.01, 0.1, 1].flatMap((t) =>
      [0, 10].flatMap((b) => ['infonce', 'supconIn'].map((l) => ({ 'contrast.tau': t, 'contrast.beta': b, 'clipo.loss': l }))),
    );
    const curve = (v: Assignment) => 100 * tau(v) + (v['contrast.beta'] as number) + (v['clipo.loss'] === 'infonce' ? 4 : 0);
    const spec = { ...plain, fields, sampler: { kind: 'grid' as const } };
    const found = surface(stateOf({ points, spec, steps: 1, curve }), 'contrast.tau', 'contrast.beta');
    expect(found.kind).toBe('cells');
    expect(found.values).toEqual([
      [3, 12, 102],
      [13, 22, 112],
    ]);
    found.x.edges.forEach((e, i) => void expect(Math.log10(e)).toBeCloseTo([-2.5, -1.5, -0.5, 0.5][i], 9));
    expect(found.y.edges).toEqual([-5, 5, 15]);
    expect(found.points).toHaveLength(12);
    // Under way: what is not there yet stays open.
    const part = surface(stateOf({ points: points.slice(0, 5), spec, steps: 1, curve }), 'clipo.loss', 'contrast.tau');
    expect(part.x).toMatchObject({ scale: 'choice', names: ['infonce', 'supconIn'], edges: [-0.5, 0.5, 1.5] });
    expect(part.values).toEqual([
      [10, 6],
      [14, null],
      [null, null],
    ]);
  });

  test('scattered points: exact for a plane, nothing outside of what they enclose', () => {
    // A golden-ratio lattice in the middle part of the square.
    const points = Array.from({ length: 40 }, (_, i) => ({
      'contrast.tau': 0.01 * 100 ** (0.2 + (0.6 * (i + 0.5)) / 40),
      'contrast.beta': 10 * (0.2 + 0.6 * ((i * 0.618034) % 1)),
    }));
    const plane = (v: Assignment) => 3 * Math.log10(tau(v)) + (v['contrast.beta'] as number) / 5;
    const spec = { ...plain, fields: [logTau, beta] };
    const { kind, values, x, y } = surface(
      stateOf({ points, spec, steps: 1, curve: plane }),
      'contrast.tau',
      'contrast.beta',
      20,
    );
    expect(kind).toBe('smooth');
    const at = (e: readonly number[], i: number, log: boolean) => (log ? Math.sqrt(e[i] * e[i + 1]) : (e[i] + e[i + 1]) / 2);
    const [low, high] = [Math.min(...points.map(plane)), Math.max(...points.map(plane))];
    let filled = 0;
    values.forEach((row, r) =>
      row.forEach((value, c) => {
        const middle = { 'contrast.tau': at(x.edges, c, true), 'contrast.beta': at(y.edges, r, false) };
        if (value !== null) {
          filled++;
          expect(value).toBeCloseTo(Math.min(high, Math.max(low, plane(middle))), 3);
        }
        if (c < 3 || c > 16 || r < 3 || r > 16) expect(value).toBeNull();
      }),
    );
    expect(filled).toBeGreaterThan(90);
  });

  test('never goes beyond what was measured, and keeps choices apart', () => {
    const fields: SweptField[] = [beta, { field: 'clipo.loss', values: ['infonce', 'supconIn'] }];
    const points = Array.from({ length: 12 }, (_, i) => ({
      'contrast.beta': 1 + i / 2,
      'clipo.loss': i % 2 ? 'infonce' : 'supconIn',
    }));
    const curve = (v: Assignment) => (v['clipo.loss'] === 'infonce' ? 1 : 0) + ((v['contrast.beta'] as number) > 4 ? 0.2 : 0);
    const { values } = surface(stateOf({ points, spec: { ...plain, fields }, steps: 1, curve }), 'contrast.beta', 'clipo.loss');
    expect(values).toHaveLength(2);
    const [infonce, supcon] = values.map((row) => row.filter((v) => v !== null));
    expect(infonce.length).toBeGreaterThan(10);
    expect(Math.min(...infonce)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...infonce)).toBeLessThanOrEqual(1.2);
    expect(Math.max(...supcon)).toBeLessThanOrEqual(0.2);
    expect(values[0].at(-1)).toBeNull();
    expect(() => surface(stateOf({ points, spec: { ...plain, fields } }), 'contrast.beta', 'contrast.tau')).toThrow(
      'contrast.tau is not swept (contrast.beta, clipo.loss)',
    );
  });

  test('nothing measured yet, or a single point', () => {
    const spec = { ...plain, fields: [logTau, beta] };
    const none = surface(stateOf({ points: [], spec }), 'contrast.tau', 'contrast.beta', 4);
    expect(none.values.flat().every((v) => v === null)).toBe(true);
    const one = [{ 'contrast.tau': 0.1, 'contrast.beta': 3 }];
    const { values } = surface(stateOf({ points: one, spec, steps: 1, curve: () => 0.7 }), 'contrast.tau', 'contrast.beta', 5);
    expect(values.flat().filter((v) => v !== null)).toEqual([0.7]);
  });
});
