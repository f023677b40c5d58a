import { describe, expect, test } from 'vitest';
import { sweepCsv, sweepParquet } from '../../src/archive/exchange/sweepTable';
import { isTrialsCsv, isTrialsParquet, readSweepCsv, readSweepParquet } from '../../src/archive/exchange/sweepTableReader';
import { fromTable } from '../../src/sweep/exchange/trialTable';
import { Journal } from '../../src/sweep/journal';
import type { SweepState } from '../../src/sweep/types';
import { stateOf } from './fixture';

const refuse = (what: string): never => {
  throw new Error(what);
};
const parquet = async (state: SweepState) => fromTable(await readSweepParquet(await sweepParquet(state), refuse), 'x');
const csv = (text: string) => fromTable(readSweepCsv(text), 'x');
const csvOf = async (state: SweepState) => (await sweepCsv(state)).text();

const POINTS = [
  { 'contrast.tau': 0.1, method: 'grpo', 'tasks.strict': true, steps: 20 },
  { 'contrast.tau': 1 / 3, method: 'mcpo-grpo', 'tasks.strict': false, steps: 20 },
  { 'contrast.tau': 0.7, method: 'grpo', 'tasks.strict': false, steps: 20 },
  { 'contrast.tau': 0.05, method: 'grpo', 'tasks.strict': true, steps: 20 },
];
const state = stateOf({
  spec: {
    name: 'Ünïcode, "quoted"',
    seeds: [3, 4],
    fields: [
      { field: 'contrast.tau', from: 0.01, to: 1, scale: 'log', integer: false },
      { field: 'method', values: ['grpo', 'mcpo-grpo'] },
      { field: 'tasks.strict', values: [true, false] },
      { field: 'steps', values: [20, 40] },
    ],
    objective: { metric: 'heldOut/average' },
  },
  points: POINTS,
  evaluate: (v, seed, step) => ({
    benchmarks: { 'AIME, 24': ((v as Record<string, number>)['contrast.tau'] ?? 0) / 3 },
    domains: { math: seed / 10 },
    average: step / 50 + seed / 7,
  }),
  pruned: (v) => (v['contrast.tau'] === 0.7 ? 10 : null),
  ends: (v, seed) => (v['contrast.tau'] !== 0.05 ? 'finished' : seed === 3 ? 'failed' : 'waiting'),
});
/** What a table says of trials. */
const told = ({ trials }: SweepState) =>
  trials.map(({ curves: _, map: __, ended: ___, evaluations, ...t }) => ({ ...t, evaluations: evaluations.slice(-1) }));

describe('a sweep comes back from its table', () => {
  test('as Parquet: specification, points, seeds, states, values, the last evaluations', async () => {
    const back = new Journal(await parquet(state)).state;
    expect(back.spec).toStrictEqual(state.spec);
    expect(back.points).toStrictEqual(state.points);
    expect(told(back)).toStrictEqual(told(state));
    expect(back).toMatchObject({ backend: 'table', adapter: 'synthetic', version: '0.0.0' });
    // Exported again it is the same table.
    expect(await csvOf(back)).toBe(await csvOf(state));
  });

  test('as CSV: what is swept by the columns, the objective by the values', async () => {
    const text = await csvOf(state);
    expect(text.split('\n')[0]).toContain(',contrast.tau,method,tasks.strict,field/steps,heldOut/average,');
    for (const given of [text, `\uFEFF${text.replaceAll('\n', '\r\n')}\r\n`]) {
      const back = new Journal(csv(given)).state;
      expect(back.points).toStrictEqual(state.points);
      expect(told(back)).toStrictEqual(told(state));
      expect(back.spec).toMatchObject({
        name: 'x',
        seeds: [3, 4],
        fields: [
          { field: 'contrast.tau', from: 0.05, to: 0.7, scale: 'log', integer: false },
          { field: 'method', values: ['grpo', 'mcpo-grpo'] },
          { field: 'tasks.strict', values: [true, false] },
          { field: 'steps', values: [20] },
        ],
        objective: { metric: 'heldOut/average', direction: 'max' },
        budget: { trials: 8 },
        report: 10,
      });
    }
  });

  test('rows in any order and without some: a point’s missing seed is one that was stopped', async () => {
    const [header, ...rows] = (await csvOf(state)).trimEnd().split('\n');
    const back = new Journal(csv([header, ...rows.slice(1).reverse()].join('\n'))).state;
    expect(back.spec.seeds).toEqual([4, 3]);
    expect(back.points).toStrictEqual(state.points);
    expect(back.trials[1]).toMatchObject({ point: 0, seed: 3, state: 'stopped', why: 'the table has no trial of this seed' });
    expect(back.trials[3]).toMatchObject({ point: 1, seed: 3, state: 'finished', value: state.trials[2].value });
  });

  test('without a held-out value, without trials, with a field that some points lack', async () => {
    const plain = stateOf({ points: [{ 'contrast.tau': 0.5 }, {}], spec: { seeds: [0] } });
    const back = new Journal(csv(await csvOf(plain))).state;
    expect(back.points.map((p) => p.values)).toEqual([{ 'contrast.tau': 0.5 }, {}]);
    expect(back.spec.objective.metric).toBe('value');
    expect(back.trials.map((t) => t.value)).toEqual([0.5, 0.5]);
    expect(new Journal(await parquet(plain)).state.points).toStrictEqual(plain.points);
    const none = stateOf({ points: [] });
    expect(new Journal(await parquet(none)).state).toMatchObject({ points: [], spec: none.spec });
    expect(new Journal(csv(await csvOf(none))).state).toMatchObject({ points: [], spec: { fields: [], seeds: [0] } });
  });

  test('its files are known by how they begin, or end', async () => {
    expect(isTrialsCsv(await csvOf(state))).toBe(true);
    expect(isTrialsCsv('point,x\n')).toBe(false);
    expect(await isTrialsParquet(await sweepParquet(state))).toBe(true);
    for (const other of ['', 'PAR1', 'PAR1 and then something else'])
      expect(await isTrialsParquet(new Blob([other]))).toBe(false);
  });
});

describe('wrong tables are named with row and column', () => {
  const change = async (row: number, from: string | RegExp, to: string) => {
    const lines = (await csvOf(state)).split('\n');
    expect(lines[row - 1]).toMatch(from);
    lines[row - 1] = lines[row - 1].replace(from, to);
    try {
      csv(lines.join('\n'));
      return 'read';
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each<[string, number, string | RegExp, string, string]>([
    ['another column', 1, 'seed,state', 'seed,stats', 'column 4 is "stats" (state)'],
    ['no field', 1, 'contrast.tau', 'contrast.tao', 'column 8 is no field of a configuration: unknown key: contrast.tao'],
    ['a column twice', 1, 'tasks.strict', 'contrast.tau', 'two columns are named "contrast.tau"'],
    ['a cell too few', 3, /,[^,]*$/, '', 'row 3: 13 cells (14, as in the header)'],
    ['no number', 2, '0,0,3', 'zero,0,3', 'row 2, column point: invalid "zero" (a number, or nothing)'],
    ['half a seed', 2, '0,0,3', '0,0,3.5', 'row 2, column seed: invalid "3.5" (an integer from 0 to 4294967295)'],
    ['a seed twice', 3, '0,1,4', '0,1,3', 'row 3, column seed: 3 a second time for point 0 (each seed once)'],
    [
      'a state',
      4,
      'finished',
      'done',
      'row 4, column state: invalid "done" (waiting, running, finished, pruned, stopped, failed)',
    ],
    ['steps', 4, ',20,', ',2000000,', 'row 4, column steps: invalid "2000000" (an integer from 0 to 1000000)'],
    ['a value', 4, /finished,20,[^,]*/, 'finished,20,much', 'row 4, column value: invalid "much" (a number, or nothing)'],
    ['a field beyond its bounds', 2, ',0.1,grpo', ',9,grpo', 'row 2, column contrast.tau: invalid contrast.tau: 9 (0.01 to 2)'],
    ['a method', 2, ',grpo,', ',ppo,', 'row 2, column method: invalid method: "ppo" (a method: '],
    ['a flag', 2, ',true,', ',yes,', 'row 2, column tasks.strict: invalid "yes" (true or false)'],
    [
      'rows of a point that differ',
      3,
      ',0.1,grpo',
      ',0.2,grpo',
      'row 3, column contrast.tau: 0.2 (0.1, as in the other rows of point 0)',
    ],
    ['an accuracy', 2, /[^,]*$/, 'NaN', 'row 2, column heldOut/benchmark/AIME, 24: invalid "NaN" (a number, or nothing)'],
  ])('%s', async (_, row, from, to, expected) => {
    expect((await change(row, from, to)).slice(0, expected.length)).toBe(expected);
  });

  test('Parquet: newer, of runs, cut off, without a specification', async () => {
    const table = await readSweepParquet(await sweepParquet(state), refuse);
    const given = (kept: Record<string, unknown>) => () => fromTable({ ...table, kept: { ...table.kept, ...kept } }, 'x');
    expect(given({ spec: { ...state.spec, version: 2 } })).toThrow('is a sweep of version 2 (this program reads 1)');
    expect(given({ spec: {} })).toThrow(/^is a sweep of version/);
    expect(given({ spec: { ...state.spec, seeds: [3] } })).toThrow('row 2, column seed: invalid 4 (one of 3)');
    expect(given({ spec: { ...state.spec, fields: state.spec.fields.slice(1) } })).toThrow(
      'its columns and its specification differ in "contrast.tau"',
    );
    const bytes = new Uint8Array(await (await sweepParquet(state)).arrayBuffer());
    await expect(readSweepParquet(new Blob([bytes.slice(0, -9)]), refuse)).rejects.toThrow('was cut off: its end is missing');
  });
});
