import { expect, test } from 'vitest';
import { addFrame, EMPTY_FILM, type Film, frameAt, MAX_FRAMES } from '../../src/store/film';
import type { Frame } from '../../src/store/state';

const frame = (step: number) => ({ run: 0, source: 'pool', step }) as Frame;
const shot = (steps: readonly number[], at: number | null = null): Film =>
  steps.reduce((film, step) => addFrame(film, frame(step), at), EMPTY_FILM);
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

test('a film keeps few frames, the first and the newest among them', () => {
  const film = shot(upTo(500));
  expect(film.frames.length).toBeLessThanOrEqual(MAX_FRAMES + 1);
  expect(film.frames[0].step).toBe(1);
  expect(frameAt(film, null)?.step).toBe(500);
});

test('the frame that is looked at is not thinned out', () => {
  for (const at of [2, 38, 57, 463]) {
    let film = shot(upTo(at));
    for (let step = at + 1; step <= 500; step++) film = addFrame(film, frame(step), at);
    expect(frameAt(film, at)?.step, `pinned to ${at}`).toBe(at);
    expect(film.frames.length).toBeLessThanOrEqual(MAX_FRAMES + 1);
  }
});

test('a frame of an earlier step begins anew from there', () => {
  expect(addFrame(shot([10, 20, 30]), frame(20)).frames.map((f) => f.step)).toEqual([10, 20]);
});
