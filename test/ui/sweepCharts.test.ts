import { describe, expect, test } from 'vitest';
import { LIGHT } from '../../src/charts/palette';
import { interval } from '../../src/math/statistics';
import { Journal } from '../../src/sweep/journal';
import { basePoint, rivals } from '../../src/ui/sweep/charts/compare';
import { pointCurve } from '../../src/ui/sweep/charts/curves';
import { completions, historyChart } from '../../src/ui/sweep/charts/history';
import { stepBy } from '../../src/ui/sweep/charts/Layers';
import { modelOf } from '../../src/ui/sweep/charts/model';
import { hasLogits, tilePoints } from '../../src/ui/sweep/charts/multiples';
import { inOrder, moved, nudged, OBJECTIVE, topBrush, withinBrushes } from '../../src/ui/sweep/charts/parallel';
import { sliceChart } from '../../src/ui/sweep/charts/slice';
import { resamplesFor } from '../../src/ui/sweep/charts/useImportance';
import { sweepEntries, sweepState } from './sweepFixture';

/** What the sweep's pictures are made from, against the journal. */

const state = sweepState({ points: 24, running: 2 });
const model = modelOf(state, []);
const all = () => true;
const finished = (point: number) =>
  state.trials.filter((t) => t.point === point && t.state === 'finished').map((t) => t.value as number);

test('a point is its seeds: mean, 95 % interval and number', () => {
  for (const p of model.points.filter((v) => v.state === 'finished')) {
    const own = interval(finished(p.point));
    expect([p.n, p.mean, p.half]).toEqual([3, own.mean, own.halfWidth]);
  }
  const means = model.ranked.map((p) => interval(finished(p)).mean as number);
  expect(means).toEqual([...means].sort((a, b) => b - a));
  expect(model.best).toBe(model.ranked[0]);
  expect(new Set(model.points.map((p) => p.state))).toEqual(new Set(['finished', 'pruned', 'failed', 'running']));
});

test('history follows the ends of the trials, not their numbers, and its best line never falls', () => {
  const entries = sweepEntries({ points: 3, seeds: 1 });
  const ends = entries.filter((e) => e.type === 'end');
  const turned = new Journal([...entries.filter((e) => e.type !== 'end'), ...ends.reverse()]).state;
  expect(completions(modelOf(turned, []))).toEqual([2, 1, 0]);
  const { steps, dots } = historyChart(model, all, LIGHT);
  expect(steps?.y).toEqual([...(steps?.y ?? [])].sort((a, b) => a - b));
  expect(steps?.y.at(-1)).toBe(model.points[model.best as number].mean);
  expect(dots.filter((d) => d.kind === 'pruned').every((d) => d.mark === 'down')).toBe(true);
  expect(dots.some((d) => d.kind === 'failed' && d.mark === 'cross')).toBe(true);
});

test('a curve is worked out again only where a trial has changed', () => {
  const journal = new Journal(sweepEntries({ points: 3, running: 3 }));
  const at = () => journal.state.points.map((_, p) => modelOf(journal.state, []).points[p]);
  const before = at().map((p) => pointCurve(journal.state, p, 'reward/mean'));
  const { step } = journal.state.trials[3];
  journal.push([3, 4, 5].map((trial) => ({ type: 'steps', trial, from: step + 1, metrics: { 'reward/mean': [0.5] } })));
  const after = at().map((p) => pointCurve(journal.state, p, 'reward/mean'));
  expect(after.map((c, i) => c === before[i])).toEqual([true, false, true]);
  expect(after[1]?.steps.at(-1)).toBe(step + 1);
  expect(after[1]?.mean.at(-1)).toBeCloseTo(0.5, 12);
});

describe('brushes', () => {
  test('keep the points in between on every axis; without a value a point is out', () => {
    const lambda = (p: number) => model.points[p].values['contrast.lambda'] as number;
    const inside = withinBrushes(model, { 'contrast.lambda': [0.05, 0.5], [OBJECTIVE]: [0, 1] }) as number[];
    const expected = model.points.filter((p) => lambda(p.point) >= 0.05 && lambda(p.point) <= 0.5 && Number.isFinite(p.shown));
    expect(inside).toEqual(expected.map((p) => p.point));
    expect(inside.length).toBeGreaterThan(0);
    expect(withinBrushes(model, {})).toBeNull();
  });

  test('keep the best share, at least one', () => {
    const kept = (percent: number) => {
      const inside = withinBrushes(model, { [OBJECTIVE]: topBrush(model, percent) as [number, number] }) as number[];
      return inside.sort((a, b) => model.ranked.indexOf(a) - model.ranked.indexOf(b));
    };
    expect(kept(25)).toEqual(model.ranked.slice(0, Math.round(model.ranked.length / 4)));
    expect(kept(0.1)).toEqual([model.best]);
    const objective = { ...state.spec.objective, direction: 'min' as const };
    const down = modelOf({ ...state, spec: { ...state.spec, objective } }, []);
    expect(topBrush(down, 1)?.[0]).toBe(Math.min(...model.ranked.map((p) => model.points[p].mean as number)));
  });

  test('move by keys from either end and are gone when they hold everything', () => {
    const unit = { at: (v: number) => v / 10, from: (t: number) => 10 * t };
    const cut = nudged(null, unit, true, false) as [number, number];
    expect(cut).toEqual([0.5, 10]);
    expect(nudged(cut, unit, false, false)).toEqual([0.5, 9.5]);
    expect(nudged(cut, unit, true, true)).toBeNull();
    expect(nudged([4.9, 5], unit, true, false)).toEqual([5, 5]);
  });

  test('axes keep the order asked for, new ones at the end', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(inOrder(['a', 'b', 'c'], ['c', 'gone', 'a'])).toEqual(['c', 'a', 'b']);
  });
});

test('slices spread points of a choice around it and mean those that share it', () => {
  const { dots, whiskers } = sliceChart(model, 2, all, LIGHT);
  const method = (name: string) => model.points.filter((p) => p.values['method'] === name && p.mean !== null);
  for (const dot of dots) expect(Math.abs(dot.x - model.points[dot.point].at[2])).toBeLessThan(0.3);
  const own = interval(method('mcpo-dapo').map((p) => p.mean as number));
  const shown = whiskers?.find((w) => w.x === 1);
  expect(shown?.mean).toBeCloseTo(own.mean as number, 12);
  expect((shown?.high ?? 0) - (shown?.low ?? 0)).toBeCloseTo(2 * (own.halfWidth as number), 12);
});

test('the best is compared with where the sweep starts from, or with the second', () => {
  expect(rivals(model)).toEqual(model.ranked.slice(0, 2));
  const entries = sweepEntries({ points: 4, fields: 1 });
  const start = entries.map((e) => (e.type === 'point' && e.point === 2 ? { ...e, values: { 'contrast.lambda': 0.1 } } : e));
  const based = modelOf(new Journal(start).state, []);
  expect(basePoint(based.state)).toBe(2);
  const pair = rivals(based) as [number, number];
  expect(pair[0]).toBe(based.best);
  expect(pair[1]).toBe(based.best === 2 ? based.ranked[1] : 2);
});

test('tiles are the best points that have what is shown, or the selected ones', () => {
  const best = tilePoints(model, [], 'best', hasLogits, 5);
  expect(best).toEqual(model.ranked.filter((p) => model.points[p].values['method'] !== 'grpo').slice(0, 5));
  expect(tilePoints(model, [best[3]], 'selected', hasLogits, 5)).toEqual([best[3]]);
});

test('keys go through points and stop at the ends; estimates shrink with the work', () => {
  const order = [4, 2, 9];
  expect(stepBy('ArrowRight', order, null)).toBe(4);
  expect(stepBy('ArrowRight', order, 9)).toBe(9);
  expect(stepBy('ArrowLeft', order, 9)).toBe(2);
  expect(stepBy('End', order, 4)).toBe(9);
  expect(stepBy('x', order, 4)).toBeNull();
  expect(resamplesFor(20, 3)).toBe(200);
  expect(resamplesFor(1000, 6)).toBeLessThan(60);
});
