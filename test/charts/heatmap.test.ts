import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rgbOf } from '../../src/charts/color';
import {
  blocks,
  type Heatmap,
  heatmapCell,
  heatmapFrame,
  heatmapHome,
  heatmapPan,
  heatmapPixels,
  heatmapPlace,
  heatmapSide,
  heatmapView,
  heatmapZoom,
  rowsOf,
} from '../../src/charts/heatmap';
import { DARK, LIGHT } from '../../src/charts/palette';

const N = 20;
const MAP: Heatmap = {
  values: Float32Array.from({ length: N * N }, (_, i) => i),
  domain: Array.from({ length: N }, (_, i) => (i < 8 ? 0 : 3)),
  prompt: Array.from({ length: N }, (_, i) => i >> 2),
  correct: Array.from({ length: N }, (_, i) => i % 2),
  reach: 1,
  title: 'cosine',
  format: String,
};

for (const size of [
  { width: 640, height: 480 },
  { width: 340, height: 340 },
  { width: 300, height: 600 },
])
  describe(`${size.width} × ${size.height}`, () => {
    const { left, top, side, legend } = heatmapFrame(size);
    const home = heatmapHome(size, N);

    test('the square lies within the canvas with room for its marks and its legend', () => {
      expect(left).toBeGreaterThanOrEqual(26);
      expect(left + side + (legend === 'right' ? 80 : 0)).toBeLessThanOrEqual(size.width);
      expect(top + side + (legend === 'below' ? 36 : 0)).toBeLessThanOrEqual(size.height);
      expect(side).toBeGreaterThan(0.6 * Math.min(size.width, size.height));
    });

    test('at home every cell is at its place', () => {
      for (const [row, column] of [
        [0, 0],
        [7, 12],
        [N - 1, 0],
        [N - 1, N - 1],
      ]) {
        const [px, py] = [left + (side * (column + 0.5)) / N, top + (side * (row + 0.5)) / N];
        expect(heatmapCell(MAP, size, home, px, py)).toEqual({ row, column, value: row * N + column });
      }
      for (const [px, py] of [
        [left - 1, top + 5],
        [left + 5, top - 1],
        [left + side + 1, top + 5],
        [left + 5, top + side + 1],
      ])
        expect(heatmapCell(MAP, size, home, px, py)).toBe(null);
    });

    test('zooming in leaves the cell under the pointer at rest; no view shows what is beside the matrix', () => {
      const place = fc.tuple(fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.double({ min: 0.01, max: 0.99, noNaN: true }));
      fc.assert(
        fc.property(
          place,
          fc.double({ min: 1, max: 4, noNaN: true }),
          fc.integer({ min: -900, max: 900 }),
          ([a, b], factor, by) => {
            const [px, py] = [left + a * side, top + b * side];
            const near = heatmapZoom(size, N, home, px, py, factor);
            const [x, y] = heatmapPlace(size, near, px, py);
            const [column, row] = heatmapPlace(size, home, px, py);
            const moved = heatmapPan(size, N, near, by, -by);
            const corners = [heatmapPlace(size, moved, left, top), heatmapPlace(size, moved, left + side, top + side)];
            return (
              Math.abs(x - column) < 1e-9 * N &&
              Math.abs(y - row) < 1e-9 * N &&
              corners.flat().every((v) => v > -1e-6 && v < N + 1e-6)
            );
          },
        ),
      );
    });

    test('it zooms no further out than home and not beyond 72 px per cell', () => {
      expect(heatmapZoom(size, N, home, left, top, 0.1)).toEqual(home);
      expect(heatmapView(size, N, { ...home, scale: 1e6 }).scale).toBe(72);
    });

    test('the marks beside it tell their domain and its rows', () => {
      const at = (row: number) => (side * (row + 0.5)) / N;
      expect(heatmapSide(MAP, size, home, left - 5, top + at(3))).toEqual({ domain: 0, from: 0, to: 8 });
      expect(heatmapSide(MAP, size, home, left + at(12), top - 5)).toEqual({ domain: 3, from: 8, to: 20 });
      expect(heatmapSide(MAP, size, home, left + 5, top + 5)).toBe(null);
    });
  });

test('colours: blue at the top of the scale, orange at the bottom, the ground at zero; no value is clear', () => {
  for (const palette of [LIGHT, DARK]) {
    const stops = palette.divergingStops.map(rgbOf);
    const pixels = heatmapPixels(Float32Array.of(2, -2, 0, Number.NaN, 50, -50), 2, palette);
    const cell = (i: number) => [...pixels.subarray(4 * i, 4 * i + 3)];
    expect([cell(0), cell(1)]).toEqual([stops[4], stops[0]]);
    cell(2).forEach((v, k) => expect(Math.abs(v - stops[2][k])).toBeLessThan(4));
    expect([cell(4), cell(5)]).toEqual([stops[4], stops[0]]);
    expect([3, 7, 11, 15].map((i) => pixels[i])).toEqual([255, 255, 255, 0]);
  }
});

test('runs of equal labels', () => {
  expect(blocks([2, 2, 0, 2])).toEqual([
    { value: 2, from: 0, to: 2 },
    { value: 0, from: 2, to: 3 },
    { value: 2, from: 3, to: 4 },
  ]);
  expect(blocks([])).toEqual([]);
});

test('values that do not fit the labels are refused', () => {
  expect(() => rowsOf({ ...MAP, values: new Float32Array(7) })).toThrow('invalid heat map: 7 values for 20 rows (400)');
});
