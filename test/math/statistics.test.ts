import { describe, expect, it } from 'vitest';
import { Random } from '../../src/math/random';
import { deviation, holm, interval, mean, paired, signFlip } from '../../src/math/statistics';
import { studentCdf } from '../../src/math/studentT';

/** Two-sided p of the one-sample t-test. */
function tTest(x: readonly number[]): number {
  const t = ((mean(x) as number) * Math.sqrt(x.length)) / (deviation(x) as number);
  return 2 * studentCdf(-Math.abs(t), x.length - 1);
}
const normal = (n: number, shift: number, seed: number) => {
  const random = new Random(seed, 99);
  return Array.from({ length: n }, () => shift + random.normal());
};

describe('means and intervals', () => {
  it('gives the textbook values', () => {
    const x = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(x)).toBe(5);
    expect(deviation(x)).toBeCloseTo(Math.sqrt(32 / 7), 14);
    // t(0.975, 7) = 2.3646 (table), s / √8 = 0.75593
    expect(interval(x).halfWidth).toBeCloseTo(2.364624252 * Math.sqrt(32 / 7 / 8), 8);
    expect(interval(x, 0.8).halfWidth).toBeCloseTo(1.414923928 * Math.sqrt(32 / 7 / 8), 8);
  });

  it('says null where there is no data', () => {
    expect(interval([])).toEqual({ n: 0, mean: null, halfWidth: null });
    expect(interval([3])).toEqual({ n: 1, mean: 3, halfWidth: null });
    expect(interval([3, 3])).toEqual({ n: 2, mean: 3, halfWidth: 0 });
    expect(deviation([1])).toBeNull();
  });

  it('covers the truth as often as it says', () => {
    let covered = 0;
    for (let s = 0; s < 2000; s++) {
      const { mean: m, halfWidth } = interval(normal(4, 1, s));
      covered += Number(Math.abs((m as number) - 1) <= (halfWidth as number));
    }
    expect(covered / 2000).toBeGreaterThan(0.935); // 0.95 ± 3 standard errors
    expect(covered / 2000).toBeLessThan(0.965);
  });

  it('refuses values that are not finite', () => {
    expect(() => mean([1, Number.NaN])).toThrow('invalid value 1: NaN (a finite number)');
    expect(() => interval([Number.POSITIVE_INFINITY, 1])).toThrow('invalid value 0: Infinity');
    expect(() => signFlip([1, Number.NaN])).toThrow('invalid value 1');
  });
});

describe('the sign-flip test', () => {
  it('gives exact values worked by hand', () => {
    expect(signFlip([1, 2, 3])).toBe(2 / 8); // only +++ and −−− reach 6
    expect(signFlip([-1, -2, -3])).toBe(2 / 8);
    expect(signFlip([1, 1, 1, -1])).toBe(10 / 16); // sums ±4 once, ±2 four times, 0 six times
    expect(signFlip([1, 2, -3])).toBe(1); // a sum of 0 is reached by all
    expect(signFlip([3, 1, -1])).toBe(6 / 8); // sums 5, 3, 3, 1 and their negatives
    expect(signFlip([2])).toBe(1);
    expect(signFlip(Array.from({ length: 10 }, (_, i) => i + 1))).toBe(2 / 1024);
  });

  it('gives the number of patterns that Fisher’s enumeration of Darwin’s maize has', () => {
    // Cross- minus self-fertilised heights in eighths of an inch (Fisher 1935): 1726 of 2^15 patterns.
    const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    expect(signFlip(darwin)).toBe(1726 / 32768);
  });

  it('handles zero differences and ties that rounding hides', () => {
    expect(signFlip([0, 0, 1, 2, 3])).toBe(2 / 8);
    expect(signFlip([0, 0, 0])).toBe(1);
    expect(signFlip([])).toBeNull();
    // 0.1 + 0.2 − 0.3 is 5.6e-17 in binary: as a sum of zero it must be reached by all patterns.
    expect(signFlip([0.1, 0.2, -0.3])).toBe(1);
    expect(signFlip([0.3 - 0.2, 0.1, 0.2 - 0.1, -0.1])).toBe(10 / 16);
  });

  it('does not depend on order, scale or common sign', () => {
    const d = normal(9, 0.4, 3);
    const p = signFlip(d);
    expect(signFlip(d.slice().reverse())).toBe(p);
    expect(signFlip(d.map((x) => -1e-7 * x))).toBe(p);
  });

  it('draws at random what it would enumerate', () => {
    const d = normal(14, 0.5, 4);
    const exact = signFlip(d) as number;
    const drawn = signFlip(d, { exact: 0, seed: 1 }) as number;
    expect(Math.abs(drawn - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 1e5) + 1e-5);
    expect(signFlip(d, { exact: 0, seed: 1 })).toBe(drawn);
    expect(signFlip(d, { exact: 0, seed: 2 })).not.toBe(drawn);
    expect(signFlip([1, 2, 3], { exact: 3 })).toBe(0.25);
  });

  it('is never 0, and (1 + hits) / (1 + draws) at random', () => {
    const d = new Array(40).fill(1);
    expect(signFlip(d, { draws: 999 })).toBe(1 / 1000);
    const few = [1, 1];
    const p = signFlip(few, { exact: 1, draws: 4 }) as number;
    expect([1 / 5, 2 / 5, 3 / 5, 4 / 5, 1]).toContain(p);
  });

  it('comes close to the t-test on large normal samples', () => {
    for (const [seed, shift] of [
      [1, 0],
      [2, 0.1],
      [3, 0.15],
      [4, 0.2],
    ]) {
      const d = normal(200, shift, seed);
      expect(Math.abs((signFlip(d) as number) - tTest(d))).toBeLessThan(0.006);
    }
  });

  it('keeps its level when nothing differs', () => {
    let rejected = 0;
    for (let s = 0; s < 1000; s++) rejected += Number((signFlip(normal(8, 0, 100 + s)) as number) <= 0.05);
    // 12 of 256 patterns: a level of 0.0469, ± 3 standard errors of 1000 trials
    expect(rejected / 1000).toBeLessThan(0.0469 + 0.0201);
    expect(rejected / 1000).toBeGreaterThan(0.0469 - 0.0201);
  });
});

describe('paired differences', () => {
  it('pairs value with base', () => {
    const r = paired([5, 7, 9], [4, 5, 6]);
    expect(r.differences).toEqual([1, 2, 3]);
    expect(r.mean).toBe(2);
    expect(r.halfWidth).toBeCloseTo(4.30265273 / Math.sqrt(3), 8); // t(0.975, 2), s = 1
    expect(r.p).toBe(0.25);
    expect(r.n).toBe(3);
  });

  it('says null for too few pairs, refuses unequal lengths', () => {
    expect(paired([], [])).toEqual({ n: 0, mean: null, halfWidth: null, differences: [], p: null });
    expect(paired([2], [1])).toEqual({ n: 1, mean: 1, halfWidth: null, differences: [1], p: 1 });
    expect(() => paired([1, 2], [1])).toThrow('invalid pairs: 2 values against 1 (as many)');
  });
});

describe('Holm’s correction', () => {
  it('gives values worked by hand', () => {
    holm([0.01, 0.04, 0.03, 0.005]).forEach((p, i) => expect(p).toBeCloseTo([0.03, 0.06, 0.06, 0.02][i], 14));
    expect(holm([0.5, 0.6])).toEqual([1, 1]);
    expect(holm([0.02])).toEqual([0.02]);
    expect(holm([])).toEqual([]);
    expect(holm([0.01, 0.01, 0.01])).toEqual([0.03, 0.03, 0.03]);
  });

  it('refuses what is no p', () => {
    expect(() => holm([0.1, 1.1])).toThrow('invalid p: 1.1 (0 to 1)');
    expect(() => holm([Number.NaN])).toThrow('invalid p: NaN (0 to 1)');
  });
});
