import { beforeAll, describe, expect, test } from 'vitest';
import { type Dropped, MAX_FILE, openFile, runsCsv, runsJsonLines } from '../../src/archive/exchange/exchange';
import { resolve } from '../../src/config/resolve';
import { encodeCheckpoint } from '../../src/engine/checkpoint';
import { encodeTensors } from '../../src/engine/safetensors';
import { CURRICULUM_SIZE } from '../../src/kernels/curriculum';
import { STATE, STATE_SIZE } from '../../src/kernels/state';
import { fileOf, runOf } from './support';

const open = (content: BlobPart, name = 'file.bin') => openFile(fileOf(content, name));
const message = (content: BlobPart, name?: string) =>
  open(content, name).then(
    (found) => `opened as ${found.kind}`,
    (error: Error) => error.message,
  );

const NONE =
  'invalid file: file.bin is none of what this page opens: a run as JSON Lines, CSV or Parquet, a checkpoint, a figure as SVG or PNG with its data inside, or a pool of rollouts as JSON Lines';

describe('sizes', () => {
  test('files above the bound are refused before a byte is read', async () => {
    const huge = { size: 210_000_000, name: 'big.jsonl', slice: () => expect.fail('read'), stream: () => expect.fail('read') };
    await expect(openFile(huge as never)).rejects.toThrow('invalid file: big.jsonl is 210 MB (at most 200 MB)');
    await expect(openFile({ ...huge, size: MAX_FILE + 1 } as never)).rejects.toThrow('is 201 MB (at most 200 MB)');
  });

  test('empty files', async () => {
    expect(await message('')).toBe('invalid file: file.bin is empty');
    expect(await message('\n\n  \n')).toBe(NONE);
  });
});

describe('foreign files', () => {
  test.each<[string, BlobPart]>([
    ['a text', 'Dear all,\nplease find\n'],
    ['a page', '<!doctype html><html><body></body></html>'],
    ['a JPEG', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0)],
    ['a ZIP', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0)],
    ['a package.json', '{\n  "name": "x"\n}\n'],
    ['JSON Lines of something else', '{"name": "x", "value": 3}\n'],
    ['a JSON array', '[1, 2, 3]\n'],
  ])('%s', async (_, content) => {
    expect(await message(content)).toBe(NONE);
  });

  test('files that are nearly right say what is wrong with them', async () => {
    expect(await message('a,b\n1,2\n', 'x.csv')).toBe(
      'invalid file: x.csv is a table that this page did not write: of CSV files it opens those that it exported',
    );
    expect(await message(Uint8Array.from([0xff, 0xfe, 0x7b, 0, 0x22, 0]), 'x.jsonl')).toBe(
      'invalid file: x.jsonl is UTF-16 text (UTF-8 is read)',
    );
    expect(await message(Uint8Array.from([...new TextEncoder().encode('{"domain": "a'), 0xff, 0xfe, 0x22]), 'x.jsonl')).toBe(
      'invalid file: x.jsonl is not UTF-8 text',
    );
  });

  test('a file that vanished while it was read', async () => {
    const gone = fileOf('{"domain"', 'gone.jsonl');
    gone.slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')) }) as never;
    await expect(openFile(gone)).rejects.toThrow('invalid file: gone.jsonl cannot be read (gone)');
  });
});

describe('faulty runs', () => {
  let lines: string[];
  beforeAll(async () => {
    lines = (await (await runsJsonLines([runOf('grpo', 6)])).text()).trimEnd().split('\n');
  });
  const change = (line: number, from: string | RegExp, to: string) =>
    message(lines.map((text, i) => (i + 1 === line ? text.replace(from, to) : text)).join('\n'), 'r.jsonl');

  test('the unchanged file opens', async () => {
    expect(await message(lines.join('\n'))).toBe('opened as runs');
    // Lines: header, evaluation 0, steps 1 to 3 with evaluation 3, steps 4 to 6 with evaluation 6.
    expect(JSON.parse(lines[2])).toMatchObject({ type: 'step', step: 1 });
  });

  test.each<[string, number, string | RegExp, string, string]>([
    ['a newer format', 1, 'run 1', 'run 2', 'r.jsonl, line 1: is of format mcpo-lab run 2 (this program reads mcpo-lab run 1)'],
    ['another program’s format', 1, 'mcpo-lab run 1', 'x', 'r.jsonl, line 1: is of format x (this program reads mcpo-lab run 1)'],
    ['an unknown configuration key', 1, '"tau"', '"tao"', 'r.jsonl, line 1: unknown key: contrast.tao'],
    ['a value out of bounds', 1, /"tau":[\d.]+/, '"tau":9', 'r.jsonl, line 1: invalid contrast.tau: 9 (0.01 to 2)'],
    ['an unknown preset', 1, '"presets":["tiny"', '"presets":["huge"', 'r.jsonl, line 1: unknown preset: huge (one of tiny,'],
    ['an id that is a path', 1, '"id":"grpo0"', '"id":"../x"', 'r.jsonl, line 1: record: invalid id: "../x" (1 to 40 letters'],
    ['a missing part of the record', 1, '"lane"', '"line"', 'r.jsonl, line 1: unknown key: record.line'],
    ['a line that was cut off', 3, /.{20}$/, '', 'r.jsonl, line 3: not complete JSON: {"type":"step","step":1,'],
    [
      'NaN',
      3,
      /"reward\/mean":[^,]+/,
      '"reward/mean":NaN',
      'r.jsonl, line 3: holds NaN, which JSON has no number for (null, or "NaN" in quotes)',
    ],
    [
      'infinity',
      3,
      /"reward\/mean":[^,]+/,
      '"reward/mean":-Infinity',
      'r.jsonl, line 3: holds -Infinity, which JSON has no number',
    ],
    [
      'a number too large',
      3,
      /"reward\/mean":[^,]+/,
      '"reward/mean":1e999',
      'r.jsonl, line 3: invalid metrics.reward/mean: Infinity (a number, null',
    ],
    [
      'a text for a number',
      3,
      /"reward\/mean":[^,]+/,
      '"reward/mean":"much"',
      'r.jsonl, line 3: invalid metrics.reward/mean: "much" (a number, null',
    ],
    ['a step twice', 4, '"step":2', '"step":1', 'r.jsonl, line 4: invalid step: 1 (an integer from 2: steps ascend)'],
    ['half a step', 4, '"step":2', '"step":2.5', 'r.jsonl, line 4: invalid step: 2.5 (an integer from 2: steps ascend)'],
    ['a ragged matrix', 3, '"centroids":[[', '"centroids":[[1,', 'r.jsonl, line 3: invalid centroids: [[1,'],
    [
      'an accuracy that is none',
      2,
      /"average":[^,}]+/,
      '"average":"NaN"',
      'r.jsonl, line 2: invalid average: "NaN" (a finite number)',
    ],
    ['an unknown key', 3, '"metrics"', '"more":1,"metrics"', 'r.jsonl, line 3: unknown key: more'],
    ['an unknown line', 3, '"step"', '"stop"', 'r.jsonl, line 3: unknown type: "stop" (step or evaluation)'],
    ['an array', 3, /^.*$/, '[1]', 'r.jsonl, line 3: [1] is not an object'],
  ])('%s', async (_, line, from, to, expected) => {
    const found = await change(line, from, to);
    expect(found.slice(0, expected.length)).toBe(expected);
  });

  test('steps without a run, and a line without an end', async () => {
    expect(await message(lines.slice(2).join('\n'), 'r.jsonl')).toBe('r.jsonl, line 1: no run begins before this line');
    const endless = `{"format": "mcpo-lab run 1", "x": "${'x'.repeat(3_000_000)}`;
    expect(await message(endless, 'r.jsonl')).toBe('r.jsonl, line 1: longer than 2000000 characters');
  });
});

describe('faulty tables', () => {
  let text: string;
  beforeAll(async () => {
    text = await (await runsCsv([runOf('grpo', 3)])).text();
  });
  const change = (from: string | RegExp, to: string) => message(text.replace(from, to), 'r.csv');

  test.each<[string, string | RegExp, string, string]>([
    [
      'a newer format',
      'mcpo-lab runs 1',
      'mcpo-lab runs 2',
      'r.csv, line 2: is of format mcpo-lab runs 2 (this program reads mcpo-lab runs 1)',
    ],
    ['a missing column', 'format,run,fleet,', 'format,run,', 'r.csv, line 1: column 3 is "place" (fleet)'],
    ['a column twice', ',reward/mean,', ',loss/policy,', 'r.csv, line 1: two columns are named "loss/policy"'],
    ['a cell too many', /\n$/, ',1\n', 'r.csv, line 5: 41 cells (40, as in the header)'],
    ['no number', /,0,v=1/, ',0,v=1&contrast.tao=1', 'r.csv, line 2: config: unknown key: contrast.tao'],
    ['a newer link', /v=1&/, 'v=2&', 'r.csv, line 2: config: unknown link version: 2 (this page reads 1)'],
    ['an open quote', /cpu,CPU/, 'cpu,"CPU', 'invalid file: r.csv ends within a quoted cell'],
    ['no rows', /\n[\s\S]*$/, '\n', 'invalid file: r.csv holds no rows of mcpo-lab runs 1'],
  ])('%s', async (_, from, to, expected) => {
    expect((await change(from, to)).slice(0, expected.length)).toBe(expected);
  });

  test('a text where a number is due', async () => {
    const rows = text.split('\n');
    const at = rows[0].split(',').indexOf('reward/mean');
    const cells = rows[2].split(',');
    cells[at] = 'high';
    rows[2] = cells.join(',');
    expect(await message(rows.join('\n'), 'r.csv')).toBe('r.csv, line 3: invalid reward/mean: "high" (a number)');
  });
});

describe('checkpoints', () => {
  const config = resolve(['tiny', 'grpo'], { seed: 5 });
  const state = new Uint32Array(STATE_SIZE);
  state[STATE.step] = 120;
  const parameters = new Map([['embed', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }]]);
  const moment = new Float32Array(6);
  const moments = new Map([['embed', { moment1: moment, moment2: moment }]]);
  const training = { moments, state, curriculum: new Float32Array(CURRICULUM_SIZE) };

  test('are kept as they are; configuration and step are known', async () => {
    const bytes = encodeCheckpoint({ config, parameters, training });
    const found = (await open(bytes, 'any.name')) as Extract<Dropped, { kind: 'checkpoint' }>;
    expect(found).toEqual({ kind: 'checkpoint', bytes, config, step: 120 });
    const base = (await open(encodeCheckpoint({ config, parameters }))) as typeof found;
    expect([base.kind, base.step]).toEqual(['checkpoint', null]);
  });

  test('cut off, of other programs, of newer versions', async () => {
    const bytes = encodeCheckpoint({ config, parameters, training });
    expect(await message(bytes.slice(0, -4), 'c')).toMatch(
      /^c is not a whole safetensors file: tensor state ends at byte \d+ of \d+$/,
    );
    expect(await message(bytes.slice(0, 50), 'c')).toMatch(
      /^c is not a whole safetensors file: its header claims \d+ bytes, 42 follow$/,
    );
    const other = (metadata: Record<string, string>) => message(encodeTensors({ tensors: [], metadata }), 'c');
    expect(await other({})).toBe('c is of format (none) (this program reads mcpo-lab checkpoint 2)');
    expect(await other({ format: 'mcpo-lab checkpoint 3' })).toBe(
      'c is of format mcpo-lab checkpoint 3 (this program reads mcpo-lab checkpoint 2)',
    );
    const bad = JSON.stringify({ ...config, steps: 0 });
    expect(await other({ format: 'mcpo-lab checkpoint 2', config: bad })).toBe(
      'c holds no valid configuration: invalid steps: 0 (an integer from 1 to 1000000)',
    );
  });
});

describe('pools', () => {
  const rows = [
    { domain: 'math', prompt: 'p2', reward: 1, embedding: [1, 2] },
    { domain: 'code', prompt: 'p1', reward: 0.4, embedding: [3, 4] },
    { domain: 'math', prompt: 'p0', reward: 0.6, embedding: [5, 6] },
    { domain: 'math', prompt: 'p2', reward: 0, embedding: [7, 8] },
  ];
  const lines = (list: unknown[]) => list.map((r) => JSON.stringify(r)).join('\n');

  test('become a frame, sorted by domain and prompt', async () => {
    const found = (await open(lines(rows))) as Extract<Dropped, { kind: 'pool' }>;
    expect(found.kind).toBe('pool');
    expect(found.frame).toMatchObject({
      source: 'file',
      n: 4,
      width: 2,
      domains: ['code', 'math'],
      promptText: ['p1', 'p0', 'p2'],
    });
    expect([...found.frame.domain]).toEqual([0, 1, 1, 1]);
    expect([...found.frame.prompt]).toEqual([0, 1, 2, 2]);
    expect([...found.frame.reward]).toEqual([0, 1, 1, 0]);
    expect([...(found.frame.vectors as Float32Array)]).toEqual([3, 4, 5, 6, 1, 2, 7, 8]);
    expect(found.frame.columns[found.frame.column[1]]).toBe('math');
  });

  test('vectors beyond f32 keep their directions', async () => {
    const found = (await open(lines(rows.map((r) => ({ ...r, embedding: r.embedding.map((x) => x * 1e200) }))))) as Extract<
      Dropped,
      { kind: 'pool' }
    >;
    const [x, y] = found.frame.vectors as Float32Array;
    expect(y / x).toBeCloseTo(4 / 3, 6);
    expect(Number.isFinite(x * x)).toBe(true);
  });

  test('faults have a line', async () => {
    expect(await message(lines([...rows, { ...rows[0], embedding: [1] }]), 'p.jsonl')).toBe(
      'p.jsonl, line 5: embedding of 1 numbers (2, as in line 1)',
    );
    expect(await message(`${lines(rows)}\n{"domain":"a","prompt":`, 'p.jsonl')).toBe(
      'p.jsonl, line 5: not complete JSON: {"domain":"a","prompt":',
    );
    expect(await message(lines([{ prompt: 'p', reward: 1, embedding: [1] }]), 'p.jsonl')).toBe(
      'p.jsonl, line 1: missing key: domain',
    );
  });
});
