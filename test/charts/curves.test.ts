import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bandOver, countText } from '../../src/charts/bands';
import { fanOf, quantilesOf, quantilesOfBins } from '../../src/charts/distribution';
import { entryAt, extentOf, logSpan, valueSpan } from '../../src/charts/lineChart';
import { smooth } from '../../src/charts/smooth';
import { brushed, isZoomed, panBy, pinched, wheelFactor, within, zoomAt } from '../../src/charts/zoom';

describe('smoothing', () => {
  test('window 1 changes nothing, a constant stays itself from the first value on', () => {
    expect([...smooth([3, 1, 2], 1)]).toEqual([3, 1, 2]);
    for (const v of smooth([5, 5, 5, 5], 10)) expect(v).toBeCloseTo(5, 12);
  });

  test('is the weighted mean of what came before, and gaps stay gaps that do not count', () => {
    const values = [1, Number.NaN, 4, 2, Number.POSITIVE_INFINITY, 8];
    const keep = 1 - 2 / (5 + 1);
    const expected = values.map((v, i) => {
      if (!Number.isFinite(v)) return Number.NaN;
      const past = values
        .slice(0, i + 1)
        .filter(Number.isFinite)
        .reverse();
      const weights = past.map((_, k) => keep ** k);
      return past.reduce((sum, p, k) => sum + p * weights[k], 0) / weights.reduce((a, b) => a + b);
    });
    smooth(values, 5).forEach((v, i) =>
      Number.isNaN(expected[i]) ? expect(v).toBeNaN() : expect(v).toBeCloseTo(expected[i], 12),
    );
    expect(() => smooth([], 0)).toThrow('invalid smoothing window: 0 (1 or more)');
  });
});

describe('bands over seeds', () => {
  test('mean and interval are those of the t tables, step by step', () => {
    // 1 … 10: mean 5.5, s = 3.02765, t(0.975, 9) = 2.262157
    const runs = Array.from({ length: 10 }, (_, i) => ({ steps: [1, 2], values: [i + 1, i < 2 ? i : Number.NaN] }));
    const { steps, mean, low, high, n } = bandOver(runs);
    expect(steps).toEqual([1, 2]);
    expect(n).toEqual([10, 2]);
    expect(mean).toEqual([5.5, 0.5]);
    expect(high[0] - 5.5).toBeCloseTo((2.262157 * 3.02765) / Math.sqrt(10), 4);
    expect(5.5 - low[0]).toBeCloseTo(high[0] - 5.5, 12);
    expect(high[1] - 0.5).toBeCloseTo((12.7062 * Math.SQRT1_2) / Math.SQRT2, 3);
  });

  test('runs of different length share steps; one run has no interval, none no mean', () => {
    const out = bandOver([
      { steps: [1, 2, 3], values: [1, 2, Number.NaN] },
      { steps: [2], values: [4] },
    ]);
    expect(out.steps).toEqual([1, 2, 3]);
    expect(out.n).toEqual([1, 2, 0]);
    expect(out.mean).toEqual([1, 3, Number.NaN]);
    expect(out.low[0]).toBeNaN();
    expect([countText(out.n), countText([4, 4]), countText([0])]).toEqual(['n = 1 to 2', 'n = 4', 'n = 0']);
  });
});

describe('quantiles', () => {
  test('are linear between the values, and gaps do not count', () => {
    const values = Array.from({ length: 101 }, (_, i) => (i * 37) % 101);
    expect(quantilesOf([...values, Number.NaN])).toEqual([5, 25, 50, 75, 95]);
    expect(quantilesOf([-10, 9, -1])[2]).toBe(-1);
    for (const v of quantilesOf([])) expect(v).toBeNaN();
  });

  test('of bins agree with those of the values to a bin', () => {
    const values = Array.from({ length: 4000 }, (_, i) => 3 * Math.sin(i * 12.9898) + Math.cos(i * 78.233));
    const edges = Array.from({ length: 81 }, (_, i) => -5 + i / 8);
    const counts = edges.slice(1).map((e, i) => values.filter((v) => v > edges[i] && v <= e).length);
    const exact = quantilesOf(values);
    quantilesOfBins(edges, counts).forEach((q, k) => expect(Math.abs(q - exact[k])).toBeLessThan(1 / 8));
    expect(quantilesOfBins([0, 1, 2], [0, 0]).every(Number.isNaN)).toBe(true);
    expect(() => quantilesOfBins([0, 1], [1, 2])).toThrow('invalid bins: 2 edges for 2 counts (3)');
    expect(fanOf([1, 2], [quantilesOf([1]), quantilesOf([2])])).toMatchObject({ q05: [1, 2], q95: [1, 2] });
  });
});

describe('spans', () => {
  test('of values heed the window, leave gaps out and count bands', () => {
    const line = { steps: [1, 2, 3, 4], values: [9, 1, Number.NaN, -3] };
    expect(extentOf([line])).toEqual([-3, 9]);
    expect(extentOf([line], [], [2, 3])).toEqual([1, 1]);
    expect(extentOf([line], [{ steps: [2], low: [0.5], high: [6] }], [2, 3])).toEqual([0.5, 6]);
    expect(extentOf([line], [], [1, 4], 0)).toEqual([1, 9]);
    expect(extentOf([line], [], [5, 9])).toBeNull();
  });

  test('small values get small spans where that is asked for, and flat ones some room', () => {
    const [low, high] = valueSpan([0.0012, 0.0019], [0, 1], 0);
    expect(high - low).toBeLessThan(0.002);
    const [a, b] = valueSpan([2, 2], [0, 1], 0);
    expect(b).toBeGreaterThan(a);
  });

  test('of a log axis are positive and hold the positive data', () => {
    for (const extent of [
      [0.02, 300],
      [-5, 40],
      [0, 2],
      [7, 7],
    ] as [number, number][]) {
      const [low, high] = logSpan(extent, [1, 10]);
      expect(low).toBeGreaterThan(0);
      expect(high).toBeGreaterThanOrEqual(extent[1]);
      if (extent[0] > 0) expect(low).toBeLessThanOrEqual(extent[0]);
      expect(high / low).toBeGreaterThanOrEqual(10);
    }
    expect(logSpan([-3, 0], [1, 10])).toEqual([1, 10]);
  });

  test('a run that is shorter than the cursor has no value there', () => {
    const line = { steps: [1, 2, 3], values: [5, 6, Number.NaN] };
    expect(entryAt(line, 2, [0, 9])).toBe(1);
    expect(entryAt(line, 3, [0, 9])).toBe(-1);
    expect(entryAt(line, 8, [0, 9])).toBe(-1);
    expect(entryAt(line, null, [0, 9])).toBe(1);
    expect(entryAt(line, null, [0, 1])).toBe(0);
    expect(entryAt({ steps: [], values: [] }, null, [0, 9])).toBe(-1);
    expect(entryAt({ steps: [10, 20, 30], values: [1, 2, 3] }, 38, [0, 99])).toBe(2);
  });
});

describe('zoom', () => {
  const bounds: [number, number] = [0, 200];
  const spans = fc.tuple(fc.double({ min: 0, max: 150, noNaN: true }), fc.double({ min: 5, max: 50, noNaN: true }));

  test('keeps what is under the pointer in place, stays inside, and undoes itself', () => {
    fc.assert(
      fc.property(
        spans,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 8, noNaN: true }),
        ([from, wide], share, by) => {
          const span: [number, number] = [from, from + wide];
          const centre = from + share * wide;
          const [a, b] = zoomAt(span, centre, by, bounds);
          expect(a).toBeGreaterThanOrEqual(0);
          expect(b).toBeLessThanOrEqual(200);
          expect((centre - a) / (b - a)).toBeCloseTo(share, 6);
          expect(b - a).toBeCloseTo(Math.max(4, wide / by), 6);
          const back = zoomAt([a, b], centre, (b - a) / wide, bounds);
          expect(back[0]).toBeCloseTo(span[0], 6);
          expect(back[1]).toBeCloseTo(span[1], 6);
        },
      ),
    );
  });

  test('out ends at all there is; at the edge the window slides', () => {
    expect(zoomAt([50, 60], 55, 1e-9, bounds)).toEqual([0, 200]);
    expect(zoomAt([0, 20], 2, 0.5, bounds)).toEqual([0, 40]);
    expect(() => zoomAt([0, 1], 0, 0, bounds)).toThrow('invalid zoom factor: 0 (above 0)');
    expect(within([-5, 5], bounds)).toEqual([0, 10]);
    expect(within([199, 200], bounds)).toEqual([196, 200]);
    expect(isZoomed([0, 200], bounds)).toBe(false);
    expect(isZoomed([0, 199], bounds)).toBe(true);
  });

  test('panning keeps the width and stops at the ends', () => {
    expect(panBy([10, 30], 5, bounds)).toEqual([15, 35]);
    expect(panBy([10, 30], -50, bounds)).toEqual([0, 20]);
    expect(panBy([10, 30], 500, bounds)).toEqual([180, 200]);
  });

  test('a drag is a span in either direction, a click is none', () => {
    expect(brushed(30, 10, bounds)).toEqual([10, 30]);
    expect(brushed(-9, 300, bounds)).toEqual([0, 200]);
    expect(brushed(10, 12, bounds)).toBeNull();
  });

  test('fingers keep the steps under them', () => {
    const [a, b] = pinched([60, 80], [0.25, 0.75], bounds) as [number, number];
    expect([a, b]).toEqual([50, 90]);
    expect(a + 0.25 * (b - a)).toBeCloseTo(60, 12);
    expect(pinched([60, 80], [0.5, 0.505], bounds)).toBeNull();
    expect(pinched([60, 80], [0.4, 0.43], bounds)).toEqual([0, 200]);
  });

  test('a notch of the wheel zooms gently, whatever it counts in', () => {
    expect(wheelFactor(-100)).toBeCloseTo(1.2, 1);
    expect(wheelFactor(100) * wheelFactor(-100)).toBeCloseTo(1, 12);
    expect(wheelFactor(-6, 1)).toBeCloseTo(wheelFactor(-96), 12);
    expect(wheelFactor(-1e9)).toBeLessThan(2);
  });
});
