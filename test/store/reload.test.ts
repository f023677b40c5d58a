import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { library, startLibrary, stopLibrary } from '../../src/store/library';
import { evaluate, pause, play, step } from '../../src/store/transport';
import { bind, opened, steps } from './synthetic';

/** What a reload in the middle of something goes on with. */

let written = '';
const remembered = () => JSON.parse(written || 'null') as { fleet: string; playing: boolean; link: string } | null;
const training = { type: 'status', status: 'training' } as const;
const paused = { type: 'status', status: 'paused' } as const;
let engine: ReturnType<typeof bind>;

beforeEach(async () => {
  vi.stubGlobal('navigator', {});
  written = '';
  await startLibrary({ read: () => null, write: (text) => void (written = text) }, '');
  engine = bind('#preset=tiny');
  engine.say(...opened);
});
afterEach(async () => {
  await stopLibrary();
  vi.unstubAllGlobals();
});

/** The first steps, until the run is kept. */
async function begun(): Promise<void> {
  engine.say(steps(1, 1));
  await vi.waitFor(() => expect(library.getState().fleet).not.toBeNull(), { timeout: 5000 });
}

test('a reload in the middle of a single step resumes paused', async () => {
  step();
  engine.say(training);
  await begun();
  expect(remembered()).toMatchObject({ playing: false, link: 'v=1&preset=tiny&preset=mcpo-grpo' });
  // The same where training stops for the step.
  play();
  engine.say(training);
  expect(remembered()?.playing).toBe(true);
  step();
  engine.say(paused, training);
  expect(remembered()?.playing).toBe(false);
});

test('a reload of a training run goes on playing, also while it is evaluated; one of a run that was paused does not', async () => {
  play();
  engine.say(training);
  await begun();
  expect(remembered()?.playing).toBe(true);
  evaluate();
  engine.say({ type: 'status', status: 'evaluating' });
  expect(remembered()?.playing).toBe(true);
  // Pause holds at once: the worker comes to it later.
  engine.say(paused, training);
  pause();
  expect(remembered()?.playing).toBe(false);
  play();
  engine.say({ type: 'status', status: 'finished' });
  expect(remembered()?.playing).toBe(false);
});
