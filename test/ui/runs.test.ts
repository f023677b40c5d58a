import { describe, expect, test } from 'vitest';
import { LIGHT } from '../../src/charts/palette';
import { resolve } from '../../src/config/resolve';
import type { RunRecord } from '../../src/store/glances';
import { Trace } from '../../src/store/trace';
import { chartFigure, tiledFigure } from '../../src/ui/figure';
import { comparePlot, PICTURES } from '../../src/ui/runs/comparePlot';
import { bestOf, endMean } from '../../src/ui/runs/finals';
import { sparkPath } from '../../src/ui/runs/Spark';
import { arrange, differencesOf, differText, madeOf, type Order, tagsOf } from '../../src/ui/runs/table';
import { type Compared, stylesOf } from '../../src/ui/runs/useCompared';
import { ago } from '../../src/ui/runs/when';

function recordOf(change: Partial<RunRecord> & { id: string }): RunRecord {
  const presets = change.presets ?? ['tiny', 'grpo'];
  return {
    ...{ fleet: change.id, place: 0, lane: '', name: change.id, color: 0, notes: '', tags: [], presets, link: '' },
    ...{
      backend: 'cpu',
      adapter: 'CPU',
      version: '1',
      created: 0,
      updated: 0,
      step: 0,
      steps: 100,
      status: 'paused',
      summary: {},
    },
    config: resolve(presets),
    ...change,
  };
}

const order = (change: Partial<Order>): Order => ({ sort: 'when', down: true, text: '', tag: null, ...change });
const ids = (records: RunRecord[], change: Partial<Order>) =>
  arrange(records, order(change)).map((g) => g.runs.map((r) => r.id).join('+'));

describe('the table', () => {
  const alone = recordOf({
    id: 'alone',
    created: 30,
    step: 5,
    tags: ['paper'],
    notes: 'Diverges late',
    summary: { 'heldOut/average': 0.2 },
  });
  const first = recordOf({ id: 'a', fleet: 'race', created: 20, step: 9, summary: { 'heldOut/average': 0.1 } });
  const second = recordOf({
    ...{ id: 'b', fleet: 'race', place: 1, created: 20, step: 9, presets: ['tiny', 'mcpo-grpo'], tags: ['paper', 'x'] },
    summary: { 'heldOut/average': 0.6 },
  });
  const old = recordOf({ id: 'old', created: 10, step: 80, name: 'Zebra' });
  const all = [second, old, alone, first];

  test('keeps fleets together, in the order of their first run', () => {
    expect(ids(all, {})).toEqual(['alone', 'a+b', 'old']);
    expect(ids(all, { down: false })).toEqual(['old', 'a+b', 'alone']);
    expect(ids(all, { sort: 'heldOut' })).toEqual(['b+a', 'alone', 'old']);
    expect(ids(all, { sort: 'step' })).toEqual(['old', 'a+b', 'alone']);
    expect(ids(all, { sort: 'name', down: false })).toEqual(['a+b', 'alone', 'old']);
  });

  test('finds runs by all words in names, notes, tags and methods, and by a tag', () => {
    expect(ids(all, { text: 'late DIVERGES' })).toEqual(['alone']);
    expect(ids(all, { text: 'mcpo' })).toEqual(['b']);
    expect(ids(all, { text: 'grpo' })).toHaveLength(3);
    expect(ids(all, { text: 'zebra late' })).toEqual([]);
    expect(ids(all, { tag: 'paper' })).toEqual(['alone', 'b']);
    expect(tagsOf(all)).toEqual([
      { tag: 'paper', count: 2 },
      { tag: 'x', count: 1 },
    ]);
  });

  test('says what differs: from the others of the fleet, or from the presets', () => {
    expect(madeOf(second)).toBe('MCPO-GRPO · Tiny');
    const fromMate = differencesOf(second, [first, second]);
    expect(fromMate.find((d) => d.path === 'contrast.lambda')).toMatchObject({ value: 0.1, base: 0 });
    const own = recordOf({ id: 'own', config: resolve(['tiny', 'grpo'], { seed: 3, rollout: { group: 4 } }) });
    expect(differText(differencesOf(own, [own]), 1)).toEqual({
      short: 'Seed 3 · +1',
      full: 'Seed 3, not 0\nGroup size G 4, not 8',
    });
    expect(differencesOf(first, [first])).toEqual([]);
  });
});

test('how long ago, in words', () => {
  const now = new Date(2026, 2, 12, 15, 0).getTime();
  const minutes = (n: number) => ago(now - n * 60_000, now);
  expect([0.5, 5, 59, 61, 14 * 60].map(minutes)).toEqual(['just now', '5 min ago', '59 min ago', '1 h ago', '14 h ago']);
  expect(ago(new Date(2026, 2, 11, 23, 0).getTime(), now)).toBe('yesterday');
  expect(ago(new Date(2026, 2, 9, 1, 0).getTime(), now)).toBe('3 days ago');
  expect(ago(new Date(2025, 11, 24).getTime(), now)).toBe('24 Dec 2025');
});

test('small curves: an average within the box; gaps are passed over', () => {
  const points = (values: number[]) =>
    [...sparkPath(values).matchAll(/([\d.]+) ([\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])]);
  expect(sparkPath([0.5])).toBe('');
  const rising = points([0, Number.NaN, 1, 1, 1]);
  expect(rising.map(([x]) => x)).toEqual([1, 36, 53.5, 71]);
  expect(rising[0][1]).toBe(20);
  for (let i = 1; i < rising.length; i++) expect(rising[i][1]).toBeLessThan(rising[i - 1][1]);
  // A flat run lies in the middle.
  for (const [, y] of points([0.3, 0.3, 0.3])) expect(y).toBe(11);
});

test('colours side by side: own ones first, free ones for the rest', () => {
  expect(stylesOf([0, 0, 1, 0])).toEqual([0, 2, 1, 3]);
  expect(stylesOf([9, 1])).toEqual([1, 0]);
  expect(new Set(stylesOf([0, 0, 0, 0, 0, 0, 0, 0])).size).toBe(8);
});

function compared(name: string, rewards: (number | null)[], style: number): Compared {
  const trace = new Trace(rewards.length);
  rewards.forEach((x, i) => {
    trace.push({ step: i + 1, metrics: { 'reward/mean': x }, centroids: [], gradientCosine: [] });
  });
  const evaluations = [{ step: 0, result: { benchmarks: {}, domains: {}, average: 0.25 } }];
  return { record: recordOf({ id: name, name, step: rewards.length }), run: { lane: 0, seed: 0, trace, evaluations }, style };
}

describe('runs side by side', () => {
  const runs = [compared('long', [0.1, 0.2, 0.3, 0.4, null], 0), compared('short', [0.5, 0.6], 3)];

  test('curves as they were measured, as far as the longest goes; held-out averages at their evaluations', () => {
    const [reward, heldOut] = PICTURES.map((p) => comparePlot(p, runs, { palette: LIGHT, window: 0 }));
    expect(reward.reach).toBe(5);
    expect(reward.lines.map((l) => [...Array.from(l.values)])).toEqual([
      [0.1, 0.2, 0.3, 0.4, Number.NaN],
      [0.5, 0.6],
    ]);
    expect(reward.lines[0].dash).not.toEqual(reward.lines[1].dash);
    expect(heldOut.lines[1]).toMatchObject({ steps: [0], values: [0.25] });
  });

  test('numbers at the end, and which is best', () => {
    expect(endMean(runs[0].run.trace, 'reward/mean')).toBeCloseTo(0.25, 12);
    expect(endMean(runs[0].run.trace, 'nothing')).toBeNull();
    expect([...bestOf([0.1, null, 0.3, 0.3], 'high')]).toEqual([2, 3]);
    expect([...bestOf([0.1, 0.1], 'high')]).toEqual([]);
    expect([...bestOf([1, 2], null)]).toEqual([]);
  });

  test('a figure has the numbers of its curves, several figures have them side by side by step', () => {
    const part = (title: string, k: number) => ({
      ...chartFigure(title, (palette) => comparePlot(PICTURES[0], [runs[k]], { palette, window: 0 })),
      title,
    });
    expect(part('One', 1).table).toEqual({
      columns: ['step', 'short'],
      rows: [
        [1, 0.5],
        [2, 0.6],
      ],
    });
    const { table, size } = tiledFigure('Both', [part('One', 1), part('Two', 0)], 2);
    expect(table.columns).toEqual(['step', 'One: short', 'Two: long']);
    expect(table.rows).toEqual([
      [1, 0.5, 0.1],
      [2, 0.6, 0.2],
      [3, null, 0.3],
      [4, null, 0.4],
      [5, null, null],
    ]);
    expect(size?.width).toBeGreaterThan(800);
  });
});
