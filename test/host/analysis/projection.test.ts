import { describe, expect, it } from 'vitest';
import { type Method, type ProjectOptions, project, projectSteps } from '../../../src/host/analysis/projection';
import { trustworthiness } from '../../../src/math/neighbours';
import { finish } from '../../../src/math/steps';
import { clusters } from '../../math/clusters';

const n = 60;
const width = 8;
const { rows, label } = clusters(n, width, 3, 8);
const data = { rows: Float32Array.from(rows), width, label };
const METHODS: Method[] = ['pca', 'tsne', 'umap'];
const cases = METHODS.flatMap((method) => ([2, 3] as const).map((dimensions) => ({ method, dimensions })));

describe.each(cases)('$method in $dimensions-D', (options: ProjectOptions) => {
  const { dimensions } = options;
  const map = project(data, { ...options, seed: 2 });

  it('keeps planted clusters together and says how true it is', () => {
    expect(map.points.length).toBe(dimensions * n);
    expect(map.points.every(Number.isFinite)).toBe(true);
    expect(map.purity?.map).toBeGreaterThan(0.9);
    expect(map.purity?.original).toBeGreaterThan(0.9);
    expect(map.judged).toBe(n);
    expect(map.neighbours).toBe(10);
    const unit = rows.map((x, at) => {
      const i = at - (at % width);
      return x / Math.hypot(...rows.subarray(i, i + width));
    });
    expect(map.trustworthiness).toBeCloseTo(trustworthiness(unit, width, map.points, 10, dimensions), 2);
    expect(map.trustworthiness).toBeGreaterThan(0.75);
    expect(map.effectiveRank).toBeGreaterThan(2);
    expect(map.effectiveRank).toBeLessThan(width);
    expect(map.note).toBeNull();
  });

  it('repeats bit for bit', () => {
    expect(project(data, { ...options, seed: 2 })).toEqual(map);
    const other = project(data, { ...options, seed: 3 }).points;
    if (options.method === 'pca') expect(other).toEqual(map.points);
    else expect(other).not.toEqual(map.points);
  });

  it('shows extra points where they belong', () => {
    const extra = rows.slice(0, 3 * width);
    const shown = project(data, { ...options, seed: 2, extra });
    expect(shown.points).toEqual(map.points);
    for (let i = 0; i < 3; i++) {
      const at = (shown.extra as Float32Array).subarray(i * dimensions, (i + 1) * dimensions);
      if (options.method === 'pca') at.forEach((x, d) => expect(x).toBeCloseTo(map.points[i * dimensions + d], 5));
      else {
        // Among the rows of its cluster: the nearest row of the picture has its label.
        const far = (j: number) => Math.hypot(...at.map((x, d) => x - map.points[j * dimensions + d]));
        const nearest = label.map((_, j) => j).sort((a, b) => far(a) - far(b))[0];
        expect(label[nearest]).toBe(label[i]);
      }
    }
  });

  it('goes on from a given picture', () => {
    const start = map.points.map((x, k) => (k % dimensions === 0 ? -x : x));
    const next = project(data, { ...options, start });
    const size = Math.sqrt(map.points.reduce((s, x) => s + x * x, 0) / n);
    const far = (a: Float32Array, b: Float32Array) => Math.sqrt(a.reduce((s, x, k) => s + (x - b[k]) ** 2, 0) / n);
    expect(far(next.points, start)).toBeLessThan(0.25 * size);
    expect(far(next.points, map.points)).toBeGreaterThan(0.5 * size);
  });
});

describe('a picture', () => {
  it('of PCA explains its axes', () => {
    const { explained } = project(data, { method: 'pca', dimensions: 3, normalize: false });
    expect(explained?.length).toBe(3);
    // Two directions between three centres at distance 8√2 hold most of the variance beside unit noise.
    expect((explained?.[0] ?? 0) + (explained?.[1] ?? 0)).toBeGreaterThan(0.7);
    expect(project(data, { method: 'tsne', dimensions: 2 }).explained).toBeNull();
  });

  it('looks at directions unless told not to', () => {
    const scaled = Float64Array.from(rows, (x, at) => x * (1 + (Math.floor(at / width) % 7)));
    const one = project({ rows: scaled, width }, { method: 'pca', dimensions: 2 }).points;
    project({ rows, width }, { method: 'pca', dimensions: 2 }).points.forEach((x, k) => expect(one[k]).toBeCloseTo(x, 5));
    const plain = project({ rows: scaled, width }, { method: 'pca', dimensions: 2, normalize: false }).points;
    expect(Math.max(...plain)).toBeGreaterThan(3 * Math.max(...one));
  });

  it('tells its progress in order', () => {
    for (const method of METHODS) {
      const shares = [...projectSteps(data, { method, dimensions: 2 })];
      expect(shares.length).toBeGreaterThan(10);
      shares.reduce((last, share) => {
        expect(share).toBeGreaterThanOrEqual(last - 1e-12);
        expect(share).toBeLessThanOrEqual(1 + 1e-12);
        return share;
      }, 0);
    }
  });

  it('of a sample names its rows', () => {
    const some = project(data, { method: 'tsne', dimensions: 2, sample: 40, seed: 5 });
    expect(some.rows?.length).toBe(40);
    expect([...(some.rows ?? [])]).toEqual([...new Set(some.rows)].sort((a, b) => a - b));
    expect(some.points.length).toBe(80);
    const picked = Float64Array.from({ length: 40 * width }, (_, at) => {
      const row = some.rows?.[Math.floor(at / width)] ?? 0;
      return data.rows[row * width + (at % width)];
    });
    expect(project({ rows: picked, width }, { method: 'tsne', dimensions: 2, seed: 5 }).points).toEqual(some.points);
    expect(project(data, { method: 'pca', dimensions: 2, sample: 900 }).rows).toBeNull();
  });

  it('of many rows is judged on a sample, and says so', () => {
    const many = clusters(1500, 3, 3, 6);
    const map = project({ rows: many.rows, width: 3, label: many.label }, { method: 'pca', dimensions: 2, normalize: false });
    expect(map.judged).toBe(1000);
    expect(map.points.length).toBe(3000);
    expect(map.trustworthiness).toBeGreaterThan(0.9);
  });
});

describe('degenerate rows', () => {
  const few = (count: number) => ({ rows: rows.slice(0, count * width), width });

  it.each([0, 1, 2, 3, 4])('%d of them are drawn by PCA, with a note', (count) => {
    for (const method of METHODS) {
      const map = project(few(count), { method, dimensions: 2 });
      expect(map.points.length).toBe(2 * count);
      expect(map.points.every(Number.isFinite)).toBe(true);
      expect(map.method).toBe('pca');
      if (method !== 'pca') expect(map.note).toContain('Fewer than 5 rollouts');
      if (count < 3) expect(map.trustworthiness).toBeNull();
    }
  });

  it.each([5, 6, 7])('%d of them are enough for every method', (count) => {
    for (const { method, dimensions } of cases) {
      const map = project(few(count), { method, dimensions });
      expect(map.method).toBe(method);
      expect(map.points.every(Number.isFinite)).toBe(true);
    }
  });

  it('that are all equal lie in one place', () => {
    for (const method of METHODS) {
      const map = project({ rows: new Float32Array(20 * 4).fill(3), width: 4 }, { method, dimensions: 3 });
      expect(map.points.every((x) => Math.abs(x) < 1e-12)).toBe(true);
      expect(map.note).toContain('nothing to tell apart');
      expect(map.trustworthiness).toBeNull();
      expect(map.effectiveRank).toBeCloseTo(1, 6);
    }
    expect(project({ rows: new Float32Array(20), width: 2 }, { method: 'umap', dimensions: 2 }).effectiveRank).toBeNull();
  });

  it('with many duplicates stay finite', () => {
    const twice = Float32Array.from({ length: 40 * width }, (_, at) => rows[(Math.floor(at / width) % 4) * width + (at % width)]);
    for (const { method, dimensions } of cases)
      expect(project({ rows: twice, width }, { method, dimensions }).points.every(Number.isFinite)).toBe(true);
  });

  it('of width 1 lie on a line or in their two directions', () => {
    const line = Float32Array.from({ length: 30 }, (_, i) => i - 12);
    for (const { method, dimensions } of cases)
      for (const normalize of [true, false]) {
        const map = project({ rows: line, width: 1 }, { method, dimensions, normalize });
        expect(map.points.every(Number.isFinite)).toBe(true);
      }
    const pca = project({ rows: line, width: 1 }, { method: 'pca', dimensions: 2, normalize: false });
    expect(Math.abs(pca.points[2] - pca.points[0])).toBeCloseTo(1, 5);
    expect(pca.points.every((x, k) => k % 2 === 0 || x === 0)).toBe(true);
  });

  it('are refused in words', () => {
    const bad = data.rows.slice();
    bad[5 * width + 2] = Number.NaN;
    for (const method of METHODS)
      expect(() => project({ rows: bad, width }, { method, dimensions: 2 })).toThrow('invalid number 2 of row 5: NaN');
    const many = { rows: new Float32Array(2001), width: 1 };
    expect(() => project(many, { method: 'tsne', dimensions: 2 })).toThrow(
      'invalid number of rows for t-SNE: 2001 (0 to 2000; take a sample of them)',
    );
    const more = { rows: new Float32Array(20001), width: 1 };
    expect(() => project(more, { method: 'umap', dimensions: 2 })).toThrow('invalid number of rows for UMAP: 20001 (0 to 20000');
    expect(() => project(data, { method: 'tsne', dimensions: 2, perplexity: 50 })).toThrow('invalid perplexity: 50');
    expect(() => project(data, { method: 'umap', dimensions: 2, neighbours: 1 })).toThrow(
      'invalid number of neighbours for UMAP: 1 (2 to 200)',
    );
    expect(() => project(data, { method: 'umap', dimensions: 2, minDist: 3 })).toThrow(
      'invalid least distance for UMAP: 3 (0 to 1)',
    );
    expect(() => project(data, { method: 'pca', dimensions: 2, start: [1] })).toThrow(
      'invalid start: 1 numbers (60 points of 2)',
    );
    expect(() => project(data, { method: 'pca', dimensions: 2, sample: 0 })).toThrow('invalid sample: 0 (at least 1 row)');
    expect(() => finish(projectSteps(data, { method: 'pca', dimensions: 4 as 3 }))).toThrow('invalid dimensions: 4 (2 or 3)');
  });
});
