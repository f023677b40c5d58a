import { expect, test } from 'vitest';
import { rgbOf } from '../../src/charts/color';
import { drawHeatmap, type Heatmap, heatmapFrame, heatmapHome, heatmapView } from '../../src/charts/heatmap';
import { diverging, LIGHT } from '../../src/charts/palette';
import { toSvg } from '../../src/charts/svgContext';
import { Random, STREAM } from '../../src/math/random';

const SIZE = { width: 500, height: 420 };

function heatmap(n: number): Heatmap {
  const random = new Random(2, STREAM.analysis);
  return {
    values: Float32Array.from({ length: n * n }, () => random.unit() * 2 - 1),
    domain: Array.from({ length: n }, (_, i) => Math.floor((5 * i) / n)),
    prompt: Array.from({ length: n }, (_, i) => i >> 3),
    correct: Array.from({ length: n }, (_, i) => (i % 8 < 5 ? 1 : 0)),
    reach: 1,
    title: 'cosine',
    format: (v) => v.toFixed(2),
  };
}

function canvas(): CanvasRenderingContext2D {
  const context = Object.assign(document.createElement('canvas'), SIZE).getContext('2d', { willReadFrequently: true });
  return context as CanvasRenderingContext2D;
}

test('each cell has its colour in the middle, at home and zoomed in, and crisp edges', () => {
  const n = 16;
  const map = heatmap(n);
  const { left, top, side } = heatmapFrame(SIZE);
  const context = canvas();
  for (const view of [heatmapHome(SIZE, n), heatmapView(SIZE, n, { x: 9, y: 5, scale: 60 })]) {
    drawHeatmap(context, SIZE, map, view, LIGHT);
    let seen = 0;
    for (let row = 0; row < n; row++)
      for (let column = 0; column < n; column++) {
        const [x, y] = [
          left + side / 2 + (column + 0.5 - view.x) * view.scale,
          top + side / 2 + (row + 0.5 - view.y) * view.scale,
        ];
        const reach = view.scale / 2 - 3;
        if (x - reach < left || x + reach > left + side || y - reach < top || y + reach > top + side) continue;
        seen++;
        const wanted = rgbOf(diverging(LIGHT, map.values[row * n + column]));
        for (const [dx, dy] of [
          [0, 0],
          [reach, reach],
          [-reach, -reach],
        ]) {
          const { data } = context.getImageData(Math.round(x + dx - 0.5), Math.round(y + dy - 0.5), 1, 1);
          wanted.forEach((v, k) => expect(Math.abs(v - data[k])).toBeLessThan(5));
        }
      }
    expect(seen).toBeGreaterThan(20);
  }
});

test('the cross and the value under the pointer are drawn', () => {
  const map = heatmap(16);
  const [plain, crossed] = [canvas(), canvas()];
  drawHeatmap(plain, SIZE, map, heatmapHome(SIZE, 16), LIGHT);
  drawHeatmap(crossed, SIZE, { ...map, cursor: { row: 3, column: 12 }, rows: [8] }, heatmapHome(SIZE, 16), LIGHT);
  const [a, b] = [plain, crossed].map((c) => c.getImageData(0, 0, SIZE.width, SIZE.height).data);
  let changed = 0;
  for (let i = 0; i < a.length; i += 4) if ([0, 1, 2].some((k) => a[i + k] !== b[i + k])) changed++;
  expect(changed).toBeGreaterThan(4 * heatmapFrame(SIZE).side);
  const text = toSvg(
    SIZE,
    (c) => drawHeatmap(c, SIZE, { ...map, cursor: { row: 3, column: 12 } }, heatmapHome(SIZE, 16), LIGHT),
    { title: 'similarities' },
  );
  expect(text).toContain(`>${map.format(map.values[3 * 16 + 12])}<`);
  expect(text).toContain('<image');
});

test('512 × 512 cells are redrawn in under 16 ms', () => {
  const map = heatmap(512);
  const context = canvas();
  drawHeatmap(context, SIZE, map, heatmapHome(SIZE, 512), LIGHT);
  const times = Array.from({ length: 8 }, (_, k) => {
    const start = performance.now();
    drawHeatmap(
      context,
      SIZE,
      { ...map, cursor: { row: k, column: 2 * k } },
      heatmapView(SIZE, 512, { x: 100 + k, y: 90, scale: 2 }),
      LIGHT,
    );
    context.getImageData(0, 0, 1, 1);
    return performance.now() - start;
  });
  expect(Math.min(...times)).toBeLessThan(16);
});
