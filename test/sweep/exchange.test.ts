import { csvParse } from 'd3-dsv';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { sweepCsv, sweepParquet } from '../../src/archive/exchange/sweepTable';
import { fromJsonLines, toJsonLines } from '../../src/sweep/exchange/journalFile';
import { Journal } from '../../src/sweep/journal';
import { entriesOf, stateOf } from './fixture';

const GIVEN = {
  spec: {
    name: 'Ünïcode, "quoted"',
    seeds: [3, 4],
    fields: [
      { field: 'contrast.tau', from: 0.01, to: 1, scale: 'log', integer: false },
      { field: 'method', values: ['grpo', 'mcpo-grpo'] },
      { field: 'tasks.strict', values: [true, false] },
    ],
    objective: { metric: 'heldOut/average' },
  },
  points: [
    { 'contrast.tau': 0.1, method: 'grpo', 'tasks.strict': true },
    { 'contrast.tau': 1 / 3, method: 'mcpo-grpo', 'tasks.strict': false },
    { 'contrast.tau': 0.7, method: 'grpo', 'tasks.strict': false },
  ],
  curve: (_: unknown, seed: number, step: number) => (step === 2 ? -0 : Math.sin(seed + step) / 3),
  evaluate: (v: object, seed: number, step: number) => ({
    benchmarks: { 'AIME, 24': ('contrast.tau' in v ? (v['contrast.tau'] as number) : 0) / 3, GPQA: Number.NaN },
    domains: { math: seed / 10 },
    average: step / 50,
  }),
  pruned: (v: object) => ('contrast.tau' in v && v['contrast.tau'] === 0.7 ? 10 : null),
} satisfies Parameters<typeof entriesOf>[0];
const ENTRIES = entriesOf(GIVEN);
const TEXT = toJsonLines(ENTRIES);

describe('journal files', () => {
  test('come back bit for bit', () => {
    expect(fromJsonLines(TEXT)).toStrictEqual({ entries: ENTRIES, dropped: 0, open: false });
    expect(TEXT).toContain('-0');
    expect(fromJsonLines(`\uFEFF${TEXT.replaceAll('\n', '\r\n')}`).entries).toStrictEqual(ENTRIES);
    expect(new Journal(fromJsonLines(TEXT).entries).state).toStrictEqual(stateOf(GIVEN));
  });

  test('cut at any byte, everything before the cut line comes back', () => {
    const ends = [...TEXT.matchAll(/\n/g)].map((m) => m.index);
    for (let cut = 20; cut < TEXT.length; cut += 37) {
      const whole = ends.filter((e) => e < cut).length;
      const { entries, dropped, open } = fromJsonLines(TEXT.slice(0, cut));
      // A line that lacks nothing but its end is whole.
      const more = ends.includes(cut) ? 1 : 0;
      expect(entries).toHaveLength(whole + more);
      expect(dropped).toBe(more || TEXT[cut - 1] === '\n' ? 0 : 1);
      expect(open).toBe(TEXT[cut - 1] !== '\n');
    }
  });

  test.each([
    ['a broken line in the middle', (l: string[]) => l.with(4, l[4].slice(0, -3)), /^line 5: not complete JSON: /],
    ['another type', (l: string[]) => l.with(2, '{"type":"story"}'), /^line 3: unknown type: "story" \(sweep, point/],
    ['no object', (l: string[]) => l.with(1, '7'), /^line 2: 7 is not an object$/],
    [
      'a newer version',
      (l: string[]) => l.with(0, l[0].replace('"version":1,', '"version":2,')),
      /^line 1: is a sweep of version 2 \(this program reads 1\)$/,
    ],
    [
      'a missing value',
      (l: string[]) => l.with(1, '{"type":"point","point":0}'),
      /^line 2: invalid values of a point entry: nothing \(values by field\)$/,
    ],
    ['no sweep first', (l: string[]) => l.slice(1), /^line 1: the journal is empty/],
    ['a lost line', (l: string[]) => l.toSpliced(1, 1), /^line 2: there is no trial 0/],
    [
      'lists of unequal length',
      (l: string[]) => l.with(4, l[4].replace('"metrics":{', '"metrics":{"a":[1],')),
      /^line 5: invalid metrics of a steps entry: .*equally many/,
    ],
    ['nothing', () => [''], /^the journal is empty/],
    [
      'an unknown end',
      (l: string[]) => l.map((x) => x.replace('"state":"pruned"', '"state":"lost"')),
      /invalid state of an end entry: "lost"/,
    ],
    [
      'an order without its points',
      (l: string[]) => [...l, '{"type":"order","order":{"kind":"add"}}'],
      /^line \d+: invalid order: \{"kind":"add"\}$/,
    ],
    [
      'an unknown order',
      (l: string[]) => [...l, '{"type":"order","order":{"kind":"rest"}}'],
      /^line \d+: unknown order: "rest" \(/,
    ],
    [
      'a specification without a sampler',
      (l: string[]) => l.with(0, l[0].replace('"sampler":', '"sample":')),
      /^line 1: invalid sampler of the spec: nothing$/,
    ],
    [
      'an evaluation without benchmarks',
      (l: string[]) => l.map((x) => x.replace('"benchmarks":', '"bench":')),
      /invalid result of an evaluation entry: .*\(benchmarks, domains and their average\)$/,
    ],
    [
      'steps before their trial begins',
      (l: string[]) => l.filter((x) => !x.startsWith('{"type":"trial"')),
      /^line \d+: trial 0 takes steps while it is waiting$/,
    ],
    [
      'a trial of another seed',
      (l: string[]) => l.map((x) => (x.startsWith('{"type":"trial"') ? x.replace('"seed":3', '"seed":5') : x)),
      /^line \d+: trial 0 is of point 0 and seed 5 \(point 0, seed 3\)$/,
    ],
  ])('%s is named with its line', (_, change, message) => {
    const lines = TEXT.trimEnd().split('\n');
    expect(() => fromJsonLines(`${change(lines).join('\n')}\n`)).toThrow(message);
  });

  test('hold trials of hundreds of thousands of steps', () => {
    const values = Array.from({ length: 300_000 }, (_, i) => i % 7);
    const head = ENTRIES.slice(
      0,
      ENTRIES.findIndex((e) => e.type === 'steps'),
    );
    const text = toJsonLines([...head, { type: 'steps', trial: 0, from: 1, metrics: { 'reward/mean': values } }]);
    expect(new Journal(fromJsonLines(text).entries).state.trials[0].curves['reward/mean']).toEqual(values);
  });
});

describe('tables', () => {
  test('CSV has a line for each trial', async () => {
    const rows = csvParse(await (await sweepCsv(stateOf(GIVEN))).text());
    expect(rows).toHaveLength(6);
    expect(rows[3]).toMatchObject({
      point: '1',
      trial: '3',
      seed: '4',
      state: 'finished',
      steps: '20',
      value: '0.4',
      why: '',
      'contrast.tau': String(1 / 3),
      method: 'mcpo-grpo',
      'tasks.strict': 'false',
      'heldOut/average': '0.4',
      'heldOut/domain/math': '0.4',
      'heldOut/benchmark/AIME, 24': String(1 / 9),
      'heldOut/benchmark/GPQA': '',
    });
    expect(rows[5]).toMatchObject({ state: 'pruned', steps: '10', value: '', why: 'worse than the median' });
  });

  test('Parquet has the same cells with their types, and the specification', async () => {
    const state = stateOf(GIVEN);
    const file = await (await sweepParquet(state)).arrayBuffer();
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(6);
    expect(rows[3]).toStrictEqual({
      point: 1n,
      trial: 3n,
      seed: 4n,
      state: 'finished',
      steps: 20n,
      value: 0.4,
      why: '',
      'contrast.tau': 1 / 3,
      method: 'mcpo-grpo',
      'tasks.strict': false,
      'heldOut/average': 0.4,
      'heldOut/domain/math': 0.4,
      'heldOut/benchmark/AIME, 24': 1 / 9,
      'heldOut/benchmark/GPQA': null,
    });
    expect(rows[5]).toMatchObject({ state: 'pruned', value: null, 'heldOut/average': 0.2 });
    const kept = parquetMetadata(file).key_value_metadata?.find((k) => k.key === 'mcpo-lab')?.value ?? '';
    expect(JSON.parse(kept)).toMatchObject({ format: 'mcpo-lab trials 1', spec: state.spec, backend: 'cpu' });
  });

  test('a field that a point lacks is an empty cell, not text', async () => {
    const state = stateOf({ points: [{ 'contrast.tau': 0.5 }, {}], spec: { seeds: [0] } });
    expect(
      (await parquetReadObjects({ file: await (await sweepParquet(state)).arrayBuffer() })).map((r) => r['contrast.tau']),
    ).toEqual([0.5, null]);
  });

  test('a sweep without trials gives an empty table', async () => {
    const state = stateOf({ points: [] });
    expect((await (await sweepCsv(state)).text()).trim()).toBe('point,trial,seed,state,steps,value,why,contrast.tau');
    expect(await parquetReadObjects({ file: await (await sweepParquet(state)).arrayBuffer() })).toEqual([]);
  });
});
