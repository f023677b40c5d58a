import { describe, expect, it } from 'vitest';
import { nearest, neighbourPurity, trustworthiness } from '../../src/math/neighbours';
import { Random } from '../../src/math/random';
import {
  choosePerplexity,
  divergence,
  EXAGGERATED,
  quarterGradient,
  similarities,
  TsneMap,
  tsne,
  WARM_ITERATIONS,
} from '../../src/math/tsne';
import { clusters } from './clusters';

const n = 120;
const { rows, label } = clusters(n, 10, 3, 8);
const scattered = (count: number, seed: number) => {
  const random = new Random(seed, 99);
  return Float64Array.from({ length: 2 * count }, () => random.normal());
};

describe('similarities', () => {
  it('are symmetric shares whose conditional rows have the wanted perplexity', () => {
    const p = similarities(rows, 10, 20);
    expect(p.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0.5, 12);
    // Five points on a line, perplexity 1.2: solved again here, one row at a time, by a plain search.
    const line = [0, 0, 1, 0, 3, 0, 6, 0, 10, 0];
    const small = similarities(line, 2, 1.2);
    const conditional = [0, 1, 3, 6, 10].map((x) => {
      const square = [0, 1, 3, 6, 10].map((y) => (x - y) ** 2);
      const at = (b: number) => {
        const e = square.map((d) => (d === 0 ? 0 : Math.exp(-b * d)));
        const total = e.reduce((s, v) => s + v, 0);
        return e.map((v) => v / total);
      };
      let [low, high] = [1e-6, 20];
      for (let i = 0; i < 200; i++) {
        const b = (low + high) / 2;
        const entropy = -at(b).reduce((s, q) => s + (q > 0 ? q * Math.log(q) : 0), 0);
        if (entropy > Math.log(1.2)) low = b;
        else high = b;
      }
      return at(low);
    });
    let at = 0;
    for (let i = 0; i < 5; i++)
      for (let j = i + 1; j < 5; j++) expect(small[at++]).toBeCloseTo((conditional[i][j] + conditional[j][i]) / 10, 9);
  });

  it('do not change with the scale of the rows', () => {
    const p = similarities(rows, 10, 20);
    for (const scale of [1e-8, 1e8])
      similarities(
        rows.map((x) => scale * x),
        10,
        20,
      ).forEach((x, i) => expect(Math.abs(x - p[i])).toBeLessThan(1e-12));
  });
});

describe('the gradient of t-SNE', () => {
  it('is that of central differences of the divergence', () => {
    const p = similarities(rows.subarray(0, 300), 10, 7);
    const y = scattered(30, 2);
    const gradient = quarterGradient(p, y, 1);
    y.forEach((_, k) => {
      const moved = (by: number) =>
        divergence(
          p,
          Float64Array.from(y, (v, at) => (at === k ? v + by : v)),
        );
      const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
      expect(Math.abs(4 * gradient[k] - slope)).toBeLessThan(1e-8);
      expect(Math.abs(slope)).toBeGreaterThan(1e-6);
    });
  });

  it('belongs to a divergence that is the textbook sum', () => {
    const p = similarities(rows.subarray(0, 300), 10, 7);
    const y = scattered(30, 3);
    const weight = (i: number, j: number) => 1 / (1 + (y[2 * i] - y[2 * j]) ** 2 + (y[2 * i + 1] - y[2 * j + 1]) ** 2);
    let [total, kl, at] = [0, 0, 0];
    for (let i = 0; i < 30; i++) for (let j = 0; j < 30; j++) if (i !== j) total += weight(i, j);
    for (let i = 0; i < 30; i++)
      for (let j = i + 1; j < 30; j++, at++) kl += 2 * p[at] * Math.log(p[at] / (weight(i, j) / total));
    expect(divergence(p, y)).toBeCloseTo(kl, 12);
  });
});

describe('a map', () => {
  const map = new TsneMap(rows, 10, { seed: 3 });
  const falls = [map.divergence()];
  while (!map.done) {
    map.step();
    if (map.iteration === EXAGGERATED || map.iteration % 250 === 0) falls.push(map.divergence());
  }

  it('lowers the divergence', () => {
    expect(falls.length).toBe(5);
    for (let i = 1; i < falls.length; i++) expect(falls[i]).toBeLessThan(falls[i - 1] + 1e-6);
    expect(falls[4]).toBeLessThan(0.5 * falls[0]);
  });

  it('ends where the gradient is small', () => {
    const gradient = quarterGradient(similarities(rows, 10, 30), map.points, 1);
    expect(Math.hypot(...gradient)).toBeLessThan(2e-3);
  });

  it('keeps three separated clusters apart and neighbours true', () => {
    expect(neighbourPurity(map.points, 2, label, 10)).toBeGreaterThan(0.95);
    expect(trustworthiness(rows, 10, map.points, 10)).toBeGreaterThan(0.85);
  });

  it('is centred and finite', () => {
    for (const axis of [0, 1])
      expect(Math.abs(map.points.reduce((s, x, k) => s + (k % 2 === axis ? x : 0), 0))).toBeLessThan(1e-9);
    expect(map.points.every(Number.isFinite)).toBe(true);
  });

  it('repeats bit for bit, and differs with the seed', () => {
    expect(tsne(rows, 10, { seed: 3 })?.points).toEqual(map.points);
    expect(tsne(rows, 10, { seed: 4 })?.points).not.toEqual(map.points);
  });

  it('does not flip when the rows are mirrored by the eigenvectors’ sign', () => {
    const one = new TsneMap(rows, 10, { seed: 3 }).points;
    // The same cloud in another basis order: axes keep their largest loading positive.
    const swapped = Float64Array.from(rows, (_, at) => rows[Math.floor(at / 10) * 10 + (9 - (at % 10))]);
    const two = new TsneMap(swapped, 10, { seed: 3 }).points;
    one.forEach((x, k) => expect(Math.abs(x - two[k])).toBeLessThan(1e-9));
  });

  it('tells its progress and stops when asked', () => {
    const told: number[] = [];
    const stopped = tsne(rows, 10, {}, (done) => {
      told.push(done);
      return told.length < 3;
    });
    expect(stopped).toBeNull();
    expect(told).toEqual([0.01, 0.02, 0.03]);
  });
});

describe('a map in space', () => {
  it('descends along the gradient of its divergence', () => {
    const p = similarities(rows.subarray(0, 300), 10, 7);
    const random = new Random(5, 99);
    const y = Float64Array.from({ length: 90 }, () => random.normal());
    const gradient = quarterGradient(p, y, 1, undefined, 3);
    y.forEach((_, k) => {
      const moved = (by: number) =>
        divergence(
          p,
          Float64Array.from(y, (v, at) => (at === k ? v + by : v)),
          3,
        );
      expect(Math.abs(4 * gradient[k] - (moved(1e-5) - moved(-1e-5)) / 2e-5)).toBeLessThan(1e-8);
    });
  });

  it('keeps neighbours at least as true as in the plane', () => {
    const { points } = tsne(rows, 10, { dimensions: 3 }) as { points: Float64Array };
    expect(points.length).toBe(3 * n);
    expect(neighbourPurity(points, 3, label, 10)).toBeGreaterThan(0.95);
    expect(trustworthiness(rows, 10, points, 10, 3)).toBeGreaterThan(0.9);
  });
});

describe('a warm start', () => {
  const cold = tsne(rows, 10) as { points: Float64Array; divergence: number };
  const random = new Random(6, 99);
  const next = rows.map((x) => x + 0.05 * random.normal());
  const moved = (a: Float64Array, b: Float64Array) =>
    a.reduce((s, _, k) => (k % 2 ? s : s + Math.hypot(a[k] - b[k], a[k + 1] - b[k + 1])), 0) / n;

  it('stays near the picture before and is as good as a cold one', () => {
    const warm = tsne(next, 10, { start: cold.points }) as { points: Float64Array; divergence: number };
    const fresh = tsne(next, 10, { seed: 1 }) as { points: Float64Array; divergence: number };
    const radius = Math.sqrt(cold.points.reduce((s, x) => s + x * x, 0) / n);
    expect(moved(warm.points, cold.points)).toBeLessThan(0.2 * radius);
    expect(warm.divergence).toBeLessThan(fresh.divergence + 0.05);
    expect(new TsneMap(next, 10, { start: cold.points }).iterations).toBe(WARM_ITERATIONS);
  });

  it('parts points that start in one place', () => {
    const map = tsne(rows, 10, { start: new Float64Array(2 * n) })?.points as Float64Array;
    expect(map.every(Number.isFinite)).toBe(true);
    expect(neighbourPurity(map, 2, label, 10)).toBeGreaterThan(0.9);
  });

  it('refuses a start of another size or with a number that is not finite', () => {
    expect(() => new TsneMap(rows, 10, { start: [1, 2] })).toThrow('invalid start: 2 numbers (120 points of 2)');
    const bad = cold.points.slice();
    bad[7] = Number.NaN;
    expect(() => new TsneMap(rows, 10, { start: bad })).toThrow('invalid start of point 3: NaN');
  });
});

describe('degenerate input', () => {
  it('maps duplicates without NaN, more of them than the perplexity too', () => {
    const many = Float64Array.from({ length: 60 * 10 }, (_, at) => rows[(Math.floor(at / 10) % 3) * 10 + (at % 10)]);
    const result = tsne(many, 10, { perplexity: 15 });
    expect(result?.points.every(Number.isFinite)).toBe(true);
    expect(result?.divergence).toBeGreaterThan(0);
    const kind = Array.from({ length: 60 }, (_, i) => i % 3);
    expect(neighbourPurity(result?.points as Float64Array, 2, kind, 10)).toBe(1);
  });

  it('maps equal rows without NaN', () => {
    const result = tsne(new Float64Array(12 * 4).fill(2), 4);
    expect(result?.points.every(Number.isFinite)).toBe(true);
    expect(new Set(nearest(result?.points as Float64Array, 2, 1)).size).toBeGreaterThan(1);
  });

  it('chooses a perplexity that is allowed', () => {
    expect([5, 8, 10, 91, 92, 95, 2000].map((count) => choosePerplexity(count))).toEqual([1, 2, 2, 29, 30, 30, 30]);
    expect(() => choosePerplexity(4)).toThrow('invalid number of points for t-SNE: 4 (5 to 2000)');
    expect(new TsneMap(rows.subarray(0, 100), 10).perplexity).toBe(2);
  });

  it('refuses a perplexity that is too large, naming it and the bound', () => {
    expect(() => new TsneMap(rows.subarray(0, 310), 10, { perplexity: 10 })).toThrow(
      'invalid perplexity: 10 (at least 1 and below (N − 1)/3 = 10.00, N = 31)',
    );
    expect(() => new TsneMap(rows, 10, { perplexity: 0.5 })).toThrow('invalid perplexity: 0.5');
    expect(() => new TsneMap(rows, 10, { perplexity: Number.NaN })).toThrow('invalid perplexity: NaN');
  });

  it('refuses rows that are too many, too narrow or not finite', () => {
    expect(() => new TsneMap(new Float64Array(4002), 2)).toThrow('invalid number of points for t-SNE: 2001 (5 to 2000)');
    expect(() => new TsneMap(new Float64Array(20), 1)).toThrow('invalid width for t-SNE: 1 (at least 2)');
    expect(() => new TsneMap(new Float64Array(21), 2)).toThrow('invalid rows: 21 numbers in rows of 2');
    expect(
      () =>
        new TsneMap(
          rows.map((x, i) => (i === 25 ? Number.NaN : x)),
          10,
        ),
    ).toThrow('invalid number 5 of row 2: NaN');
  });
});
