import { describe, expect, it } from 'vitest';
import { alignment, effectiveRank, participationRatio, uniformity, unitRows } from '../../src/math/embedding';
import { Random } from '../../src/math/random';

const square = [1, 0, 0, 1, -1, 0];
const normals = (count: number, seed: number) => {
  const random = new Random(seed, 99);
  return Float64Array.from({ length: count }, () => random.normal());
};

describe('unit rows', () => {
  it('have length 1 whatever their size; zeros stay', () => {
    const u = unitRows([3, 4, 0, 0, 1e-200, 1e-200, 3e200, -4e200], 2);
    [0.6, 0.8, 0, 0, Math.SQRT1_2, Math.SQRT1_2, 0.6, -0.8].forEach((x, i) => expect(u[i]).toBeCloseTo(x, 15));
    expect(() => unitRows([1, Number.POSITIVE_INFINITY], 2)).toThrow('invalid number 1 of row 0: Infinity');
  });
});

describe('alignment and uniformity', () => {
  it('are those of hand examples', () => {
    expect(alignment(square, 2, [0, 0, 1])).toBe(2);
    expect(alignment(square, 2, ['a', 'b', 'a'])).toBe(4);
    expect(alignment(square, 2, [0, 0, 0])).toBeCloseTo(8 / 3, 15);
    expect(uniformity(square, 2)).toBeCloseTo(Math.log((2 * Math.exp(-4) + Math.exp(-8)) / 3), 15);
    expect(uniformity([1, 0, 1, 0], 2)).toBe(0);
    expect(uniformity([1, 0, -1, 0], 2)).toBeCloseTo(-8, 14);
  });

  it('have no value without pairs', () => {
    expect(alignment(square, 2, [0, 1, 2])).toBeNull();
    expect(uniformity([1, 0], 2)).toBeNull();
    expect(uniformity([], 2)).toBeNull();
  });

  it('reach their limits for random directions', () => {
    const u = unitRows(normals(400 * 64, 1), 64);
    const same = new Array(400).fill(0);
    expect(alignment(u, 64, same)).toBeCloseTo(2, 1);
    // ‖x − y‖² = 2 − 2c with c of variance 1/64: ln E exp(−4 + 4c) ≈ −4 + 16 / (2 · 64)
    expect(uniformity(u, 64)).toBeCloseTo(-4 + 16 / 128, 1);
  });
});

describe('effective rank and participation ratio', () => {
  it('are those of hand examples', () => {
    const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    expect(effectiveRank(identity, 3)).toBeCloseTo(3, 12);
    expect(participationRatio(identity, 3)).toBeCloseTo(3, 12);
    const diagonal = [2, 0, 0, 0, 1, 0, 0, 0, 1]; // shares 1/2, 1/4, 1/4; squares 4, 1, 1
    expect(effectiveRank(diagonal, 3)).toBeCloseTo(2 ** 1.5, 12);
    expect(participationRatio(diagonal, 3)).toBeCloseTo(36 / 18, 12);
    const wide = [1, 0, 0, 0, 0, 3, 0, 0]; // singular values 1 and 3
    expect(effectiveRank(wide, 4)).toBeCloseTo(4 / 3 ** 0.75, 12);
    expect(participationRatio(wide, 4)).toBeCloseTo(100 / 82, 12);
  });

  it('are 1 when all rows point the same way, null when all are zero', () => {
    const line = Array.from({ length: 40 }, (_, at) => (1 + Math.floor(at / 4)) * [1, -2, 0.5, 3][at % 4]);
    expect(effectiveRank(line, 4)).toBeCloseTo(1, 9);
    expect(participationRatio(line, 4)).toBeCloseTo(1, 12);
    expect(effectiveRank(new Array(8).fill(0), 4)).toBeNull();
    expect(participationRatio([], 4)).toBeNull();
  });

  it('do not care about transposition or scale, and near the width for white noise', () => {
    const x = normals(30 * 7, 2);
    const turned = Float64Array.from(x, (_, at) => 5 * x[(at % 30) * 7 + Math.floor(at / 30)]);
    expect(effectiveRank(turned, 30)).toBeCloseTo(effectiveRank(x, 7) as number, 9);
    expect(participationRatio(turned, 30)).toBeCloseTo(participationRatio(x, 7) as number, 9);
    expect(effectiveRank(normals(5000 * 6, 3), 6)).toBeGreaterThan(5.99);
    expect(effectiveRank(normals(5000 * 6, 3), 6)).toBeLessThan(6);
  });

  it('participation is that of the covariance’s traces', () => {
    const x = normals(25 * 4, 4);
    const c = (a: number, b: number) =>
      Array.from({ length: 25 }, (_, i) => x[4 * i + a] * x[4 * i + b]).reduce((s, v) => s + v, 0) / 25;
    let [trace, squares] = [0, 0];
    for (let a = 0; a < 4; a++) {
      trace += c(a, a);
      for (let b = 0; b < 4; b++) squares += c(a, b) ** 2;
    }
    expect(participationRatio(x, 4)).toBeCloseTo(trace ** 2 / squares, 12);
  });
});
