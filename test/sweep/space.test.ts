import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spaceOf } from '../../src/sweep/space';
import type { SweptField } from '../../src/sweep/types';

const range = (over: object) =>
  ({ field: 'contrast.tau', from: 0.01, to: 1, scale: 'log', integer: false, ...over }) as SweptField;
const axisOf = (f: SweptField) => spaceOf({ fields: [f] }).axes[0];

/** Any swept field: real or integer, linear or log, counted or not, or a choice. */
const anyField: fc.Arbitrary<SweptField> = fc.oneof(
  fc.record({ values: fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 12 }) }).map(({ values }) => ({
    field: 'contrast.warmup',
    values,
  })),
  fc
    .record({
      low: fc.double({ min: 1e-6, max: 1, noNaN: true }),
      factor: fc.double({ min: 1.01, max: 1e6, noNaN: true }),
      log: fc.boolean(),
      count: fc.option(fc.integer({ min: 2, max: 30 }), { nil: undefined }),
    })
    .map(({ low, factor, log, count }) =>
      range({ from: low, to: low * factor, scale: log ? 'log' : 'linear', ...(count ? { count } : {}) }),
    ),
  fc
    .record({ low: fc.integer({ min: 1, max: 500 }), more: fc.integer({ min: 1, max: 5000 }), log: fc.boolean() })
    .map(({ low, more, log }) =>
      range({ field: 'contrast.warmup', from: low, to: low + more, scale: log ? 'log' : 'linear', integer: true }),
    ),
);

test('unit then at gives the value back; at then unit the same place on a continuum', () => {
  fc.assert(
    fc.property(
      fc.array(anyField, { minLength: 1, maxLength: 4 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4 }),
      (list, us) => {
        const fields = list.map((f, i) => ({
          ...f,
          field: ['contrast.tau', 'contrast.lambda', 'optimizer.lr', 'contrast.warmup'][i],
        }));
        const space = spaceOf({ fields });
        const values = space.at(us);
        const u = space.unit(values);
        const again = space.at(u);
        fields.forEach((f, i) => {
          const [a, b] = [values[f.field] as number, again[f.field] as number];
          const continuum = 'from' in f && !f.integer && f.count === undefined;
          if (continuum) {
            expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-10 * Math.abs(a));
            // Six digits beyond what the ends share.
            expect(Math.abs(u[i] - us[i])).toBeLessThan(6e-5);
          } else expect(b).toBe(a);
          expect(u[i]).toBeGreaterThanOrEqual(0);
          expect(u[i]).toBeLessThanOrEqual(1);
        });
      },
    ),
  );
});

test('values stay within their field and rise with the coordinate', () => {
  fc.assert(
    fc.property(anyField, fc.double({ min: -1, max: 2, noNaN: true }), fc.double({ min: -1, max: 2, noNaN: true }), (f, a, b) => {
      const axis = axisOf(f);
      const [x, y] = [Math.min(a, b), Math.max(a, b)].map((u) => axis.at(u) as number);
      if ('values' in f) {
        expect(f.values).toContain(x);
        return;
      }
      expect(x).toBeGreaterThanOrEqual(f.from);
      expect(y).toBeLessThanOrEqual(f.to);
      expect(y).toBeGreaterThanOrEqual(x);
      if (f.integer) expect(Number.isInteger(x)).toBe(true);
    }),
  );
});

test('the ends of a range are reached exactly, its middle is arithmetic or geometric', () => {
  const log = axisOf(range({}));
  expect([0, 1].map(log.at)).toEqual([0.01, 1]);
  expect(log.at(0.5)).toBeCloseTo(0.1, 12);
  const linear = axisOf(range({ from: 0.3, to: 0.9, scale: 'linear' }));
  expect([0, 1].map(linear.at)).toEqual([0.3, 0.9]);
  expect(linear.at(0.5)).toBeCloseTo(0.6, 12);
});

test('integers of a linear range are equally likely, the ends too; on a log scale as log((k + ½) / (k − ½))', () => {
  const count = (scale: string, from: number, to: number) => {
    const axis = axisOf(range({ field: 'contrast.warmup', from, to, scale, integer: true }));
    const n = 200_000;
    const seen = new Map<number, number>();
    for (let i = 0; i < n; i++) {
      const v = axis.at((i + 0.5) / n) as number;
      seen.set(v, (seen.get(v) ?? 0) + 1 / n);
    }
    return seen;
  };
  const linear = count('linear', 5, 104);
  expect(linear.size).toBe(100);
  for (const share of linear.values()) expect(share).toBeCloseTo(0.01, 4);
  const log = count('log', 1, 64);
  for (const [k, share] of log) expect(share).toBeCloseTo(Math.log((k + 0.5) / (k - 0.5)) / Math.log(64.5 / 0.5), 4);
});

describe('grid', () => {
  const levels = (f: object) => axisOf(range(f)).levels;

  test('counted ranges have round values and exact ends', () => {
    expect(levels({ from: 0.1, to: 0.5, scale: 'linear', count: 5 })).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(levels({ from: 0.001, to: 1, count: 4 })).toEqual([0.001, 0.01, 0.1, 1]);
    expect(levels({ from: 0.025, to: 0.4, count: 5 })).toEqual([0.025, 0.05, 0.1, 0.2, 0.4]);
    expect(levels({ from: 1, to: 64, integer: true, count: 4 })).toEqual([1, 4, 16, 64]);
  });

  test('few integers need no count, many and a continuum do', () => {
    expect(levels({ from: 0, to: 3, scale: 'linear', integer: true })).toEqual([0, 1, 2, 3]);
    expect(levels({ from: 0, to: 31, scale: 'linear', integer: true })).toHaveLength(32);
    expect(levels({ from: 0, to: 32, scale: 'linear', integer: true })).toBeNull();
    expect(levels({})).toBeNull();
  });

  const space = spaceOf({
    fields: [
      { field: 'contrast.tau', values: [0.1, 0.2] },
      { field: 'policy.width', values: [16, 32] },
      { field: 'method', values: ['grpo', 'mgs'] },
      { field: 'contrast.beta', values: [0, 1, 2] },
      { field: 'tasks.relatedness', values: [0, 3] },
    ],
  });

  test('has every choice of values once', () => {
    const points = space.grid();
    expect(space.size).toBe(48);
    expect(new Set(points.map(space.keyOf)).size).toBe(48);
    expect(points[7]).toEqual(space.gridAt(7));
    expect(Object.keys(points[0])).toEqual(['contrast.tau', 'policy.width', 'method', 'contrast.beta', 'tasks.relatedness']);
    expect(() => space.gridAt(48)).toThrow('no grid point 48 (of 48)');
  });

  test('what parts fleets varies slowest, so that trials of one fleet follow each other', () => {
    const changes = (path: string) => space.grid().filter((p, i, all) => i > 0 && p[path] !== all[i - 1][path]).length;
    expect(['policy.width', 'tasks.relatedness', 'method', 'contrast.tau', 'contrast.beta'].map(changes)).toEqual([
      1, 3, 7, 15, 47,
    ]);
  });
});

test('a value that the field cannot have has no place', () => {
  expect(() => axisOf(range({})).unit(2)).toThrow('contrast.tau is never 2');
  expect(() => axisOf({ field: 'method', values: ['grpo'] }).unit('mgs')).toThrow('method is never mgs');
});
