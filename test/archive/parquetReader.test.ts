import { parquetMetadata } from 'hyparquet';
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, describe, expect, test } from 'vitest';
import { openFile, runsParquet } from '../../src/archive/exchange/exchange';
import { sweepParquet } from '../../src/archive/exchange/sweepTable';
import { RUN_COLUMNS } from '../../src/archive/exchange/table';
import type { RunData } from '../../src/archive/types';
import { stateOf } from '../sweep/fixture';
import { fileOf, runOf, stepsOf } from './support';

const open = (content: BlobPart, name = 'r.parquet') => openFile(fileOf(content, name));
const message = (content: BlobPart, name?: string) =>
  open(content, name).then(
    (found) => `opened as ${found.kind}`,
    (error: Error) => error.message,
  );
async function back(runs: readonly RunData[]): Promise<RunData[]> {
  const found = await open(await runsParquet(runs));
  if (found.kind !== 'runs') throw new Error(`opened as ${found.kind}`);
  return found.runs;
}

describe('runs', () => {
  test('come back as they were: records, configurations, steps over several row groups, evaluations', async () => {
    const runs = [{ ...runOf('grpo', 30), steps: stepsOf(1, 3000) }, runOf('mcpo-grpo', 25, 1)];
    runs[0].record.step = 3000;
    runs[0].record.summary['reward/mean'] = (3000 % 7) / 7;
    expect(await back(runs)).toStrictEqual(runs);
  });

  test('what is null, what is not there and what is NaN stay apart, run by run and step by step', async () => {
    const run = runOf('grpo', 4);
    const [a, b, c, d] = run.steps;
    const steps = [
      { ...a, metrics: { 'reward/mean': 0.5, gone: null, odd: Number.NaN } },
      { ...b, metrics: { 'reward/mean': -0 }, centroids: [], gradientCosine: [[Number.NEGATIVE_INFINITY]] },
      { ...c, metrics: {}, centroids: [[null]], gradientCosine: [] },
      { ...d, metrics: { 'reward/mean': null } },
    ];
    const evaluations = [0, 2, 9].map((step) => ({
      step,
      result: { benchmarks: step ? { 'a/b': 0.5 } : {}, domains: {}, average: 0.25 },
    }));
    const { record } = run;
    const odd = {
      ...run,
      record: { ...record, summary: { ...record.summary, 'reward/mean': null, 'heldOut/average': 0.25, 'heldOut/best': 0.25 } },
      steps,
      evaluations,
    };
    const other = runOf('dapo', 2, 1);
    const empty = { ...runOf('grpo', 0, 2), evaluations: [] };
    empty.record.summary = { 'reward/mean': null, 'heldOut/average': null, 'heldOut/best': null };
    expect(await back([odd, other, empty])).toStrictEqual([odd, other, empty]);
  });
});

describe('files that are not right are named', () => {
  let whole: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    whole = new Uint8Array(await (await runsParquet([runOf('grpo', 6)])).arrayBuffer());
  });
  /** The file with a text of its metadata replaced by one that is as long. */
  const change = (from: string, to: string) => {
    const bytes = whole.slice();
    const text = Array.from(bytes, (b) => String.fromCharCode(b)).join('');
    expect(to).toHaveLength(from.length);
    expect(text).toContain(from);
    bytes.set(new TextEncoder().encode(to), text.lastIndexOf(from));
    return message(bytes);
  };

  test('cut off', async () => {
    expect(await message(whole)).toBe('opened as runs');
    const cut = 'invalid file: r.parquet is a Parquet file that was cut off: its end is missing';
    for (const length of [4, 11, 12, whole.length >> 1, whole.length - 1])
      expect(await message(whole.slice(0, length))).toBe(cut);
  });

  test('damaged', async () => {
    const damaged = /^invalid file: r.parquet is a damaged Parquet file \(.+\)$/;
    // The length of the metadata; its bytes; those of columns.
    expect(await message(Uint8Array.from([...whole.slice(0, -8), 0xff, 0xff, 0xff, 0x7f, ...whole.slice(-4)]))).toMatch(damaged);
    expect(await message(Uint8Array.from([...whole.slice(0, -200), ...new Uint8Array(192), ...whole.slice(-8)]))).toMatch(
      damaged,
    );
    const filled = whole.slice().fill(0xff, 4, 2000);
    expect(await message(filled)).toMatch(damaged);
  });

  test('newer formats, and words that are not right in the metadata', async () => {
    expect(await change('mcpo-lab runs 1","runs"', 'mcpo-lab runs 2","runs"')).toBe(
      'invalid file: r.parquet is of format mcpo-lab runs 2 (this program reads mcpo-lab runs 1)',
    );
    const run = 'invalid file: r.parquet has a run in its metadata that is not valid: ';
    expect(await change('mcpo-lab run 1', 'mcpo-lab run 2')).toBe(
      `${run}is of format mcpo-lab run 2 (this program reads mcpo-lab run 1)`,
    );
    expect(await change('"tau":0.30000000000000004', '"tau":9.30000000000000004')).toBe(
      `${run}invalid contrast.tau: 9.3 (0.01 to 2)`,
    );
    expect(await change('"centroids":3', '"centroids":x')).toMatch(
      /damaged Parquet file \(its metadata under mcpo-lab is no JSON object\)$/,
    );
    expect(await change('"centroids":3', '"centroids":4')).toMatch(/has no column "centroids\/[^"]+", which its metadata names$/);
    expect(await change('"id":"grpo0"', '"id":"grpo7"')).toBe(
      'r.parquet, row 1: invalid run: "grpo0" (one that the metadata names)',
    );
  });

  test('of other programs, of a sweep, of two columns of one name', async () => {
    const data = (name: string, values: (number | string)[], type: BasicType) => ({ name, data: values, type });
    expect(await message(parquetWriteBuffer({ columnData: [data('a', [1, 2], 'DOUBLE')] }), 'x.parquet')).toBe(
      'invalid file: x.parquet is a Parquet file that this page did not write: of Parquet files it opens those that it exported',
    );
    const kvMetadata = [{ key: 'mcpo-lab', value: '{"format":"mcpo-lab runs 1","runs":[]}' }];
    const columnData = [data('run', ['a'], 'STRING'), data('step', [1], 'DOUBLE')];
    expect(await message(parquetWriteBuffer({ columnData, kvMetadata }))).toBe('invalid file: r.parquet holds no run');
    expect(await message(parquetWriteBuffer({ columnData: columnData.slice(1), kvMetadata }))).toBe(
      'invalid file: r.parquet has no column "run"',
    );
    const sweep = await sweepParquet(stateOf({ points: [{ 'contrast.tau': 0.5 }] }));
    expect(await message(sweep, 's.parquet')).toBe(
      'invalid file: s.parquet holds the trials of a sweep: it opens in the view Sweep',
    );
  });

  test('with wrong rows; a file without the shapes of steps is read as a table', async () => {
    const run = runOf('grpo', 3);
    expect(await message(await runsParquet([run, run]))).toBe('invalid file: r.parquet has two runs of the id grpo0');
    const kept = parquetMetadata(whole.buffer).key_value_metadata?.find((e) => e.key === 'mcpo-lab')?.value ?? '';
    const header = JSON.parse(kept);
    delete header.runs[0].shapes;
    const kvMetadata = [{ key: 'mcpo-lab', value: JSON.stringify(header) }];
    const file = (step: number[], reward: unknown[], type: BasicType = 'DOUBLE') => {
      const own = RUN_COLUMNS.map((name) => ({ name, data: step.map(() => (name === 'run' ? 'grpo0' : 'x')) }));
      const steps = { name: 'step', data: step, type: 'DOUBLE' as const };
      return parquetWriteBuffer({
        columnData: [...own, steps, { name: 'reward/mean', data: reward, type, nullable: true }],
        kvMetadata,
      });
    };
    const found = await open(file([0, 1, 2], [null, 0.5, Number.NaN]));
    expect(found.kind === 'runs' && found.runs[0].steps.map((s) => [s.step, s.metrics])).toEqual([
      [1, { 'reward/mean': 0.5 }],
      [2, { 'reward/mean': Number.NaN }],
    ]);
    expect(await message(file([1, 1], [0, 0]))).toBe('r.parquet, row 2: invalid step: 1 (an integer from 2: steps ascend)');
    expect(await message(file([1, 2.5], [0, 0]))).toBe('r.parquet, row 2: invalid step: 2.5 (an integer from 2: steps ascend)');
    expect(await message(file([1], ['much'], 'STRING'))).toBe('r.parquet, row 1: invalid reward/mean: "much" (a number)');
  });
});
