import { describe, expect, it } from 'vitest';
import { procrustes } from '../../src/math/procrustes';
import { Random } from '../../src/math/random';

const cloud = (n: number, seed: number) => {
  const random = new Random(seed, 99);
  return Float64Array.from({ length: 2 * n }, (_, k) => (k % 2 ? 1 : 3) * random.normal());
};
const moved = (y: Float64Array, angle: number, mirror: boolean, scale = 1, by = [0, 0]) =>
  Float64Array.from(y, (_, k) => {
    const [a, b] = [y[k - (k % 2)], (mirror ? -1 : 1) * y[k - (k % 2) + 1]];
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return scale * (k % 2 ? s * a + c * b : c * a - s * b) + by[k % 2];
  });
const target = cloud(40, 1);

describe('procrustes', () => {
  it.each([
    [0, false],
    [0.7, false],
    [-2.5, false],
    [Math.PI, false],
    [0.7, true],
    [3, true],
  ])('brings a copy turned by %d (mirrored: %s) and moved back onto its original', (angle, mirror) => {
    const { points, rotation, scale, residual } = procrustes(moved(target, angle, mirror, 1, [5, -7]), target);
    points.forEach((x, k) => expect(x).toBeCloseTo(target[k], 12));
    expect(residual).toBeLessThan(1e-12);
    expect(scale).toBe(1);
    const [a, b, c, d] = rotation;
    expect(a * d - b * c).toBeCloseTo(mirror ? -1 : 1, 12);
    expect(a * a + b * b).toBeCloseTo(1, 12);
    expect(a * c + b * d).toBeCloseTo(0, 12);
  });

  it('fits the scale only when asked', () => {
    const copy = moved(target, 1, true, 2.5, [1, 1]);
    const fitted = procrustes(copy, target, { scale: true });
    expect(fitted.scale).toBeCloseTo(0.4, 12);
    expect(fitted.residual).toBeLessThan(1e-12);
    expect(procrustes(copy, target).residual).toBeGreaterThan(1);
  });

  it('does not mirror when told not to', () => {
    const { rotation, residual } = procrustes(moved(target, 1, true), target, { reflect: false });
    expect(rotation[0] * rotation[3] - rotation[1] * rotation[2]).toBeCloseTo(1, 12);
    expect(residual).toBeGreaterThan(0.1);
  });

  it('finds what no rotation, reflection or scale on a fine grid beats', () => {
    const noise = cloud(40, 2);
    const map = moved(target, 2, true, 0.5).map((x, k) => x + 0.3 * noise[k]);
    const best = procrustes(map, target, { scale: true });
    const away = (turned: Float64Array) => {
      // Both maps about their means.
      let sum = 0;
      for (const axis of [0, 1]) {
        const d = Array.from({ length: 40 }, (_, i) => turned[2 * i + axis] - target[2 * i + axis]);
        const m = d.reduce((s, x) => s + x, 0) / 40;
        sum += d.reduce((s, x) => s + (x - m) ** 2, 0);
      }
      return Math.sqrt(sum / 40);
    };
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 2000; i++)
      for (const mirror of [false, true]) least = Math.min(least, away(moved(map, (i * Math.PI) / 1000, mirror, best.scale)));
    for (let s = 0.5; s < 2; s += 0.01) {
      const turned = Float64Array.from(best.points, (x) => x * s);
      expect(away(turned)).toBeGreaterThanOrEqual(best.residual - 1e-12);
    }
    expect(least).toBeGreaterThanOrEqual(best.residual - 1e-12);
    expect(least - best.residual).toBeLessThan(1e-3);
  });

  it('leaves points in one place alone, and refuses maps of other sizes', () => {
    const { rotation, scale, points } = procrustes([1, 1, 1, 1], [0, 0, 2, 2], { scale: true });
    expect(rotation).toEqual([1, -0, 0, 1]);
    expect(scale).toBe(1);
    expect([...points]).toEqual([1, 1, 1, 1]);
    expect(() => procrustes([1, 2], [1, 2, 3, 4])).toThrow('invalid maps: 2 and 4 numbers');
    expect(() => procrustes([], [])).toThrow('invalid maps: 0 and 0 numbers');
  });
});
