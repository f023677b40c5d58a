import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SweepArchive } from '../../src/archive/sweeps/sweeps';
import type { SweepCommand, SweepEvent } from '../../src/host/sweep/protocol';
import { disconnect } from '../../src/store/engine';
import { lab } from '../../src/store/lab';
import { library, startLibrary, stopLibrary } from '../../src/store/library';
import { runsView } from '../../src/store/runsView';
import { focused } from '../../src/store/state';
import {
  deleteSweep,
  exportSweep,
  highlightPoint,
  importSweep,
  openSweep,
  openTrial,
  orderSweep,
  pauseSweep,
  playSweep,
  renameSweep,
  selectPoints,
  startSweep,
  sweeps,
  undoDeleteSweep,
} from '../../src/store/sweep';
import { isSweep } from '../../src/store/sweepKinds';
import { configOf } from '../../src/sweep/configs';
import type { Entry } from '../../src/sweep/types';
import { runOf } from '../archive/support';
import { entriesOf, specOf } from '../sweep/fixture';
import { kept, SweepPage } from './sweepPage';
import { bind as bindLab, opened } from './synthetic';

/** The store with a worker that only listens, and an archive in memory that outlives the page. */

const spec = specOf({ name: 'λ × τ' });
const journal = entriesOf({ points: [{ 'contrast.tau': 0.1 }, { 'contrast.tau': 0.5 }], spec });
const state = () => sweeps.getState();
const running: SweepEvent[] = [
  { type: 'status', status: 'preparing' },
  { type: 'status', status: 'running' },
];
const entries = (from: number, to: number): SweepEvent => ({ type: 'entries', entries: journal.slice(from, to) });

let archive: SweepArchive;
let workers: { sent: SweepCommand[]; onEvent: (event: SweepEvent) => void; closed: boolean }[] = [];
let page: SweepPage;

vi.mock('../../src/archive/sweeps/sweeps', async (original) => ({
  ...(await original<typeof import('../../src/archive/sweeps/sweeps')>()),
  openSweeps: async () => ({ ...kept.archive, close: () => undefined }),
}));

const worker = () => workers[workers.length - 1];
const say = (...events: SweepEvent[]) => {
  for (const event of events) worker().onEvent(event);
};
const sent = () => worker().sent.map((c) => (c.type === 'order' ? `order ${c.order.kind}` : c.type));
const first = async () => (await archive.list())[0];
const keptEntries = async () => (await archive.load((await first()).id)).entries;

beforeEach(async () => {
  vi.stubGlobal('navigator', {});
  const { openSweeps } = await vi.importActual<typeof import('../../src/archive/sweeps/sweeps')>(
    '../../src/archive/sweeps/sweeps',
  );
  archive = kept.archive = await openSweeps('test');
  workers = [];
  page = new SweepPage((onEvent) => {
    const own = { sent: [] as SweepCommand[], onEvent, closed: false };
    workers.push(own);
    return { send: (command) => void own.sent.push(command), close: () => void (own.closed = true) };
  });
  await page.load();
});
afterEach(async () => {
  await page.leave();
  disconnect();
  await stopLibrary();
  vi.unstubAllGlobals();
});

test('a sweep starts with training in the lab paused, and every event is shown and kept in order', async () => {
  const engine = bindLab('#preset=tiny', 'cpu');
  engine.say(...opened, { type: 'status', status: 'training' });
  await startSweep(spec);
  expect(engine.sent.at(-1)).toEqual({ type: 'pause' });
  expect(worker().sent).toEqual([{ type: 'run', spec, backend: 'cpu', past: [], snapshot: null }]);
  expect(state()).toMatchObject({ status: 'preparing', journal: null, error: null });
  expect(state().notices).toEqual([archive.reason]);
  const bytes = new Uint8Array([1, 2, 3]);
  say({ type: 'progress', what: 'Warm start', done: 0.5 });
  expect(state().progress).toEqual({ what: 'Warm start', done: 0.5 });
  const { version } = state();
  say(...running, entries(0, 8), { type: 'snapshot', snapshot: { entries: 8, fleets: [], trials: [] } }, entries(8, 20));
  say({ type: 'checkpoint', trial: 0, bytes }, entries(20, journal.length), { type: 'notice', text: 'so it is' });
  say({ type: 'pace', stepsPerSecond: 50, places: 6 });
  expect(state()).toMatchObject({ status: 'running', progress: null, pace: { stepsPerSecond: 50, places: 6 } });
  expect(state().version).toBe(version + 3);
  expect(state().notices).toContain('so it is');
  expect(state().journal?.trials.map((t) => t.state)).toEqual(Array(6).fill('finished'));
  say({ type: 'status', status: 'finished' });
  expect(worker().closed).toBe(true);
  await vi.waitFor(async () => expect((await first()).status).toBe('finished'));
  expect(await keptEntries()).toStrictEqual(journal);
  const found = await archive.load((await first()).id);
  expect(found.snapshot).toEqual({ entries: 8, fleets: [], trials: [] });
  expect(await archive.checkpointOf(found.record.id, 0)).toEqual(bytes);
  await vi.waitFor(() => expect(state().list?.[0]).toMatchObject({ name: 'λ × τ', trials: 6, ended: 6, status: 'finished' }));
});

test('pause, play and orders reach the worker; a sweep that has finished goes on for an order', async () => {
  await startSweep(spec);
  say(...running, entries(0, 10));
  pauseSweep();
  expect(JSON.parse(page.memory)).toMatchObject({ running: false });
  say({ type: 'status', status: 'paused' });
  orderSweep({ kind: 'budget', budget: { trials: 5 } });
  playSweep();
  await vi.waitFor(() => expect(sent()).toEqual(['run', 'pause', 'order budget', 'play']));
  say({ type: 'status', status: 'running' });
  expect(JSON.parse(page.memory)).toMatchObject({ running: true });
  // One that waits moves for a stop.
  pauseSweep();
  say({ type: 'status', status: 'paused' });
  orderSweep({ kind: 'stop' });
  await vi.waitFor(() => expect(sent().slice(4)).toEqual(['pause', 'order stop', 'play']));
  say({ type: 'status', status: 'running' }, entries(10, journal.length), { type: 'status', status: 'finished' });
  playSweep();
  orderSweep({ kind: 'stopTrial', trial: 0 });
  orderSweep({ kind: 'add', points: [{ 'contrast.tau': 0.3 }] });
  await vi.waitFor(() => expect(workers).toHaveLength(2));
  expect(sent()).toEqual(['run', 'order add']);
  expect(worker().sent[0]).toMatchObject({ type: 'run', spec, backend: 'cpu', past: journal });
});

test('a reload goes on by itself where what is kept ends, unless the sweep was paused', async () => {
  await startSweep(spec);
  const snapshot = { entries: 6, fleets: [{ places: 4, left: 2 }], trials: [{ trial: 0, fleet: 0, bytes: new Uint8Array([7]) }] };
  say(...running, entries(0, 6), { type: 'snapshot', snapshot }, entries(6, 12));
  await vi.waitFor(async () => expect(await keptEntries()).toHaveLength(12));
  await page.reload();
  await vi.waitFor(() => expect(workers).toHaveLength(2));
  expect(workers[0].closed).toBe(true);
  await vi.waitFor(() => expect(sent()).toEqual(['run']));
  expect(worker().sent[0]).toEqual({ type: 'run', spec, backend: 'cpu', past: journal.slice(0, 12), snapshot });
  say(...running, entries(12, 20));
  expect(state().journal?.rounds).toBeGreaterThan(0);
  await vi.waitFor(async () => expect(await keptEntries()).toStrictEqual(journal.slice(0, 20)));

  pauseSweep();
  say({ type: 'status', status: 'paused' });
  await page.reload();
  await vi.waitFor(() => expect(state().status).toBe('paused'));
  expect(workers).toHaveLength(2);
  expect(state().journal?.trials).toHaveLength(3);
  playSweep();
  await vi.waitFor(() => expect(workers).toHaveLength(3));
  await vi.waitFor(() => expect(worker().sent[0]).toMatchObject({ type: 'run', past: journal.slice(0, 20) }));
});

test('a sweep that another tab has is refused by name; one that has finished can be looked at', async () => {
  const other = await archive.bring('the other', journal.slice(0, 9));
  const claim = await archive.claim(other.id);
  await openSweep(other.id);
  expect(state()).toMatchObject({
    id: null,
    error: 'The sweep could not be opened: "the other" is open in another tab; close it there first',
  });
  await archive.status(other.id, 'finished');
  await openSweep(other.id);
  expect(state()).toMatchObject({ id: other.id, status: 'finished', error: null });
  orderSweep({ kind: 'budget', budget: {} });
  await vi.waitFor(() =>
    expect(state().error).toBe('The sweep could not go on: "the other" is open in another tab; close it there first'),
  );
  await deleteSweep(other.id);
  expect(state().error).toBe('The sweep could not be deleted: "the other" is open in another tab; close it there first');
  expect(await first()).toMatchObject({ id: other.id });
  claim?.release();
});

test('a sweep that was cut short is shown as paused', async () => {
  const { id } = await archive.bring('cut short', journal.slice(0, 9));
  await archive.status(id, 'running');
  await vi.waitFor(() => expect(state().list?.[0]).toMatchObject({ name: 'cut short', status: 'paused' }));
  const claim = await archive.claim(id);
  await archive.rename(id, 'running elsewhere');
  await vi.waitFor(() => expect(state().list?.[0]).toMatchObject({ name: 'running elsewhere', status: 'running' }));
  claim?.release();
  await openSweep(id);
  expect(state()).toMatchObject({ id, status: 'paused' });
  await vi.waitFor(() => expect(state().list?.[0].status).toBe('paused'));
});

test('full storage pauses the sweep with nothing lost; Play writes what waits first', async () => {
  const { append } = archive;
  let room = true;
  archive.append = async (id, given) => {
    if (!room) throw new Error('storage is full: 8 entries of the journal could not be saved');
    return append(id, given);
  };
  await page.reload();
  await startSweep(spec);
  say(...running, entries(0, 8));
  await vi.waitFor(async () => expect(await keptEntries()).toHaveLength(8));
  room = false;
  say(entries(8, 16), { type: 'snapshot', snapshot: { entries: 16, fleets: [], trials: [] } });
  await vi.waitFor(() => expect(sent()).toEqual(['run', 'pause']));
  expect(state().error).toBe(
    'The sweep waits, for it can no longer be kept: storage is full: 8 entries of the journal could not be saved. Nothing is lost yet: export it, or make room and press Play.',
  );
  say(entries(16, 20), { type: 'status', status: 'paused' });
  expect(state().journal?.trials[0].step).toBe(20);
  const { id } = await first();
  // It cannot be put away either.
  const other = await archive.bring('other', journal);
  await openSweep(other.id);
  expect(state().id).toBe(id);
  expect(state().error).toContain('The sweep could not be opened: the sweep on the page is not kept whole yet (storage is full');
  playSweep();
  await vi.waitFor(() => expect(state().error).toContain('The sweep could not go on: storage is full'));
  expect(sent()).not.toContain('play');
  room = true;
  playSweep();
  await vi.waitFor(() => expect(sent().at(-1)).toBe('play'));
  expect(state().error).toBeNull();
  const data = await archive.load(id);
  expect(data.entries).toStrictEqual(journal.slice(0, 20));
  expect(data.snapshot).toEqual({ entries: 16, fleets: [], trials: [] });
});

test('a worker that fails is told, and Play begins again from what is kept', async () => {
  await startSweep(spec);
  say(...running, entries(0, 8), { type: 'error', text: 'The device was lost' }, { type: 'status', status: 'failed' });
  expect(state()).toMatchObject({ status: 'failed', error: 'The device was lost' });
  expect(JSON.parse(page.memory)).toMatchObject({ running: false });
  playSweep();
  await vi.waitFor(() => expect(workers).toHaveLength(2));
  expect(workers[0].closed).toBe(true);
  await vi.waitFor(() => expect(worker().sent[0]).toMatchObject({ past: journal.slice(0, 8) }));
  expect(state().error).toBeNull();
  // What does not follow ends it, too, and is not written.
  say({ type: 'entries', entries: [{ type: 'trial', trial: 99 }] as Entry[] });
  expect(state()).toMatchObject({ status: 'failed', error: 'entry 9 of the journal: there is no trial 99 (3 so far)' });
  await vi.waitFor(async () => expect((await first()).status).toBe('failed'));
  expect(await keptEntries()).toHaveLength(8);
});

test('opening another sweep pauses the one that runs', async () => {
  await startSweep(spec);
  say(...running, entries(0, 8));
  const other = await archive.bring('other', journal);
  await vi.waitFor(() => expect(state().list).toHaveLength(2));
  await openSweep(other.id);
  expect(workers[0].closed).toBe(true);
  say(entries(8, 16));
  expect(state()).toMatchObject({ id: other.id, status: 'paused' });
  expect(state().notices).toEqual([archive.reason, '"λ × τ" is paused; it goes on when it is opened and played.']);
  expect(state().journal?.trials).toHaveLength(6);
  await vi.waitFor(async () => expect((await archive.list()).map((r) => r.status)).toEqual(['paused', 'paused']));
});

test('delete, undo and rename', async () => {
  await startSweep(spec);
  say(...running, entries(0, 8));
  const { id } = await first();
  await renameSweep(id, '  better ');
  await deleteSweep(id);
  expect(workers[0].closed).toBe(true);
  expect(state()).toMatchObject({ id: null, journal: null, status: 'none' });
  expect(runsView.getState().toast?.text).toBe('Deleted "better"');
  await vi.waitFor(() => expect(state().list).toEqual([]));
  await undoDeleteSweep();
  await vi.waitFor(() => expect(state().list).toMatchObject([{ name: 'better', trials: 3, status: 'paused' }]));
  await undoDeleteSweep();
  expect(state().error).toBe('The sweep could not be brought back: there is none that could be');
  await renameSweep(id, ' ');
  expect(state().error).toBe('The sweep could not be renamed: invalid name: "" (text of 1 to 200 characters)');
});

test('highlight and selection change once for each change', () => {
  const heard = vi.fn();
  const stop = sweeps.subscribe(heard);
  highlightPoint(2);
  highlightPoint(2);
  selectPoints([3, 1, 3]);
  selectPoints([1, 3]);
  stop();
  expect(heard).toHaveBeenCalledTimes(2);
  expect(state()).toMatchObject({ highlight: 2, selected: [1, 3] });
});

test('a trial opens in the lab as a kept run with its curves', async () => {
  await startLibrary({ read: () => null, write: () => undefined }, '');
  const engine = bindLab('#preset=tiny');
  engine.say(...opened);
  const { id } = await archive.bring('λ × τ', journal);
  await openSweep(id);
  lab.setState({ view: 'sweep' });
  await openTrial(4);
  expect(state().error).toBeNull();
  const config = configOf(spec, { 'contrast.tau': 0.5 }, 1);
  expect(lab.getState()).toMatchObject({ view: 'overview', config, presets: ['tiny', 'mcpo-grpo'] });
  expect(focused(lab.getState()).trace.length).toBe(20);
  await vi.waitFor(() => expect(library.getState().records).toHaveLength(1));
  const [record] = library.getState().records ?? [];
  expect(record).toMatchObject({ name: 'λ × τ, trial 4', config, step: 20, backend: 'cpu' });
  expect(record.notes).toBe(
    'Trial 4 (seed 1) of the sweep "λ × τ". Of the steps up to 20 only what the sweep recorded is there: 1 metric.',
  );
  // The same trial is the same run.
  await openTrial(4);
  expect(library.getState().records).toHaveLength(1);
  await openTrial(9);
  expect(state().error).toBe('Trial 9 could not be opened: there is no such trial (6 so far)');
});

test('a finished trial goes on in the lab from its checkpoint', async () => {
  await startLibrary({ read: () => null, write: () => undefined }, '');
  const engine = bindLab('#preset=tiny');
  engine.say(...opened);
  const { id } = await archive.bring('λ × τ', journal);
  const bytes = new Uint8Array([5, 6, 7]);
  await archive.checkpoint(id, 2, bytes);
  await openSweep(id);
  await openTrial(2);
  expect(state().error).toBeNull();
  expect(engine.sent.at(-1)).toMatchObject({
    type: 'open',
    checkpoints: [bytes],
    configs: [{ seed: 2, contrast: { tau: 0.1 } }],
  });
  expect(library.getState().fleet).toBe(`${id}_2_20`);
  await openTrial(2);
  expect(state().error).toBeNull();
});

test('a sweep leaves as a file, with what could not be kept, and comes back the same', async () => {
  const { download } = bindLab('#preset=tiny');
  const { append } = archive;
  archive.append = async (id, given) => {
    if ((await archive.load(id)).entries.length > 8) throw new Error('storage is full');
    return append(id, given);
  };
  await page.reload();
  await startSweep(spec);
  say(...running, entries(0, 8), entries(8, 12), entries(12, 20), entries(20, journal.length));
  await vi.waitFor(() => expect(state().error).toContain('storage is full'));
  expect(await keptEntries()).toHaveLength(12);
  await exportSweep('jsonl');
  expect(download.mock.lastCall?.[1]).toBe('mcpo-lab-sweep-λ-τ.jsonl');
  const bytes = download.mock.lastCall?.[0] as Uint8Array<ArrayBuffer>;
  await exportSweep('csv');
  expect(new TextDecoder().decode(download.mock.lastCall?.[0]).split('\n')[0]).toMatch(/^point,trial,seed,state,steps,value/);
  await exportSweep('optuna');
  expect(download.mock.lastCall?.[1]).toBe('mcpo-lab-sweep-λ-τ.optuna.log');
  const log = download.mock.lastCall?.[0] as Uint8Array<ArrayBuffer>;
  const trials = state().journal?.trials.map((t) => [t.point, t.seed, t.state, t.value]);
  await deleteSweep((await first()).id);
  await importSweep('study.log', log);
  expect(state().error).toBeNull();
  expect(state().status).toBe('finished');
  expect(state().journal?.trials.map((t) => [t.point, t.seed, t.state, t.value])).toEqual(trials);
  await deleteSweep((await first()).id);

  // Cut in its last line.
  await importSweep('a.jsonl', bytes.slice(0, -2));
  expect(state().error).toBeNull();
  expect(state().notices).toContain('The last line of a.jsonl was cut off and left out.');
  expect(await keptEntries()).toStrictEqual(journal.slice(0, -1));
  expect(state()).toMatchObject({ id: (await first()).id, status: 'paused' });
  await importSweep('b.jsonl', new TextEncoder().encode('hello\n'));
  expect(state().error).toBe('b.jsonl could not be taken in: line 1: not complete JSON: "hello"');
  await importSweep('c.bin', new Uint8Array([0xff, 0xfe, 0]));
  expect(state().error).toMatch(/^c.bin could not be taken in: it is no text/);
});

test('a table of trials comes back for viewing: finished, without curves, and nothing trains it on', async () => {
  const { download } = bindLab('#preset=tiny');
  const lines = journal.map((e) => JSON.stringify(e)).join('\n');
  await importSweep('whole.jsonl', new TextEncoder().encode(lines));
  const trials = state().journal?.trials.map((t) => [t.point, t.seed, t.state, t.step, t.value]);
  expect(trials).toHaveLength(6);
  const files: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const format of ['csv', 'parquet'] as const) {
    await exportSweep(format);
    files[format] = download.mock.lastCall?.[0] as Uint8Array<ArrayBuffer>;
    expect(await isSweep(new Blob([files[format]]))).toBe(true);
  }
  for (const [format, bytes] of Object.entries(files)) {
    expect(await importSweep(`own.${format}`, bytes)).toBe(true);
    expect(state()).toMatchObject({ error: null, status: 'finished' });
    expect(state().journal?.trials.map((t) => [t.point, t.seed, t.state, t.step, t.value])).toEqual(trials);
    expect(await first()).toMatchObject({ name: format === 'csv' ? 'own' : 'λ × τ', status: 'finished', trials: 6, ended: 6 });
    expect(state().notices.join('\n')).toContain(
      `own.${format} is a table: it has no curves, and the sweep cannot be trained on.`,
    );
    expect(state().notices.some((n) => n.includes('the largest value counts as the best'))).toBe(format === 'csv');
    orderSweep({ kind: 'budget', budget: { trials: 99 } });
    playSweep();
    expect(state().notices.at(-1)).toMatch(/taken in as a table of its trials: it can be looked at, but not trained on/);
    expect(state()).toMatchObject({ error: null, status: 'finished' });
    expect(workers).toHaveLength(0);
  }
  const text = new TextDecoder().decode(files.csv);
  expect(await importSweep('bad.csv', new TextEncoder().encode(text.replace('finished', 'done')))).toBe(false);
  expect(state().error).toMatch(/^bad.csv could not be taken in: row 2, column state: invalid "done" \(waiting, running/);
  expect(await importSweep('cut.parquet', files.parquet.slice(0, -5))).toBe(false);
  expect(state().error).toBe('cut.parquet could not be taken in: it is a Parquet file that was cut off: its end is missing');
  const { runsParquet } = await import('../../src/archive/exchange/exchange');
  const runs = new Uint8Array(await (await runsParquet([runOf('grpo', 2)])).arrayBuffer());
  expect(await isSweep(new Blob([runs]))).toBe(false);
  await importSweep('runs.parquet', runs);
  expect(state().error).toBe(
    'runs.parquet could not be taken in: it is of format mcpo-lab runs 1 (this program reads mcpo-lab trials 1)',
  );
});

test('what is best in the list is the best point, not the best trial, while it trains and when it is imported', async () => {
  // The higher τ has the best seed, and the lower mean.
  const curve = (values: Record<string, unknown>, seed: number) =>
    values['contrast.tau'] === 0.5 ? (seed === 0 ? 0.9 : 0.1) : [0.6, 0.5, 0.4][seed];
  const uneven = entriesOf({ points: [{ 'contrast.tau': 0.1 }, { 'contrast.tau': 0.5 }], spec, curve });
  await startSweep(spec);
  const half = uneven.findIndex((e) => e.type === 'point' && e.point === 1);
  say(...running, { type: 'entries', entries: uneven.slice(0, half - 2) }, { type: 'entries', entries: uneven.slice(half - 2) });
  await vi.waitFor(async () => expect((await first()).ended).toBe(6));
  expect((await first()).best).toBeCloseTo(0.5, 12);
  await importSweep('again.jsonl', new TextEncoder().encode(uneven.map((e) => JSON.stringify(e)).join('\n')));
  expect((await archive.list()).map((r) => r.best?.toFixed(6))).toEqual(['0.500000', '0.500000']);
});

test('what was asked for while a sweep waits is said, until it goes on', async () => {
  await startSweep(spec);
  say(...running, entries(0, 10));
  pauseSweep();
  expect(state()).toMatchObject({ status: 'running', pausing: true });
  say({ type: 'status', status: 'paused' });
  expect(state().pausing).toBe(false);
  orderSweep({ kind: 'add', points: [{ 'contrast.tau': 0.3 }] });
  expect(state().notices.at(-1)).toBe('What was asked for takes effect when the sweep goes on.');
  playSweep();
  await vi.waitFor(() => expect(state().notices.join()).not.toContain('takes effect'));
});

test('sweeps are told from other files by how they begin', async () => {
  const told = (text: string) => isSweep(new Blob([text]));
  expect(await told(JSON.stringify(journal[0]))).toBe(true);
  expect(await told('{"op_code": 0, "worker_id": "a", "study_name": "s", "directions": [1]}\n')).toBe(true);
  expect(await told('{"type":"run","format":"mcpo-lab run"}\n{"op_code":1}')).toBe(false);
  expect(await told('step,reward/mean\n1,0.5\n')).toBe(false);
});

test('a journal that has come to its end comes in as finished', async () => {
  const over = entriesOf({ points: [{ 'contrast.tau': 0.1 }, { 'contrast.tau': 0.5 }], spec: { budget: { trials: 6 } } });
  await importSweep('over.jsonl', new TextEncoder().encode(over.map((e) => JSON.stringify(e)).join('\n')));
  expect(state()).toMatchObject({ error: null, status: 'finished' });
});
