import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Camera, HOME, matrixOf, orbitBy, orbitKey, stageOf, zoomBy } from '../../src/charts/camera';
import { inside, PointGrid } from '../../src/charts/grid';
import { between, betweenViews, eased, fitView, panBy, toCanvas, toMap, type View, zoomAt } from '../../src/charts/view';
import { Random, STREAM } from '../../src/math/random';
import { clusters } from './cloudFixture';

const SIZE = { width: 640, height: 480 };
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const view = fc.record({ x: number(-5, 5), y: number(-5, 5), scale: number(0.5, 500) });
const place = fc.tuple(number(0, 640), number(0, 480));

describe('views of the plane', () => {
  test('the fitting view shows every point of all maps, one of them at the edge, and heeds no missing one', () => {
    const maps = [clusters(200).points, Float32Array.of(3, -1, Number.NaN, 50, -2.5, 1)];
    const fit = fitView([maps[0], Float32Array.of(3, -1, -2.5, 1)], SIZE, 20);
    expect(fitView([maps[0], Float32Array.of(3, -1, Number.NaN, Number.NaN, -2.5, 1)], SIZE, 20)).toEqual(fit);
    const edges = maps[0].length / 2;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < edges; i++) {
      const [x, y] = toCanvas(fit, SIZE, maps[0][2 * i], maps[0][2 * i + 1]);
      least = Math.min(least, x, y, 640 - x, 480 - y);
    }
    for (const [x, y] of [toCanvas(fit, SIZE, 3, -1), toCanvas(fit, SIZE, -2.5, 1)])
      least = Math.min(least, x, y, 640 - x, 480 - y);
    expect(least).toBeCloseTo(20, 4);
  });

  test('a map of one point, of one place, or of none has a view too', () => {
    for (const points of [[], [2, 3], [2, 3, 2, 3], [Number.NaN, 1]]) {
      const { x, y, scale } = fitView([points], SIZE);
      for (const v of [x, y, scale]) expect(Number.isFinite(v)).toBe(true);
      expect(scale).toBeGreaterThan(0);
    }
    expect(fitView([[2, 3]], SIZE)).toMatchObject({ x: 2, y: 3 });
  });

  test('places go there and back; up on the map is up on the canvas', () => {
    fc.assert(
      fc.property(view, place, (v, [px, py]) => {
        const [x, y] = toCanvas(v, SIZE, ...toMap(v, SIZE, px, py));
        return Math.abs(x - px) < 1e-6 && Math.abs(y - py) < 1e-6;
      }),
    );
    const v = { x: 0, y: 0, scale: 10 };
    expect(toCanvas(v, SIZE, 0, 1)[1]).toBeLessThan(toCanvas(v, SIZE, 0, 0)[1]);
  });

  test('zooming leaves the point under the pointer at rest, panning carries it along', () => {
    fc.assert(
      fc.property(view, place, number(0.2, 5), (v, [px, py], factor) => {
        const before = toMap(v, SIZE, px, py);
        const near = toMap(zoomAt(v, SIZE, px, py, factor, [0.1, 1000]), SIZE, px, py);
        const moved = toMap(panBy(v, 30, -20), SIZE, px + 30, py - 20);
        return [near, moved].every((p) => Math.hypot(p[0] - before[0], p[1] - before[1]) < 1e-6 * (1 + 1000 / v.scale));
      }),
    );
    expect(zoomAt({ x: 0, y: 0, scale: 10 }, SIZE, 0, 0, 1000, [5, 40]).scale).toBe(40);
  });
});

describe('from one map to the next', () => {
  test('points move on straight lines; one that is missing on one side stays', () => {
    const [a, b] = [Float32Array.of(0, 0, 1, 2, Number.NaN, Number.NaN), Float32Array.of(4, 8, Number.NaN, Number.NaN, 5, 6)];
    expect([...between(a, b, 0.25)]).toEqual([1, 2, 1, 2, 5, 6]);
    expect([...between(a, b, 0)].slice(0, 2)).toEqual([0, 0]);
    expect([...between(a, b, 1)].slice(0, 2)).toEqual([4, 8]);
    expect(() => between(a, Float32Array.of(1), 0)).toThrow('invalid maps: 6, 1 and 6 numbers (as many in all)');
  });

  test('views zoom by equal factors, time is slow at both ends', () => {
    const [a, b]: View[] = [
      { x: 0, y: 0, scale: 10 },
      { x: 4, y: -2, scale: 1000 },
    ];
    const half = betweenViews(a, b, 0.5);
    expect(half.x).toBe(2);
    expect(half.y).toBe(-1);
    expect(half.scale).toBeCloseTo(100, 9);
    expect([eased(-1), eased(0), eased(0.5), eased(1), eased(2)]).toEqual([0, 0, 0.5, 1, 1]);
    expect(eased(0.05) / 0.05).toBeLessThan(0.2);
  });
});

describe('the grid finds what a search through all points finds', () => {
  const random = new Random(5, STREAM.analysis);
  const maps: Record<string, number[]> = {
    spread: Array.from({ length: 400 }, () => random.unit() * 2 - 1),
    'one far away': [...Array.from({ length: 198 }, () => random.unit() / 1000), 1e6, -1e6],
    'on a line': Array.from({ length: 200 }, (_, i) => (i % 2 ? 0.3 : random.unit())),
    'in one place': Array.from({ length: 100 }, () => 0.5),
    'with gaps': Array.from({ length: 300 }, (_, i) => (i % 7 === 0 ? Number.NaN : random.unit())),
    none: [],
  };

  test.each(Object.entries(maps))('%s', (_, points) => {
    const grid = new PointGrid(points);
    const n = points.length / 2;
    const rows = Array.from({ length: n }, (_, i) => i).filter((i) => Number.isFinite(points[2 * i] + points[2 * i + 1]));
    const away = (i: number, x: number, y: number) => Math.hypot(points[2 * i] - x, points[2 * i + 1] - y);
    for (let k = 0; k < 60; k++) {
      const [x, y, r] = [random.unit() * 2 - 1, random.unit() * 2 - 1, random.unit()];
      const odd = (i: number) => i % 2 === 1;
      for (const shown of [() => true, odd]) {
        const near = rows.filter((i) => shown(i) && away(i, x, y) <= r).sort((a, b) => away(a, x, y) - away(b, x, y) || a - b);
        expect(grid.nearest(x, y, r, shown)).toBe(near[0] ?? -1);
      }
      const box = [x, y, x + r - 0.5, y - r] as const;
      const [left, right] = [Math.min(box[0], box[2]), Math.max(box[0], box[2])];
      const boxed = rows.filter(
        (i) => points[2 * i] >= left && points[2 * i] <= right && points[2 * i + 1] >= y - r && points[2 * i + 1] <= y,
      );
      expect(grid.inBox(box)).toEqual(boxed);
    }
  });

  test('a lasso takes what it goes around once', () => {
    const points = maps.spread;
    // An L: its inside is the union of two rectangles.
    const lasso: [number, number][] = [
      [-0.8, -0.8],
      [0.7, -0.8],
      [0.7, -0.2],
      [0, -0.2],
      [0, 0.9],
      [-0.8, 0.9],
    ];
    const within = (x: number, y: number) =>
      (x > -0.8 && x < 0.7 && y > -0.8 && y < -0.2) || (x > -0.8 && x < 0 && y > -0.8 && y < 0.9);
    const wanted = Array.from({ length: points.length / 2 }, (_, i) => i).filter((i) => within(points[2 * i], points[2 * i + 1]));
    expect(wanted.length).toBeGreaterThan(20);
    expect(new PointGrid(points).inLasso(lasso)).toEqual(wanted);
    expect(new PointGrid(points).inLasso(lasso.slice(0, 2))).toEqual([]);
    expect(inside(lasso, Number.NaN, 0)).toBe(false);
  });
});

describe('the camera', () => {
  const points = clusters(500, 3).points;
  const stage = stageOf([points]);
  const onCanvas = (camera: Camera, [x, y, z]: Iterable<number>) => {
    const m = matrixOf({ camera, stage }, SIZE);
    const row = (r: number) => m[r] * x + m[4 + r] * y + m[8 + r] * z + m[12 + r];
    return { x: 320 * (1 + row(0) / row(3)), y: 240 * (1 - row(1) / row(3)), w: row(3) };
  };
  const camera = fc.record({ yaw: number(-7, 7), pitch: number(-1.5, 1.5), zoom: fc.constant(1) });

  test('every point is on the canvas however it is turned, and fills it', () => {
    let most = 0;
    fc.assert(
      fc.property(camera, fc.integer({ min: 0, max: 499 }), (c, i) => {
        const { x, y } = onCanvas(c, points.subarray(3 * i, 3 * i + 3));
        most = Math.max(most, Math.hypot(x - 320, y - 240));
        return Math.hypot(x - 320, y - 240) <= 240;
      }),
      { numRuns: 2000 },
    );
    expect(most).toBeGreaterThan(150);
  });

  test('unturned, the first axis goes right, the second up and the third towards the eye', () => {
    const c: Camera = { yaw: 0, pitch: 0, zoom: 1 };
    const at = (k: number, v: number) =>
      onCanvas(
        c,
        stage.center.map((m, j) => m + (j === k ? v : 0)),
      );
    const middle = at(0, 0);
    expect([middle.x, middle.y]).toEqual([expect.closeTo(320, 3), expect.closeTo(240, 3)]);
    expect(at(0, 0.3).x).toBeGreaterThan(321);
    expect(at(0, 0.3).y).toBeCloseTo(240, 3);
    expect(at(1, 0.3).y).toBeLessThan(239);
    expect(at(2, 0.3).w).toBeLessThan(middle.w);
  });

  test('a drag to the right and down carries the front along; zoom scales about the middle', () => {
    const start: Camera = { yaw: 0, pitch: 0, zoom: 1 };
    const front = stage.center.map((m, j) => m + (j === 2 ? stage.radius : 0));
    const turned = onCanvas(orbitBy(start, 0.2, 0.2), front);
    expect(turned.x).toBeGreaterThan(330);
    expect(turned.y).toBeGreaterThan(250);
    const [once, twice] = [onCanvas(HOME, points), onCanvas(zoomBy(HOME, 2), points)];
    expect(twice.x - 320).toBeCloseTo(2 * (once.x - 320), 3);
    expect(twice.y - 240).toBeCloseTo(2 * (once.y - 240), 3);
  });

  test('it never tips over, zooms within bounds, and answers to keys', () => {
    expect(orbitBy(HOME, 0, 10).pitch).toBe(1.5);
    expect(orbitBy(HOME, 0, -10).pitch).toBe(-1.5);
    expect([zoomBy(HOME, 1e9).zoom, zoomBy(HOME, 0).zoom]).toEqual([20, 0.3]);
    expect(orbitKey(HOME, 'ArrowRight')?.yaw).toBeGreaterThan(HOME.yaw);
    expect(orbitKey(HOME, 'ArrowLeft', true)?.yaw).toBeCloseTo(HOME.yaw - Math.PI / 180);
    expect(orbitKey(HOME, 'ArrowUp')?.pitch).toBeLessThan(HOME.pitch);
    expect(orbitKey(HOME, 'ArrowDown')?.pitch).toBeGreaterThan(HOME.pitch);
    expect(orbitKey(HOME, '+')?.zoom).toBeCloseTo(1.2);
    expect(orbitKey({ ...HOME, zoom: 3 }, '-')?.zoom).toBeCloseTo(2.5);
    expect(orbitKey({ yaw: 1, pitch: 1, zoom: 5 }, '0')).toEqual(HOME);
    expect(orbitKey(HOME, 'a')).toBe(null);
  });
});
