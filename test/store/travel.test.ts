import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Bytes } from '../../src/archive/types';
import type { Event } from '../../src/host/protocol';
import { disconnect } from '../../src/store/engine';
import { lab } from '../../src/store/lab';
import { library, startLibrary, stopLibrary, theArchive } from '../../src/store/library';
import { pause, play } from '../../src/store/transport';
import { branchRun, pageRuns, returnSteps, rollbackFleet } from '../../src/store/travel';
import { bind, opened, steps } from './synthetic';

/** Bytes that tell run and step. */
const mark = (run: number, step: number): Bytes => Uint8Array.of(run, step);
const kept = (step: number, runs: number): Event => ({
  type: 'kept',
  step,
  checkpoints: Array.from({ length: runs }, (_, run) => mark(run, step)),
});
const paused: Event = { type: 'status', status: 'paused' };
const openedAt = (step: number): Event[] => opened.map((e) => (e.type === 'opened' ? { ...e, step } : e));
const state = () => lab.getState();
const lengths = () => state().runs.map((r) => r.trace.length);

let engine: ReturnType<typeof bind>;

/** A race of two lanes on the page, kept, with checkpoints at steps 0, 4, 8 and 12, paused at step 12. */
async function raced(link = '#preset=tiny&race=grpo,mcpo-grpo', runs = 2): Promise<void> {
  engine = bind(link);
  engine.say(...opened);
  play();
  engine.say({ type: 'status', status: 'training' });
  for (const step of [0, 4, 8, 12]) {
    if (step > 0) engine.say(steps(step - 3, step, 0.5, runs));
    engine.say(kept(step, runs));
    // Each is written before the next comes.
    await vi.waitFor(async () => {
      if (step > 0) expect(await returnSteps()).toContain(step);
    });
  }
  pause();
  engine.say(paused);
}

beforeEach(async () => {
  // A browser without storage: the archive is one in memory.
  vi.stubGlobal('navigator', {});
  await startLibrary({ read: () => null, write: () => {} }, '');
});
afterEach(async () => {
  disconnect();
  await stopLibrary();
  vi.unstubAllGlobals();
});

test('says what is missing before there is anything to go back to', async () => {
  engine = bind('#preset=tiny');
  engine.say(...opened);
  await vi.waitFor(() => expect(library.getState().records).toEqual([]));
  expect(() => pageRuns()).toThrow('nothing is kept yet: runs are kept from their first training step on');
  await expect(rollbackFleet(3)).rejects.toThrow('nothing is kept yet');
  await expect(branchRun(0, 3, {})).rejects.toThrow('nothing is kept yet');
});

test('takes a whole race back to the newest common checkpoint, and gives it back', async () => {
  await raced();
  const { fleet } = library.getState();
  expect(await returnSteps()).toEqual([4, 8, 12]);
  engine.sent.length = 0;
  const done = await rollbackFleet(10);
  expect([done.from, done.step]).toEqual([12, 8]);
  // The engine goes on from both runs' checkpoints of step 8, and the page shows no later step.
  const sent = engine.sent.find((c) => c.type === 'open');
  expect(sent).toMatchObject({ checkpoints: [mark(0, 8), mark(1, 8)] });
  engine.say(...openedAt(8));
  expect([state().step, lengths()]).toEqual([8, [8, 8]]);
  expect(library.getState().fleet).toBe(fleet);
  for (const { id } of pageRuns()) {
    const { record, steps: own } = await theArchive().load(id);
    expect([record.step, own.at(-1)?.step, own.length]).toEqual([8, 8, 8]);
  }

  await done.undo();
  expect(engine.sent.filter((c) => c.type === 'open').at(-1)).toMatchObject({ checkpoints: [mark(0, 12), mark(1, 12)] });
  engine.say(...openedAt(12));
  expect([state().step, lengths()]).toEqual([12, [12, 12]]);
  for (const { id } of pageRuns()) expect((await theArchive().load(id)).steps).toHaveLength(12);
});

test('what is trained after a rollback is kept under the same runs, and then there is no way back', async () => {
  await raced();
  const ids = pageRuns().map((r) => r.id);
  const done = await rollbackFleet(4);
  engine.say(...openedAt(4));
  play();
  engine.say({ type: 'status', status: 'training' }, steps(5, 6, 0.9, 2), kept(6, 2));
  pause();
  engine.say(paused);
  await vi.waitFor(async () => expect(await returnSteps()).toEqual([4, 6]));
  expect(pageRuns().map((r) => r.id)).toEqual(ids);
  const { steps: own } = await theArchive().load(ids[1]);
  expect(own.map((s) => s.metrics['reward/mean'])).toEqual([0.5, 0.5, 0.5, 0.5, 0.9, 0.9]);
  await expect(done.undo()).rejects.toThrow('has been trained on since');
  expect(lengths()).toEqual([6, 6]);
});

test('without an earlier checkpoint it is back at the start; with nothing to take back it says so', async () => {
  await raced();
  await expect(rollbackFleet(12)).rejects.toThrow('the runs are at step 12: there is nothing after step 12 to take back');
  expect(lengths()).toEqual([12, 12]);
  engine.sent.length = 0;
  expect((await rollbackFleet(3)).step).toBe(0);
  expect(engine.sent.find((c) => c.type === 'open')).not.toHaveProperty('checkpoints');
  engine.say(...openedAt(0));
  expect([state().step, lengths(), state().replay]).toEqual([0, [0, 0], false]);
});

test('branches one run of the race with changed fields; the old one stays as it is', async () => {
  await raced();
  const [, old] = pageRuns();
  await expect(branchRun(1, 9, { 'contrast.tau': '9' })).rejects.toThrow('invalid contrast.tau: 9 (0.01 to 2)');
  engine.sent.length = 0;
  expect(await branchRun(1, 9, { 'contrast.lambda': '0.05', 'optimizer.lr': ' 0.0005' })).toBe(8);
  expect(engine.sent.find((c) => c.type === 'open')).toMatchObject({
    configs: [{ contrast: { lambda: 0.05 }, optimizer: { lr: 0.0005 } }],
    checkpoints: [mark(1, 8)],
  });
  engine.say(...openedAt(8));
  expect([state().race, state().presets, lengths()]).toEqual([null, old.presets, [8]]);
  const [branch] = pageRuns();
  expect(branch.parent).toEqual({ run: old.id, step: 8 });
  expect(branch.name).toBe(`${old.name}, from step 8 with λ 0.05, η 0.0005`);
  expect((await theArchive().load(old.id)).steps).toHaveLength(12);
  // It goes on by itself, and a reload would find it.
  play();
  engine.say({ type: 'status', status: 'training' }, steps(9, 10), kept(10, 1));
  await vi.waitFor(async () => expect((await theArchive().load(branch.id)).record.step).toBe(10));
  expect(await theArchive().checkpoints(branch.id)).toHaveLength(2);
});
