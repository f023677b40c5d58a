import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ArchiveFullError } from '../../src/archive/archive';
import type { Event } from '../../src/host/protocol';
import { disconnect } from '../../src/store/engine';
import { filmOf } from '../../src/store/film';
import { lab } from '../../src/store/lab';
import { library, resumeFleet, startLibrary, stopLibrary, theArchive } from '../../src/store/library';
import { focusRun, open } from '../../src/store/opening';
import { makeFrame } from '../host/analysis/frames';
import { bind, opened, steps } from './synthetic';

/** The film outlives the page, with the fleet's checkpoints. */

let engine: ReturnType<typeof bind>;
const frame = (step: number, run = 0): Event => ({ type: 'frame', frame: { ...makeFrame({ step }), run } });
const kept = (step: number): Event => ({
  type: 'kept',
  step,
  checkpoints: [0, 1].map((run) => new Uint8Array([run, step])),
});
const film = () => lab.getState().film.frames.map((f) => [f.run, f.step]);

/** A race of two runs, at step 4, with a film of steps 2 and 4 of run `focus`. */
async function raced(focus = 0): Promise<string> {
  engine = bind('#preset=tiny&race=grpo,mcpo-grpo');
  focusRun(focus);
  engine.say(...opened, steps(1, 2, 0.5, 2), frame(2, focus), steps(3, 4, 0.5, 2), frame(4, focus), kept(4));
  await vi.waitFor(() => expect(library.getState().fleet).not.toBeNull(), { timeout: 5000 });
  return library.getState().fleet as string;
}

/** Another experiment comes onto the page, and the old one back. */
async function leaveAndResume(fleet: string): Promise<void> {
  const archive = theArchive();
  await vi.waitFor(async () => expect(await archive.resumable(fleet)).not.toBeNull());
  open({ race: null });
  await vi.waitFor(async () => expect(await archive.claimed()).not.toContain(fleet));
  expect(film()).toEqual([]);
  await resumeFleet(fleet);
}

beforeEach(async () => {
  vi.stubGlobal('navigator', {});
  await startLibrary({ read: () => null, write: () => {} }, '');
});
afterEach(async () => {
  disconnect();
  await stopLibrary();
  vi.unstubAllGlobals();
});

test('a fleet that is taken up again goes on with its film, up to the checkpoint', async () => {
  const fleet = await raced();
  const before = lab.getState().film.frames;
  await vi.waitFor(async () => expect(await theArchive().film(fleet)).toHaveLength(2));
  // What came after the last checkpoint is trained again.
  engine.say(steps(5, 6, 0.5, 2), frame(6));
  await leaveAndResume(fleet);
  expect(lab.getState().film.frames).toStrictEqual(before);
  engine.say({ type: 'status', status: 'preparing' }, { type: 'status', status: 'preparing' });
  engine.say({ ...opened[1], step: 4, runs: 2 } as Event, steps(5, 6, 0.5, 2), frame(6));
  expect(film()).toEqual([
    [0, 2],
    [0, 4],
    [0, 6],
  ]);
});

test('a film of another run than the one that is looked at is left alone', async () => {
  const fleet = await raced(1);
  await vi.waitFor(async () => expect(await theArchive().film(fleet)).toHaveLength(2));
  focusRun(0);
  await leaveAndResume(fleet);
  expect(film()).toEqual([]);
});

test('where storage is full the film is left out, in words, and the rest is kept', async () => {
  const write = vi.spyOn(theArchive(), 'keepFilm').mockRejectedValue(new ArchiveFullError('the pool of step 2', null));
  const fleet = await raced();
  await vi.waitFor(() => expect(lab.getState().notices.join()).toContain('storage is full. Nothing else is lost.'));
  engine.say(steps(5, 6, 0.5, 2), frame(6), kept(6));
  await vi.waitFor(async () => expect((await theArchive().resumable(fleet))?.step).toBe(6));
  expect(write).toHaveBeenCalledTimes(1);
});

test('a kept film goes on as sparsely as it was', () => {
  const frames = [1, 9, 17, 25, 27].map((step) => makeFrame({ step }));
  expect(filmOf(frames)).toEqual({ frames, stride: 8 });
  expect([filmOf([]).stride, filmOf(frames.slice(0, 2)).stride]).toEqual([1, 1]);
});
