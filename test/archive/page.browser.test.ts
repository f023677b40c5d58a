import { describe, expect, test } from 'vitest';
import {
  type Dropped,
  embedInPng,
  embedInSvg,
  openFile,
  readFigure,
  runsCsv,
  runsJsonLines,
  runsParquet,
} from '../../src/archive/exchange/exchange';
import type { Figure } from '../../src/archive/exchange/figure';
import { pauses } from '../../src/archive/exchange/pause';
import { fileOf, runOf } from './support';

/** Does work on the page's thread and asks a timer to look in every few milliseconds meanwhile. */
async function watched<T>(work: () => Promise<T>) {
  const gaps: number[] = [];
  const start = performance.now();
  let last = start;
  const look = () => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  const result = await work().finally(() => clearInterval(timer));
  look();
  gaps.sort((x, y) => x - y);
  const usual = gaps[Math.floor(0.9 * gaps.length)];
  return { result, usual, longest: gaps[gaps.length - 1], total: last - start };
}

/** What a machine that others use too makes of work in portions of 8 ms. */
async function portions(): Promise<void> {
  const pause = pauses();
  for (let turns = 0; turns < 40; ) {
    const wait = pause();
    if (!wait) continue;
    await wait;
    turns++;
  }
}

/**
 * Nine of ten looks must come about as soon as they come beside work in small portions, and none later than half of the whole time.
 */
async function calmly<T>(work: () => Promise<T>): Promise<T> {
  const control = await watched(portions);
  const { result, usual, longest, total } = await watched(work);
  expect(usual).toBeLessThan(Math.max(100, 4 * control.usual));
  expect(longest).toBeLessThan(Math.max(200, 4 * control.longest, total / 2));
  return result;
}

describe('long files leave the page alive', { retry: 2 }, () => {
  // As many metrics as the engine has, 3 kB a step.
  const run = runOf('grpo', 3000);
  for (const step of run.steps)
    for (let k = 0; k < 120; k++) step.metrics[`filler/${k}`] = Math.fround(k / (step.step + 0.1)) + 1e-9;
  const long = [run, { ...run, record: { ...run.record, id: 'second' } }];
  const last = run.steps.slice(-2);
  const lastOf = (found: Dropped) => found.kind === 'runs' && found.runs.at(-1)?.steps.slice(-2);

  test('20 MB of JSON Lines', async () => {
    const file = await calmly(() => runsJsonLines(long));
    expect(file.size).toBeGreaterThan(20e6);
    const found = await calmly(() => openFile(Object.assign(file, { name: 'run.jsonl' })));
    expect(lastOf(found)).toStrictEqual(last);
  });

  test('10 MB of CSV and Parquet', async () => {
    const file = await calmly(() => runsCsv([run]));
    const found = await calmly(() => openFile(Object.assign(file, { name: 'run.csv' })));
    expect(lastOf(found)).toStrictEqual(last);
    const table = await calmly(() => runsParquet([run]));
    expect(table.size).toBeGreaterThan(1e6);
    const again = await calmly(() => openFile(Object.assign(table, { name: 'run.parquet' })));
    expect(lastOf(again)).toStrictEqual(last);
  });

  test('a pool of 20 MB', async () => {
    const numbers = Array.from({ length: 128 }, (_, k) => Math.sin(k));
    const row = (i: number) => ({ domain: `d${i % 5}`, prompt: `p${i % 500}`, reward: i % 2, embedding: numbers });
    const text = Array.from({ length: 8500 }, (_, i) => JSON.stringify(row(i))).join('\n');
    expect(text.length).toBeGreaterThan(20e6);
    const file = fileOf(text, 'pool.jsonl');
    const found = await calmly(() => openFile(file));
    expect(found.kind === 'pool' && found.frame.n).toBe(8500);
  });

  test('figures with a run of 4 MB inside', async () => {
    const part = { ...run, steps: run.steps.slice(-1200) };
    const figure: Figure = { version: '1', link: '', title: 'x', data: { columns: [], rows: [] }, runs: [part] };
    const plain = await picture();
    const png = await calmly(() => embedInPng(plain, figure));
    expect((await calmly(() => readFigure(png, 'a.png'))).runs[0].steps.slice(-2)).toStrictEqual(last);
    const svg = await calmly(() => embedInSvg('<svg xmlns="http://www.w3.org/2000/svg"/>', figure));
    expect((await calmly(() => readFigure(svg, 'a.svg'))).runs[0].steps.slice(-2)).toStrictEqual(last);
  });
});

/** A PNG as the page makes it. */
function picture(): Promise<Blob> {
  const canvas = new OffscreenCanvas(40, 30);
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.fillStyle = '#a0f';
  context.fillRect(3, 4, 20, 10);
  return canvas.convertToBlob();
}

async function pixels(png: Blob): Promise<Uint8ClampedArray> {
  const bitmap = await createImageBitmap(png);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
}

describe('the browser reads what carries a figure', () => {
  const figure: Figure = {
    version: '1',
    link: 'v=1',
    title: 'a < b & ]]> 🦊 \u0001\uFFFE',
    data: { columns: ['x'], rows: [[1], [null], ['</metadata>']] },
    runs: [runOf('grpo', 5)],
  };

  test('PNG: the same pixels', async () => {
    const plain = await picture();
    const png = await embedInPng(plain, figure);
    expect(await pixels(png)).toEqual(await pixels(plain));
    expect(await readFigure(png, 'a.png')).toStrictEqual(figure);
  });

  test('SVG: well-formed, and its metadata are the text', async () => {
    const svg = await (
      await embedInSvg('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title></svg>', figure)
    ).text();
    const page = new DOMParser().parseFromString(svg, 'image/svg+xml');
    expect(page.querySelector('parsererror')).toBeNull();
    const [first] = (page.querySelector('metadata')?.textContent ?? '').trim().split('\n');
    expect(JSON.parse(first)).toMatchObject({ format: 'mcpo-lab figure 1', title: figure.title });
    // As the browser writes it again.
    expect(await readFigure(new Blob([new XMLSerializer().serializeToString(page)]), 'a.svg')).toStrictEqual(figure);
  });
});
