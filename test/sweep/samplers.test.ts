import { expect, test } from 'vitest';
import { gridSampler } from '../../src/sweep/samplers/grid';
import { randomSampler } from '../../src/sweep/samplers/random';
import { SOBOL_DIMENSIONS, sobolBits, sobolSampler } from '../../src/sweep/samplers/sobol';
import { spaceOf } from '../../src/sweep/space';
import type { Sampler, SweptField } from '../../src/sweep/types';

const unitField = (field: string): SweptField => ({ field, from: 0, to: 1, scale: 'linear', integer: false });
const PATHS = ['contrast.beta', 'contrast.gamma', 'objective.clipLow', 'clipo.clamp', 'curriculum.kappa'];
const cube = { fields: PATHS.map(unitField) };
const points = (sampler: Sampler, count: number, from = 0): number[][] =>
  Array.from({ length: count }, (_, i) => PATHS.map((path) => sampler.next(from + i, [])?.[path] as number));

/** The first points of Joe and Kuo's sequence in sixteenths, dimensions 1 to 16, and the 100 000th in 2⁻³², from SciPy's qmc.Sobol(16, scramble=False). */
const FIRST = [
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8],
  [12, 4, 4, 4, 12, 12, 4, 12, 12, 12, 12, 12, 4, 4, 12, 4],
  [4, 12, 12, 12, 4, 4, 12, 4, 4, 4, 4, 4, 12, 12, 4, 12],
  [6, 6, 10, 14, 6, 2, 6, 14, 14, 10, 14, 6, 6, 10, 6, 14],
  [14, 14, 2, 6, 14, 10, 14, 6, 6, 2, 6, 14, 14, 2, 14, 6],
  [10, 2, 14, 10, 10, 14, 2, 2, 2, 6, 2, 10, 2, 14, 10, 10],
  [2, 10, 6, 2, 2, 6, 10, 10, 10, 14, 10, 2, 10, 6, 2, 2],
];
const FAR = [
  195198976, 3616178176, 2911797248, 3941433344, 1191542784, 3543564288, 2610855936, 757497856, 3510140928, 1360822272, 724008960,
  3752689664, 481329152, 4133847040, 1285586944, 3408756736,
];

test('Sobol points are the published ones in all 16 dimensions', () => {
  FIRST.forEach((row, i) => expect([...sobolBits(i, 16)].map((b) => b / 2 ** 28)).toEqual(row));
  expect([...sobolBits(99_999, 16)]).toEqual(FAR);
});

test('every dimension is stratified: 2ᵏ points have one in each of 2ᵏ parts', () => {
  for (let j = 0; j < SOBOL_DIMENSIONS; j++) {
    const parts = Array.from({ length: 256 }, (_, i) => sobolBits(i, SOBOL_DIMENSIONS)[j] >>> 24);
    expect(new Set(parts).size).toBe(256);
  }
});

/** Points in each box of 2^(k − q) × 2^q parts. */
function boxes(list: readonly number[][], k: number, q: number): number[] {
  const counts = new Array(2 ** k).fill(0);
  for (const [x, y] of list) counts[Math.floor(x * 2 ** (k - q)) * 2 ** q + Math.floor(y * 2 ** q)]++;
  return counts;
}

test.each([0, 1, 77])(
  'the first two dimensions are a (0, 2)-sequence, shifted too: every elementary box has one point (seed %i)',
  (seed) => {
    const sampler = sobolSampler(cube, seed);
    for (const from of [0, 64, 192]) {
      const list = points(sampler, 64, from);
      for (let q = 0; q <= 6; q++) expect(boxes(list, 6, q).every((n) => n === 1)).toBe(true);
    }
  },
);

test('a shifted sequence is another one, the same each time it is asked', () => {
  const list = points(sobolSampler(cube, 3), 16);
  expect(points(sobolSampler(cube, 3), 16)).toEqual(list);
  expect(points(sobolSampler(cube, 4), 16)).not.toEqual(list);
  expect(points(sobolSampler(cube, 0), 1)).toEqual([[0, 0, 0, 0, 0]]);
});

test('beyond its dimensions and points Sobol says so', () => {
  expect(() => sobolBits(0, 17)).toThrow('17 dimensions of a Sobol sequence (at most 16)');
  expect(() => sobolBits(-1, 2)).toThrow('no Sobol point -1 (0 to 2³² − 1)');
  expect(sobolBits(2 ** 32 - 1, 1)[0]).toBe(1);
});

test('random points depend on seed and number alone, and fill each field evenly and independently', () => {
  const n = 4000;
  const list = points(randomSampler(cube, 5), n);
  expect(points(randomSampler(cube, 5), 3, 100)).toEqual(list.slice(100, 103));
  expect(points(randomSampler(cube, 6), n)).not.toEqual(list);
  for (let j = 0; j < PATHS.length; j++) {
    const column = list.map((p) => p[j]).sort((a, b) => a - b);
    // Kolmogorov–Smirnov: 1.95 / √n is the 0.1 % point.
    expect(Math.max(...column.map((x, i) => Math.abs(x - (i + 0.5) / n)))).toBeLessThan(1.95 / Math.sqrt(n));
    for (let k = 0; k < j; k++) {
      const correlation = (12 * list.reduce((s, p) => s + (p[j] - 0.5) * (p[k] - 0.5), 0)) / n;
      expect(Math.abs(correlation)).toBeLessThan(3.3 / Math.sqrt(n));
    }
  }
  const successive = (12 * list.slice(1).reduce((s, p, i) => s + (p[0] - 0.5) * (list[i][0] - 0.5), 0)) / n;
  expect(Math.abs(successive)).toBeLessThan(3.3 / Math.sqrt(n));
});

test('the grid sampler goes through the grid and ends', () => {
  const spec = {
    fields: [
      { field: 'contrast.tau', values: [0.1, 0.2] },
      { field: 'rollout.group', values: [4, 8] },
    ],
  };
  const sampler = gridSampler(spec);
  expect(sampler.size).toBe(4);
  expect([0, 1, 2, 3].map((i) => sampler.next(i, []))).toEqual(spaceOf(spec).grid());
  expect(sampler.next(1, [])).toEqual({ 'contrast.tau': 0.2, 'rollout.group': 4 });
  expect(sampler.next(4, [])).toBeNull();
});
