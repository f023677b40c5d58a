import { expect, test } from 'vitest';
import { nearest, stepSpan, valueSpan } from '../../src/charts/lineChart';
import { DARK, LIGHT, type Palette } from '../../src/charts/palette';
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

type Rgb = [number, number, number];
const rgb = (hex: string): Rgb => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255) as Rgb;
const linear = (c: Rgb): Rgb => c.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as Rgb;
const times = (m: readonly number[][], v: Rgb): Rgb => m.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as Rgb;
const luminance = (c: Rgb) => 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
const contrast = (a: string, b: string) => {
  const [low, high] = [a, b].map((x) => luminance(linear(rgb(x)))).sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};

/** CIELAB of linear sRGB (D65). */
function lab(c: Rgb): Rgb {
  const xyz = times(
    [
      [0.4124, 0.3576, 0.1805],
      [0.2126, 0.7152, 0.0722],
      [0.0193, 0.1192, 0.9505],
    ],
    c,
  );
  const [x, y, z] = [xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089].map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear sRGB. */
const SIGHT = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const closest = ({ domains }: Palette, sight: readonly number[][]) => {
  const seen = domains.slice(0, 5).map((d) => lab(times(sight, linear(rgb(d))).map((v) => Math.min(1, Math.max(0, v))) as Rgb));
  const gaps = seen.flatMap((a, i) => seen.slice(i + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])));
  return Math.min(...gaps);
};

for (const [scheme, palette] of Object.entries({ LIGHT, DARK })) {
  test.each(Object.entries(SIGHT))(`${scheme}: the five domains differ in %s`, (_, sight) => {
    expect(closest(palette, sight)).toBeGreaterThan(12);
  });
  test(`${scheme}: text reads at 4.5 : 1 and domain marks at 2.4 : 1`, () => {
    for (const ground of [palette.page, palette.card]) {
      for (const text of [palette.ink, palette.quiet, palette.fault]) expect(contrast(text, ground)).toBeGreaterThan(4.5);
    }
    for (const d of palette.domains.slice(0, 5)) expect(contrast(d, palette.card)).toBeGreaterThan(2.4);
  });
}
