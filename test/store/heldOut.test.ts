import { afterEach, expect, test, vi } from 'vitest';
import type { Command, Event, Frame } from '../../src/host/protocol';
import { disconnect } from '../../src/store/engine';
import { HELD_OUT, heldOut, sampleHeldOut, watchHeldOut } from '../../src/store/heldOut';
import { focusRun, reset } from '../../src/store/opening';
import { bind, opened, steps } from './synthetic';

/** Held-out rollouts over training, from an engine that is played by hand. */

let stop = () => {};
afterEach(() => {
  stop();
  disconnect();
  vi.useRealTimers();
});

type Ask = Extract<Command, { type: 'ask' }>;
const asks = (sent: readonly Command[]) => sent.filter((c): c is Ask => c.type === 'ask');
const frame = (step: number, run = 0) => ({ source: 'heldOut', run, step, n: 4 }) as Frame;
const stepsShown = () => heldOut.getState().film.frames.map((f) => f.step);

function begin() {
  vi.useFakeTimers();
  const page = bind('#preset=tiny&preset=grpo&race=contrast.lambda:0,0.1');
  const answer = async (step: number) => {
    const { id, question } = asks(page.sent).at(-1) as Ask;
    page.say({ type: 'answer', id, answer: frame(step, question.run) });
    await vi.advanceTimersByTimeAsync(0);
  };
  const training: Event = { type: 'status', status: 'training' };
  const paused: Event = { type: 'status', status: 'paused' };
  return { ...page, answer, training, paused };
}

test('asks once the engine is ready, and again only when the policy has moved', async () => {
  const { sent, say, answer, training, paused } = begin();
  stop = watchHeldOut();
  await vi.advanceTimersByTimeAsync(100);
  expect(asks(sent)).toHaveLength(0);
  say(...opened);
  await vi.advanceTimersByTimeAsync(0);
  expect(asks(sent).map((a) => a.question)).toEqual([{ kind: 'heldOut', run: 0, ...HELD_OUT }]);
  expect(heldOut.getState().busy).toBe(true);
  await answer(0);
  expect([stepsShown(), heldOut.getState().busy]).toEqual([[0], false]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asks(sent)).toHaveLength(1);

  // While training goes on, seconds pass between two questions; when it stops, the last policy is asked at once.
  say(training, steps(1, 3, 0.5, 2));
  await vi.advanceTimersByTimeAsync(0);
  await answer(3);
  say(steps(4, 5, 0.5, 2));
  await vi.advanceTimersByTimeAsync(2500);
  expect(asks(sent)).toHaveLength(2);
  say(steps(6, 6, 0.5, 2));
  await vi.advanceTimersByTimeAsync(600);
  expect(asks(sent)).toHaveLength(3);
  await answer(6);
  say(steps(7, 7, 0.5, 2), paused);
  await vi.advanceTimersByTimeAsync(0);
  expect(asks(sent)).toHaveLength(4);
  await answer(7);
  expect(stepsShown()).toEqual([0, 3, 6, 7]);
});

test('another run or a new start begins anew, and answers about the old one are dropped', async () => {
  const { sent, say, answer } = begin();
  stop = watchHeldOut();
  say(...opened);
  await vi.advanceTimersByTimeAsync(0);
  await answer(0);
  focusRun(1);
  expect(stepsShown()).toEqual([]);
  await vi.advanceTimersByTimeAsync(0);
  expect(asks(sent).at(-1)?.question.run).toBe(1);
  reset();
  await answer(0);
  expect(stepsShown()).toEqual([]);
  say(...opened);
  await vi.advanceTimersByTimeAsync(0);
  expect(asks(sent)).toHaveLength(3);
});

test('a refusal is told and not repeated, until the user asks again', async () => {
  const { sent, say, answer } = begin();
  stop = watchHeldOut();
  say(...opened);
  await vi.advanceTimersByTimeAsync(0);
  say({ type: 'refusal', id: asks(sent)[0].id, text: 'the device was lost' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect([heldOut.getState().fault, asks(sent).length]).toEqual(['the device was lost', 1]);
  void sampleHeldOut();
  expect(heldOut.getState().fault).toBe(null);
  await answer(0);
  expect(stepsShown()).toEqual([0]);
});

test('nobody is asked while nobody looks', async () => {
  const { sent, say } = begin();
  say(...opened);
  await vi.advanceTimersByTimeAsync(1000);
  watchHeldOut()();
  await vi.advanceTimersByTimeAsync(1000);
  expect(asks(sent)).toHaveLength(0);
});

test('what was asked for once, with nobody following, goes with its run', async () => {
  const { sent, say, answer } = begin();
  say(...opened);
  void sampleHeldOut();
  await answer(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([stepsShown(), asks(sent).length]).toEqual([[0], 1]);
  focusRun(1);
  expect(stepsShown()).toEqual([]);
});
