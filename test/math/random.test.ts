import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hash32, Random, randomBits, randomUnit, STREAM } from '../../src/math/random';

const word = fc.integer({ min: 0, max: 0xffffffff });
const MASK = 0xffffffffn;

/** PCG-RXS-M-XS-32 (O'Neill 2014) as printed, in exact integers. */
function pcg(value: number): number {
  const state = (BigInt(value) * 747796405n + 2891336453n) & MASK;
  const mixed = (((state >> ((state >> 28n) + 4n)) ^ state) * 277803737n) & MASK;
  return Number((mixed >> 22n) ^ mixed);
}

/** Pearson's statistic over equal bins; with k bins it has mean k − 1 and deviation √(2(k − 1)). */
function chiSquare(counts: number[]): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  return counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
}
const bound = (bins: number) => bins - 1 + 5 * Math.sqrt(2 * (bins - 1));

describe('hash32', () => {
  test('equals the exact integer definition', () => {
    fc.assert(
      fc.property(word, (x) => hash32(x) === pcg(x)),
      { numRuns: 2000 },
    );
    for (const x of [0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff]) expect(hash32(x)).toBe(pcg(x));
  });

  test('is a permutation: no two of 2^16 neighbours collide', () => {
    expect(new Set(Array.from({ length: 65536 }, (_, i) => hash32(i))).size).toBe(65536);
  });

  test('one flipped bit changes half of the output on average', () => {
    let changed = 0;
    const trials = 32 * 500;
    for (let i = 0; i < 500; i++)
      for (let bit = 0; bit < 32; bit++) {
        const x = hash32(i * 7919);
        for (let d = hash32(x) ^ hash32((x ^ (1 << bit)) >>> 0); d !== 0; d &= d - 1) changed++;
      }
    expect(changed / trials).toBeGreaterThan(15.5);
    expect(changed / trials).toBeLessThan(16.5);
  });
});

describe('randomBits', () => {
  test('chains the hash over seed, stream and both counters', () => {
    const add = (a: number, b: number) => Number((BigInt(a) + BigInt(b)) & MASK);
    fc.assert(
      fc.property(word, word, word, word, (seed, stream, a, b) => {
        expect(randomBits(seed, stream, a, b)).toBe(pcg(add(b, pcg(add(a, pcg(add(stream, pcg(seed))))))));
      }),
    );
  });

  test('streams have different numbers', () => {
    const ids = Object.values(STREAM);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map((id) => randomBits(1, id, 2, 3))).size).toBe(ids.length);
  });
});

describe('randomUnit', () => {
  test('lies in the open interval (0, 1) and survives rounding to f32', () => {
    fc.assert(
      fc.property(word, word, word, word, (seed, stream, a, b) => {
        const u = randomUnit(seed, stream, a, b);
        expect(u).toBeGreaterThan(0);
        expect(u).toBeLessThan(1);
        expect(Math.fround(u)).toBe(u);
      }),
    );
  });

  test.each([
    ['seed', (i: number) => randomUnit(i, 3, 0, 0)],
    ['a', (i: number) => randomUnit(0, 3, i, 0)],
    ['b', (i: number) => randomUnit(0, 3, 0, i)],
  ])('is uniform along %s', (_name, draw) => {
    const counts = new Array<number>(64).fill(0);
    for (let i = 0; i < 64000; i++) counts[Math.floor(draw(i) * 64)]++;
    expect(chiSquare(counts)).toBeLessThan(bound(64));
  });

  test('neighbouring counters are independent', () => {
    const counts = new Array<number>(256).fill(0);
    for (let i = 0; i < 64000; i++)
      counts[16 * Math.floor(randomUnit(9, 3, i, 0) * 16) + Math.floor(randomUnit(9, 3, i, 1) * 16)]++;
    expect(chiSquare(counts)).toBeLessThan(bound(256));
  });
});

describe('Random', () => {
  test('repeats itself for the same seed, stream and key only', () => {
    const draws = (r: Random) => Array.from({ length: 8 }, () => r.unit());
    expect(draws(new Random(5, 2, 1))).toEqual(draws(new Random(5, 2, 1)));
    for (const other of [new Random(6, 2, 1), new Random(5, 3, 1), new Random(5, 2, 2)])
      expect(draws(other)).not.toEqual(draws(new Random(5, 2, 1)));
  });

  test('below(n) is uniform over 0…n − 1', () => {
    const random = new Random(1, 1);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 21000; i++) counts[random.below(7)]++;
    expect(chiSquare(counts)).toBeLessThan(bound(7));
  });

  test('normal() has mean 0, variance 1 and kurtosis 3', () => {
    const random = new Random(2, 1);
    const n = 100000;
    const moments = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const x = random.normal();
      for (let k = 0; k < 4; k++) moments[k] += x ** (k + 1) / n;
    }
    expect(Math.abs(moments[0])).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(moments[1] - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moments[2])).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moments[3] - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  test('shuffled() permutes a copy, every order equally often', () => {
    const random = new Random(3, 1);
    const items = [1, 2, 3];
    const counts = new Map<string, number>();
    for (let i = 0; i < 12000; i++) {
      const key = random.shuffled(items).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(items).toEqual([1, 2, 3]);
    expect(counts.size).toBe(6);
    expect(chiSquare([...counts.values()])).toBeLessThan(bound(6));
  });
});
