import { csvParse } from 'd3-dsv';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { runsCsv, tableCsv } from '../../src/archive/exchange/csv';
import { exactJson } from '../../src/archive/exchange/json';
import { openFile } from '../../src/archive/exchange/openFile';
import { runsParquet } from '../../src/archive/exchange/parquet';
import { runsJsonLines } from '../../src/archive/exchange/runLines';
import type { RunData } from '../../src/archive/types';
import { resolve, toUrlText } from '../../src/config/resolve';
import { fileOf, runOf, stepsOf } from './support';

const RUNS = [runOf('grpo', 30), runOf('mcpo-grpo', 25, 1)];

async function opened(text: string, name = 'file'): Promise<RunData[]> {
  const found = await openFile(fileOf(text, name));
  if (found.kind !== 'runs') throw new Error(`opened as ${found.kind}`);
  return found.runs;
}

describe('JSON Lines', () => {
  test('come back bit for bit: records, configurations, steps, evaluations', async () => {
    const text = await (await runsJsonLines(RUNS)).text();
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(2 + 55 + 6);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    expect(JSON.parse(lines[0])).toMatchObject({ format: 'mcpo-lab run 1', presets: ['tiny', 'grpo'], config: { seed: 0 } });
    expect(await opened(text)).toStrictEqual(RUNS);
    // Windows line ends, an empty line, a byte-order mark.
    expect(await opened(`\uFEFF${text.replaceAll('\n', '\r\n\r\n')}`)).toStrictEqual(RUNS);
  });

  test('any double comes back as it was', () => {
    fc.assert(
      fc.property(fc.double(), (x) => {
        const back = JSON.parse(exactJson({ x })).x;
        expect(typeof back === 'string' ? Number(back) : back).toBe(x);
      }),
    );
    for (const x of [-0, 0, 5e-324, Number.MAX_VALUE, 1e21, 1e-7]) expect(JSON.parse(exactJson([x]))[0]).toBe(x);
  });

  test('what the commands train and race print is read too', async () => {
    const [{ record, steps }] = RUNS;
    const plain = steps.map((s) => JSON.stringify({ type: 'step', method: 'grpo', ...s }));
    const lines = [
      JSON.stringify({ type: 'run', method: 'grpo', config: record.config, backend: 'cpu', adapter: 'CPU', version: '0.3.0' }),
      JSON.stringify({
        type: 'run',
        method: 'mcpo-grpo',
        config: RUNS[1].record.config,
        backend: 'cpu',
        adapter: 'CPU',
        version: '0.3.0',
      }),
      JSON.stringify({
        type: 'eval',
        method: 'grpo',
        step: 0,
        benchmarks: { AIME24: 0.5 },
        domains: { math: 0.5 },
        average: 0.5,
      }),
      ...plain,
      JSON.stringify({ type: 'step', method: 'mcpo-grpo', step: 1, metrics: { 'reward/mean': 0.25 } }),
      JSON.stringify({ type: 'interference', step: 30, gradients: [] }),
      JSON.stringify({ type: 'end', step: 30, finished: true, seconds: 1 }),
    ];
    const [one, two] = await opened(lines.join('\n'), 'race.jsonl');
    expect(one.record).toMatchObject({
      lane: 'GRPO',
      name: 'GRPO (race.jsonl)',
      presets: ['tiny', 'grpo'],
      config: record.config,
      step: 30,
      version: '0.3.0',
      summary: { 'heldOut/average': 0.5 },
    });
    // Those commands write numbers as JSON has them: without the sign of zero, NaN as null.
    expect(one.steps).toStrictEqual(steps.map((s) => JSON.parse(JSON.stringify(s))));
    expect(two).toMatchObject({
      record: { lane: 'MCPO-GRPO', fleet: one.record.fleet, place: 1, presets: ['tiny', 'mcpo-grpo'] },
    });
    expect(two.steps).toEqual([{ step: 1, metrics: { 'reward/mean': 0.25 }, centroids: [], gradientCosine: [] }]);
  });
});

describe('CSV', () => {
  test('another reader finds a row for each step with its numbers', async () => {
    const rows = csvParse(await (await runsCsv(RUNS)).text());
    // A row for each step, and one for the evaluation before the first.
    expect(rows).toHaveLength(55 + 2);
    expect(rows[0]).toMatchObject({ format: 'mcpo-lab runs 1', step: '0', lane: 'GRPO', seed: '0', 'reward/mean': '' });
    expect(Number(rows[0]['heldOut/average'])).toBe(RUNS[0].evaluations[0].result.average);
    const { steps, record } = RUNS[0];
    steps.forEach((step, i) => {
      const row = rows[i + 1];
      for (const [name, x] of Object.entries(step.metrics)) {
        if (x === null) expect(row[name]).toBe('');
        else expect(Object.is(Number(row[name]), x)).toBe(true);
      }
      expect(Number(row['centroids/1/0'])).toBe(step.centroids[1][0]);
      expect(row['gradientCosine/1/2']).toBe('');
    });
    expect(rows[1].config).toBe(toUrlText(record.presets, record.config));
  });

  test('comes back bit for bit: configurations, steps, evaluations', async () => {
    const back = await opened(await (await runsCsv(RUNS)).text());
    back.forEach(({ record, steps, evaluations }, i) => {
      const { notes: _, tags: __, created: ___, updated: ____, color: _____, ...whole } = RUNS[i].record;
      expect(record).toMatchObject(whole);
      expect(steps).toStrictEqual(RUNS[i].steps);
      expect(evaluations).toStrictEqual(RUNS[i].evaluations);
    });
    expect(back).toHaveLength(2);
  });

  test('cells with commas, quotes and line ends survive', async () => {
    const run = { ...RUNS[0], record: { ...RUNS[0].record, adapter: 'a "GPU", and\nmore', name: '=1+1, "x"' } };
    const text = await (await runsCsv([run])).text();
    const [back] = await opened(text);
    expect(back.record).toMatchObject({ adapter: run.record.adapter, name: run.record.name });
    expect(back.steps).toStrictEqual(run.steps);
    // As a table program writes it again, by RFC 4180.
    const [windows] = await opened(text.replaceAll('\n', '\r\n'));
    expect(windows.steps).toStrictEqual(run.steps);
    const table = await tableCsv({
      columns: ['a', 'b,c'],
      rows: [
        ['x"y', null],
        [-0, 1e-7],
      ],
    });
    expect(await table.text()).toBe('a,"b,c"\n"x""y",\n-0,1e-7\n');
  });
});

test('Parquet: an independent reader finds the same numbers and the configurations', async () => {
  const runs = [{ ...RUNS[0], steps: stepsOf(1, 1200) }, RUNS[1]];
  const buffer = await (await runsParquet(runs)).arrayBuffer();
  const metadata = parquetMetadata(buffer);
  const header = JSON.parse(metadata.key_value_metadata?.find((e) => e.key === 'mcpo-lab')?.value as string);
  expect(header.format).toBe('mcpo-lab runs 1');
  expect(header.runs.map((r: { config: unknown }) => resolve([], r.config as never))).toEqual(runs.map((r) => r.record.config));
  const rows = await parquetReadObjects({ file: buffer });
  expect(rows).toHaveLength(1201 + 26);
  for (const i of [0, 699, 1199]) {
    const step = runs[0].steps[i];
    const row = rows[i + 1];
    expect(row.step).toBe(BigInt(step.step));
    for (const [name, x] of Object.entries(step.metrics))
      if (x === null) expect(row[name] ?? null).toBeNull();
      else expect(Object.is(row[name], x)).toBe(true);
    expect(row['gradientCosine/0/1']).toBe(step.gradientCosine[0][1]);
  }
  expect(rows[1202]).toMatchObject({ lane: 'MCPO-GRPO', seed: 1n, format: 'mcpo-lab runs 1' });
});
