import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { embedInSvg, type NamedFile, runsJsonLines } from '../../src/archive/exchange/exchange';
import type { RunData } from '../../src/archive/types';
import { disconnect } from '../../src/store/engine';
import { exportRuns, MAX_FIGURE_STEPS, takeFiles, thinned } from '../../src/store/exchange';
import { lab } from '../../src/store/lab';
import { library, startLibrary, stopLibrary, theArchive } from '../../src/store/library';
import { linkText } from '../../src/store/opening';
import { Recorder } from '../../src/store/recorder';
import { runsView } from '../../src/store/runsView';
import { runOf } from '../archive/support';
import { bind, opened, steps } from './synthetic';

/** The store with an archive in memory and a worker that only listens. */

let page: ReturnType<typeof bind>;
const named = (content: BlobPart, name: string): NamedFile => Object.assign(new Blob([content]), { name });
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
const rewards = () => [...lab.getState().runs[0].trace.raw('reward/mean')];
const sent = () => page.sent.filter((c) => c.type === 'open').at(-1);
const base = () => readFileSync(new URL('../../public/base/tiny.safetensors', import.meta.url));

/** A figure's file. */
async function figure(link: string, runs: readonly RunData[], title = 'Reward'): Promise<NamedFile> {
  const blob = await embedInSvg(svg, { version: '1', link, title, data: { columns: [], rows: [] }, runs });
  return Object.assign(blob, { name: 'reward.svg' });
}

beforeEach(async () => {
  vi.stubGlobal('navigator', {});
  page = bind('#preset=tiny&preset=grpo');
  page.say(...opened);
  runsView.setState({ selected: new Set(), compared: [], toast: null });
  await startLibrary({ read: () => null, write: () => undefined }, '', 'node');
});
afterEach(async () => {
  await stopLibrary();
  disconnect();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('runs', () => {
  test('are taken in once, compared, and exported as they came', async () => {
    const run = runOf('grpo', 12);
    const file = named(await runsJsonLines([run]), 'a.jsonl');
    expect(await takeFiles([file, named(await file.text(), 'b.jsonl')])).toBe(true);
    expect(runsView.getState().toast?.text).toBe('1 run taken in from 2 files; 1 was here already');
    expect(await theArchive().list()).toHaveLength(1);
    const { id } = (await theArchive().list())[0];
    expect(runsView.getState()).toMatchObject({ compared: [id], selected: new Set([id]) });
    expect(lab.getState().view).toBe('runs');
    await exportRuns([id], 'jsonl');
    const [bytes, name] = page.download.mock.lastCall as [Uint8Array<ArrayBuffer>, string];
    expect(name).toBe('mcpo-lab-grpo-step12.jsonl');
    const again = new TextDecoder().decode(bytes).split('\n');
    expect(again.slice(1)).toEqual((await file.text()).split('\n').slice(1));
  });

  test('that went on since the file was written are left alone; ones that differ come in beside them', async () => {
    const run = runOf('grpo', 12);
    await takeFiles([named(await runsJsonLines([run]), 'a.jsonl')]);
    const shorter = { ...run, record: { ...run.record, step: 5 }, steps: run.steps.slice(0, 5), evaluations: [] };
    await takeFiles([named(await runsJsonLines([shorter]), 'short.jsonl')]);
    expect(runsView.getState().toast?.text).toBe('1 run of short.jsonl was here already');
    const other = { ...run, steps: runOf('grpo', 12, 1).steps };
    await takeFiles([named(await runsJsonLines([other]), 'other.jsonl')]);
    expect(runsView.getState().toast?.text).toBe('1 run taken in from other.jsonl');
    expect(new Set((await theArchive().list()).map((r) => r.id)).size).toBe(2);
  });
});

describe('figures', () => {
  const run = runOf('grpo', 12);
  const link = 'v=1&preset=tiny&preset=grpo&contrast.tau=0.30000000000000004&at=7&hide=tabs';

  test('show their runs as they were until training replaces them', async () => {
    expect(await takeFiles([await figure(link, [run])])).toBe(true);
    page.say(...opened);
    expect(rewards()).toEqual(run.steps.map((s) => s.metrics['reward/mean']));
    expect(lab.getState()).toMatchObject({ step: 12, at: 7, replay: true, hidden: [] });
    expect(sent()).not.toHaveProperty('checkpoints');
    expect(lab.getState().notices.join()).toContain('"Reward" from reward.svg: steps 1 to 12 as they were measured');
    const [kept] = await theArchive().list();
    expect(library.getState()).toMatchObject({ fleet: null, onPage: [kept.id] });

    page.say(steps(1, 2, 0.75));
    expect(rewards()).toEqual([0.75, 0.75]);
    expect(lab.getState()).toMatchObject({ step: 2, replay: false });
    // The evaluation of the start stays; the later ones are to be measured again.
    expect(lab.getState().runs[0].evaluations.map((e) => e.step)).toEqual([0]);
    await vi.waitFor(async () => expect(await theArchive().list()).toHaveLength(2), 5000);
    expect((await theArchive().load(kept.id)).steps).toHaveLength(12);
  });

  test('of runs side by side leave what trains on the page alone', async () => {
    const before = page.sent.length;
    await takeFiles([await figure('v=1&preset=tiny&preset=grpo&view=runs', [run, runOf('dapo', 4, 1)])]);
    expect(page.sent).toHaveLength(before);
    expect(runsView.getState().compared).toHaveLength(2);
    expect(lab.getState().view).toBe('runs');
  });

  test('without runs open their link; faulty parts of it are named', async () => {
    await takeFiles([await figure('v=1&preset=tiny&preset=dapo&seed=5&view=logits&contrast.tau=99', [])]);
    expect(lab.getState().problems).toEqual(['invalid contrast.tau: 99 (0.01 to 2)']);
    expect(linkText(lab.getState())).toBe('v=1&preset=tiny&preset=dapo&seed=5&view=logits');
  });

  test('that cannot be kept are shown all the same', async () => {
    vi.spyOn(theArchive(), 'bring').mockRejectedValue(new Error('storage is full'));
    await takeFiles([await figure(link, [run])]);
    page.say(...opened);
    expect(lab.getState().notices.join('\n')).toContain('steps 1 to 12 as they were measured');
    expect(rewards()).toHaveLength(12);
    expect(await theArchive().list()).toEqual([]);
  });

  test('of many steps hold every so many of them, and the last', () => {
    const long = (n: number) => ({ ...run, steps: Array.from({ length: n }, (_, i) => ({ ...run.steps[0], step: i + 1 })) });
    expect(thinned([run])).toEqual([run]);
    const found = thinned([long(4000), long(4000)]);
    expect(found.reduce((sum, r) => sum + r.steps.length, 0)).toBeLessThanOrEqual(MAX_FIGURE_STEPS);
    for (const { steps: own } of found) expect([own[0].step, own[1].step, own.at(-1)?.step]).toEqual([2, 4, 4000]);
  });
});

describe('one page', () => {
  test('a base checkpoint begins a run from its weights', async () => {
    expect(await takeFiles([named(base(), 'tiny.safetensors')])).toBe(true);
    expect(sent()?.checkpoints?.[0]).toHaveLength(base().length);
    expect(lab.getState().notices.join()).toContain('tiny.safetensors: training starts from these weights');
    expect(lab.getState()).toMatchObject({ replay: false, race: null });
  });

  test('shows one thing at a time: of several the first, and the others are named', async () => {
    const two = [named(base(), 'one.safetensors'), await figure('v=1&preset=tiny&preset=dapo', [])];
    expect(await takeFiles(two)).toBe(false);
    expect(lab.getState().notices.join('\n')).toContain(
      'reward.svg was not opened: the page shows one at a time, now one.safetensors. Drop it alone to open it.',
    );
    expect(sent()?.checkpoints).toHaveLength(1);
  });
});

test('full storage ends the keeping, not the training, and is told once', async () => {
  const trouble: string[] = [];
  const archive = theArchive();
  const tell = { created: () => undefined, trouble: (t: string) => void trouble.push(t) };
  const { record } = runOf('grpo', 1);
  const recorder = new Recorder(archive, () => ({ runs: [record] }), null, null, 1, tell);
  recorder.handle(steps(1, 2));
  await recorder.write();
  const full = Object.assign(new Error('storage is full'), { name: 'ArchiveFullError' });
  vi.spyOn(archive, 'appendAll').mockRejectedValue(full);
  recorder.handle(steps(3, 4));
  await recorder.write();
  recorder.handle(steps(5, 6));
  await recorder.write();
  expect(trouble).toEqual(['Training goes on, but is no longer kept: storage is full']);
  const [kept] = await archive.list();
  expect((await archive.load(kept.id)).steps.map((s) => s.step)).toEqual([1, 2]);
});
