import { expect, test } from 'vitest';
import { nearest, stepSpan, valueSpan } from '../../src/charts/lineChart';
import { fittingUnit } from '../../src/charts/scatter';
import { spread } from '../../src/charts/spread';

test('labels move apart, keep their order and stay inside', () => {
  const out = spread([50, 51, 52, 10, 99], 10, 5, 100);
  expect(out[3]).toBe(10);
  const sorted = [...out].sort((a, b) => a - b);
  sorted.slice(1).forEach((v, i) => {
    expect(v - sorted[i]).toBeGreaterThanOrEqual(10);
  });
  expect(Math.max(...out)).toBeLessThanOrEqual(100);
  expect([out[0], out[1], out[2]]).toEqual([...out.slice(0, 3)].sort((a, b) => a - b));
});

test('the step axis shows the whole run, or of a long one what has been reached', () => {
  expect(stepSpan(150, 3)).toEqual([0, 150]);
  expect(stepSpan(100_000, 10)[1]).toBeLessThanOrEqual(1000);
  for (const reached of [10, 900, 30_000, 100_000]) expect(stepSpan(100_000, reached)[1]).toBeGreaterThanOrEqual(reached);
});

test('the value axis is round and holds the data', () => {
  expect(valueSpan(null, [0, 4])).toEqual([0, 4]);
  const [low, high] = valueSpan([-1.3, 8.7], [0, 4]);
  expect(low).toBeLessThanOrEqual(-1.3);
  expect(high).toBeGreaterThanOrEqual(8.7);
});

test('the nearest step is found, also without any', () => {
  expect(nearest([], 3)).toBe(-1);
  expect(nearest([1, 2, 5], 4)).toBe(2);
});

test('the scatter fits every point at one scale and ignores missing ones', () => {
  const unit = fittingUnit([0.1, -0.9, Number.NaN, 0.2, -2, 0], { width: 400, height: 200 });
  expect(unit * 0.9).toBeLessThanOrEqual(100);
  expect(unit * 2).toBeLessThanOrEqual(200);
  expect(unit * 2).toBeGreaterThan(200 / 1.5);
});
