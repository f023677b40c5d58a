import { expect, test } from 'vitest';
import { bandOver } from '../../src/charts/bands';
import { leavesOutZero, overPairs, overRuns } from '../../src/charts/intervals';
import { RunningBand, RunningMean } from '../../src/charts/running';
import { smooth } from '../../src/charts/smooth';

const wave = (n: number, phase: number) => Array.from({ length: n }, (_, i) => Math.sin(i / 7 + phase) + ((i * 37) % 11) / 20);

test('a running mean taken bit by bit is the average of the whole row, and takes each value once', () => {
  const values = wave(700, 0);
  const mean = new RunningMean(10);
  const asked: number[] = [];
  const at = (i: number) => {
    asked.push(i);
    return values[i];
  };
  for (const count of [1, 2, 3, 255, 256, 257, 700])
    expect([...mean.upTo(count, at)]).toEqual([...smooth(values.slice(0, count), 10)]);
  expect(asked).toEqual(values.map((_, i) => i));
});

test('a running mean goes on over gaps; window 0 leaves values and gaps as they are', () => {
  const values = [Number.NaN, 2, Number.NaN, 4];
  const at = (i: number) => values[i];
  const [first, second, third, fourth] = new RunningMean(3).upTo(4, at);
  expect([first, second, third]).toEqual([Number.NaN, 2, 2]);
  // Weights ½ for the newest, ¼ for the one before, over their sum.
  expect(fourth).toBeCloseTo((4 / 2 + 2 / 4) / (3 / 4), 12);
  expect([...new RunningMean(0).upTo(4, at)]).toEqual(values);
});

test('a running band is the band over the whole rows, entry by entry', () => {
  const rows = [wave(300, 0), wave(300, 1), wave(300, 2)];
  rows[1][20] = Number.NaN;
  rows[1][21] = rows[2][21] = Number.NaN;
  const expected = bandOver(rows.map((values) => ({ steps: values.map((_, i) => i), values })));
  const running = new RunningBand();
  running.over(rows.map((r) => r.slice(0, 22)));
  const band = running.over(rows);
  for (const key of ['mean', 'low', 'high', 'n'] as const)
    band[key].forEach((v, i) => {
      if (Number.isNaN(expected[key][i])) expect(v, `${key} ${i}`).toBeNaN();
      else expect(v, `${key} ${i}`).toBeCloseTo(expected[key][i], 10);
    });
  expect([band.n[20], band.n[21], band.low[21]]).toEqual([2, 1, Number.NaN]);
  expect(running.over([]).mean).toHaveLength(0);
});

test('intervals leave out what is missing; pairs are differences of the same seeds', () => {
  // t(0.975, 2) = 4.302653 (tables); s = 1, n = 3.
  const { n, mean, halfWidth } = overRuns([1, 2, Number.NaN, 3]);
  expect([n, mean]).toEqual([3, 2]);
  expect(halfWidth).toBeCloseTo(4.302653 / Math.sqrt(3), 5);
  expect(overRuns([Number.NaN])).toEqual({ n: 0, mean: null, halfWidth: null });
  const pairs = overPairs([0.5, 0.6, 0.7, Number.NaN], [0.4, 0.5, 0.6, 0.1]);
  expect(pairs.n).toBe(3);
  expect(pairs.mean).toBeCloseTo(0.1, 12);
  expect(pairs.halfWidth).toBeCloseTo(0, 12);
  expect(leavesOutZero(pairs)).toBe(true);
  expect(leavesOutZero(overPairs([1, 3], [2, 1]))).toBe(false);
  expect(leavesOutZero(overPairs([1], [2]))).toBe(false);
  expect(() => overPairs([1], [])).toThrow('invalid pairs: 1 values against 0 (as many)');
});
