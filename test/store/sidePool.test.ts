import { afterEach, expect, test, vi } from 'vitest';
import type { Command, Frame } from '../../src/host/protocol';
import { disconnect } from '../../src/store/engine';
import { lab } from '../../src/store/lab';
import { focusRun, reset } from '../../src/store/opening';
import { sidePool, watchSidePool } from '../../src/store/sidePool';
import { mappedRun } from '../../src/ui/geometry/source';
import { bind, opened, steps } from './synthetic';

/** Pools of a run that is not the focused one, from an engine that is played by hand. */

let stop = () => {};
afterEach(() => {
  stop();
  disconnect();
  vi.useRealTimers();
});

type Ask = Extract<Command, { type: 'ask' }>;
const frame = (step: number, run: number) => ({ source: 'pool', run, step, n: 4 }) as Frame;
const steppedTo = () => sidePool.getState().film.frames.map((f) => f.step);

function begin() {
  vi.useFakeTimers();
  const page = bind('#preset=tiny&race=grpo,mcpo-grpo,mgs&seeds=2');
  const asks = () => page.sent.filter((c): c is Ask => c.type === 'ask');
  const answer = async (step: number) => {
    const { id, question } = asks().at(-1) as Ask;
    page.say({ type: 'answer', id, answer: frame(step, (question as { run: number }).run) });
    await vi.advanceTimersByTimeAsync(0);
  };
  return { ...page, asks, answer };
}

test('a race’s map is of the focused run, or of the same seed in the first lane that trains an embedding', () => {
  bind('#preset=tiny&race=grpo,mcpo-grpo,mgs&seeds=2');
  expect([0, 1, 2, 3, 4, 5].map((focus) => mappedRun({ ...lab.getState(), focus }))).toEqual([2, 3, 2, 3, 2, 3]);
  bind('#preset=tiny&race=grpo,mgs');
  expect(mappedRun(lab.getState())).toBeNull();
});

test('asks for the pool with the first step, now and then while it trains, and at once when it stops', async () => {
  const { say, asks, answer } = begin();
  stop = watchSidePool(2);
  say(...opened);
  await vi.advanceTimersByTimeAsync(2000);
  expect(asks()).toHaveLength(0);
  say({ type: 'status', status: 'training' }, steps(1, 1, 0.5, 6));
  await vi.advanceTimersByTimeAsync(0);
  expect(asks().map((a) => a.question)).toEqual([{ kind: 'frame', run: 2 }]);
  await answer(1);
  say(steps(2, 3, 0.5, 6));
  await vi.advanceTimersByTimeAsync(900);
  expect(asks()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(asks()).toHaveLength(2);
  await answer(3);
  expect(steppedTo()).toEqual([1, 3]);
  // The focused run's own film is another one.
  expect(lab.getState().film.frames).toEqual([]);

  say(steps(4, 4, 0.5, 6), { type: 'status', status: 'paused' });
  await vi.advanceTimersByTimeAsync(1100);
  await answer(4);
  await vi.advanceTimersByTimeAsync(5000);
  expect([asks().length, steppedTo()]).toEqual([3, [1, 3, 4]]);

  // What is asked after nobody looks any more is nothing.
  stop();
  say(steps(5, 5, 0.5, 6));
  await vi.advanceTimersByTimeAsync(5000);
  expect(asks()).toHaveLength(3);
});

test('another experiment begins anew, another run too', async () => {
  const { say, answer } = begin();
  stop = watchSidePool(2);
  say(...opened, steps(1, 1, 0.5, 6));
  await vi.advanceTimersByTimeAsync(0);
  await answer(1);
  reset();
  expect(steppedTo()).toEqual([]);
  say(...opened, steps(1, 1, 0.5, 6));
  await vi.advanceTimersByTimeAsync(1100);
  await answer(1);
  expect(steppedTo()).toEqual([1]);
  focusRun(1);
  stop();
  stop = watchSidePool(3);
  expect(sidePool.getState()).toMatchObject({ run: 3, film: { frames: [] } });
});
