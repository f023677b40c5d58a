import { describe, expect, it } from 'vitest';
import { move, orthogonal } from '../../src/math/orthogonal';
import { procrustes } from '../../src/math/procrustes';
import { Random } from '../../src/math/random';

const cloud = (n: number, seed: number) => {
  const random = new Random(seed, 99);
  return Float64Array.from({ length: n }, () => random.normal());
};

describe('orthogonal alignment', () => {
  it.each([
    [true, false],
    [true, true],
    [false, true],
  ])('is Procrustes’ closed form in the plane (reflect %s, scale %s)', (reflect, scale) => {
    const [map, target] = [cloud(60, 1), cloud(60, 2)];
    const expected = procrustes(map, target, { reflect, scale });
    const found = orthogonal(map, target, 2, { reflect, scale });
    move(found, map).forEach((x, k) => expect(x).toBeCloseTo(expected.points[k], 6));
    expect(found.scale).toBeCloseTo(expected.scale, 6);
  });

  it('undoes a turn, a mirror and a shift in space', () => {
    const target = cloud(90, 3);
    const [c, s] = [Math.cos(1.1), Math.sin(1.1)];
    const map = target.map((_, k) => {
      const [x, y, z] = target.subarray(k - (k % 3), k - (k % 3) + 3);
      return [c * x - s * z + 4, -y - 1, s * x + c * z][k % 3];
    });
    move(orthogonal(map, target, 3), map).forEach((x, k) => expect(x).toBeCloseTo(target[k], 7));
    const kept = orthogonal(map, target, 3, { reflect: false });
    const [a, b, d, e, f, g, h, i, j] = kept.rotation;
    expect(a * (f * j - g * i) - b * (e * j - g * h) + d * (e * i - f * h)).toBeCloseTo(1, 9);
  });

  it('counts points by weight', () => {
    const map = [0, 0, 1, 0, 0, 5];
    const target = [0, 0, 0, 1, 9, 9];
    const [x0, y0, x1, y1] = move(orthogonal(map, target, 2, { weight: [1, 1, 0] }), map);
    [x0, y0, x1, y1].forEach((x, k) => expect(x).toBeCloseTo(target[k], 6));
  });

  it('leaves alone what the points say nothing about', () => {
    const { rotation } = orthogonal([1, 1, 1], [2, 0, 5], 3);
    rotation.forEach((x, k) => expect(x).toBeCloseTo(k % 4 === 0 ? 1 : 0, 12));
    // Points on one line: the line turns, with the least turn beside it.
    const line = orthogonal([0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0], 3, { reflect: false });
    expect([...move(line, [0, 0, 1, 0.5, 0, 1])].map((x) => Math.round(x * 1e6) / 1e6 + 0)).toEqual([0, 0, 1, 0, 0.5, 1]);
  });

  it('refuses maps of other sizes', () => {
    expect(() => orthogonal([1, 2, 3], [1, 2, 3, 4, 5, 6], 3)).toThrow('invalid maps: 3 and 6 numbers');
  });
});
