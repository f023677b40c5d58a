import { describe, expect, it } from 'vitest';
import { EXACT_WIDTH, onAxes, principalAxes, principalComponents } from '../../src/math/pca';
import { Random } from '../../src/math/random';

/** Rows whose variance lies along known orthogonal directions: `scale[k]` along the k-th of a Hadamard-like basis. */
function known(n: number, width: number, scale: readonly number[], seed: number) {
  const random = new Random(seed, 99);
  const directions = scale.map(() => Array.from({ length: width }, () => random.normal()));
  directions.forEach((d, k) => {
    for (const e of directions.slice(0, k)) {
      const along = d.reduce((s, x, c) => s + x * e[c], 0);
      for (let c = 0; c < width; c++) d[c] -= along * e[c];
    }
    const length = Math.hypot(...d);
    for (let c = 0; c < width; c++) d[c] /= length;
  });
  const rows = new Float64Array(n * width);
  for (let i = 0; i < n; i++)
    scale.forEach((s, k) => {
      const x = s * random.normal();
      for (let c = 0; c < width; c++) rows[i * width + c] += x * directions[k][c] + 1;
    });
  return { rows, directions };
}

const cosine = (a: readonly number[], b: readonly number[]) => Math.abs(a.reduce((s, x, c) => s + x * b[c], 0));

describe('principal axes', () => {
  it.each([
    [9, 'exactly'],
    [EXACT_WIDTH + 40, 'by iteration'],
  ])('of %d columns are found %s', (width) => {
    const { rows } = known(60, width, [9, 5, 2, 0.5], 3);
    const { axes, explained, mean } = principalAxes(rows, width, 3);
    // Each axis is an eigenvector of the covariance, applied here row by row; its value is the variance of the coordinates.
    const points = onAxes({ axes, explained, mean }, rows, width);
    let total = 0;
    for (let i = 0; i < 60; i++) for (let c = 0; c < width; c++) total += (rows[i * width + c] - mean[c]) ** 2 / 60;
    axes.forEach((axis, k) => {
      const image = new Array<number>(width).fill(0);
      for (let i = 0; i < 60; i++)
        for (let c = 0; c < width; c++) image[c] += (points[3 * i + k] * (rows[i * width + c] - mean[c])) / 60;
      const variance = Array.from({ length: 60 }, (_, i) => points[3 * i + k] ** 2 / 60).reduce((s, x) => s + x, 0);
      for (let c = 0; c < width; c++) expect(Math.abs(image[c] - variance * axis[c])).toBeLessThan(1e-4 * variance);
      expect(Math.abs(explained[k] - variance / total)).toBeLessThan(1e-9);
      axes.forEach((other, l) => expect(cosine(axis, other)).toBeCloseTo(k === l ? 1 : 0, 9));
    });
    expect(explained[0]).toBeGreaterThan(explained[1]);
    expect(explained[1]).toBeGreaterThan(explained[2]);
  });

  it('find planted directions', () => {
    const { rows, directions } = known(4000, 12, [9, 4, 1], 4);
    const { axes } = principalAxes(rows, 12, 3);
    directions.forEach((d, k) => expect(cosine(d, axes[k])).toBeGreaterThan(0.999));
  });

  it('are zeros beyond the width, and explain nothing where all rows agree', () => {
    expect(principalAxes([1, 2, 4], 1, 3)).toMatchObject({ axes: [[1], [0], [0]], explained: [1, 0, 0] });
    expect(principalAxes(new Float64Array(20).fill(3), 4, 2).explained).toEqual([0, 0]);
    const wide = principalAxes(new Float64Array(3 * (EXACT_WIDTH + 1)).fill(3), EXACT_WIDTH + 1, 2);
    expect(wide.explained).toEqual([0, 0]);
    expect(wide.axes.flat().every(Number.isFinite)).toBe(true);
  });

  it('follow the signs of the picture before', () => {
    const { rows } = known(30, 6, [5, 2], 5);
    const first = principalComponents(rows, 6);
    const turned = first.axes.map((axis, k) => axis.map((x) => (k ? -x : x)));
    const second = principalComponents(rows, 6, turned);
    second.points.forEach((x, k) => expect(x).toBeCloseTo(k % 2 ? -first.points[k] : first.points[k], 6));
  });
});
