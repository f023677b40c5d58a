import { describe, expect, it } from 'vitest';
import { nearest, nearestTo, neighbourPurity, silhouette, trustworthiness } from '../../src/math/neighbours';
import { clusters } from './clusters';

describe('nearest neighbours', () => {
  it('are those of a hand example, nearest first, ties by index', () => {
    expect([...nearest([0, 1, 3, 7, 15], 1, 2)]).toEqual([1, 2, 0, 2, 1, 0, 2, 1, 3, 2]);
    expect([...nearest([0, 0, 1, 0, 0, 1, -1, 0], 2, 3)]).toEqual([1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 2, 1]);
    expect([...nearest([5, 5, 5], 1, 2)]).toEqual([1, 2, 0, 2, 0, 1]);
  });

  it('refuses too many', () => {
    expect(() => nearest([0, 1, 2], 1, 3)).toThrow('invalid number of neighbours: 3 (1 to 2, 3 rows)');
    expect(() => nearest([0, 1, 2], 1, 0)).toThrow('invalid number of neighbours: 0');
    expect(() => nearest([0, 1, Number.NaN], 1, 1)).toThrow('invalid number 0 of row 2: NaN');
  });
});

describe('rows nearest to other points', () => {
  it('may be in the same place', () => {
    const { index, square } = nearestTo([3, 100], [0, 1, 3, 7, 15], 1, 3);
    expect([...index]).toEqual([2, 1, 0, 4, 3, 2]);
    expect([...square]).toEqual([0, 4, 9, 85 ** 2, 93 ** 2, 97 ** 2]);
    expect(() => nearestTo([3], [0, 1], 1, 3)).toThrow('invalid number of neighbours: 3 (1 to 2, 2 rows)');
  });

  it('are those of a full sort', () => {
    const { rows } = clusters(90, 3, 2, 2);
    const near = nearest(rows, 3, 7);
    for (let i = 0; i < 90; i++) {
      const far = (j: number) => Math.hypot(...[0, 1, 2].map((c) => rows[3 * i + c] - rows[3 * j + c]));
      const order = Array.from({ length: 90 }, (_, j) => j).filter((j) => j !== i);
      order.sort((a, b) => far(a) - far(b));
      expect([...near.subarray(7 * i, 7 * i + 7)]).toEqual(order.slice(0, 7));
    }
  });
});

describe('trustworthiness', () => {
  // Five points on a line and a map that moves the second behind the fourth. k = 1: the nearest in the map have ranks 2, 3, 2, 1, 3
  // in the original, excess 1 + 2 + 1 + 0 + 2 = 6. k = 2: one neighbour of rank 3 in each row, excess 5.
  const line = [0, 1, 3, 7, 15];
  const map = [0, 7, 1, 3, 15];

  it('is that of a hand example', () => {
    expect(trustworthiness(line, 1, map, 1, 1)).toBeCloseTo(1 - (2 * 6) / (5 * 1 * 6), 14);
    expect(trustworthiness(line, 1, map, 2, 1)).toBeCloseTo(1 - (2 * 5) / (5 * 2 * 3), 14);
  });

  it('is 1 for a map that keeps the neighbours, scaled or mirrored too', () => {
    const { rows } = clusters(80, 2, 4, 5);
    expect(trustworthiness(rows, 2, rows)).toBe(1);
    expect(
      trustworthiness(
        rows,
        2,
        rows.map((x) => -3 * x),
      ),
    ).toBe(1);
  });

  it('is about a half for a map at random', () => {
    const { rows } = clusters(300, 8, 1, 0, 1);
    const { rows: other } = clusters(300, 2, 1, 0, 2);
    expect(Math.abs(trustworthiness(rows, 8, other) - 0.5)).toBeLessThan(0.03);
  });

  it('refuses k from half of the rows on, and maps of other points', () => {
    expect(() => trustworthiness(line, 1, map, 3, 1)).toThrow(
      'invalid number of neighbours: 3 (1 to 2, fewer than half of 5 rows)',
    );
    expect(() => trustworthiness([0, 1, 2, 3], 1, [0, 1, 2, 3], 2, 1)).toThrow('(1 to 1,');
    expect(() => trustworthiness(line, 1, map, 1, 5)).toThrow('invalid map: 1 points of 5 rows');
  });
});

describe('neighbour purity', () => {
  it('is that of a hand example', () => {
    // Neighbours of 0, 1, 3, 7: 1 and 3, 0 and 3, 1 and 0, 3 and 1; labels a a b b agree 1, 1, 0, 1 times.
    expect(neighbourPurity([0, 1, 3, 7], 1, ['a', 'a', 'b', 'b'], 2)).toBe(3 / 8);
  });

  it('is 1 for one label or far clusters, chance for random labels', () => {
    const { rows, label } = clusters(150, 5, 3, 50);
    expect(neighbourPurity(rows, 5, label)).toBe(1);
    const { rows: cloud } = clusters(600, 5, 3, 0);
    expect(Math.abs(neighbourPurity(cloud, 5, label.concat(label, label, label)) - 1 / 3)).toBeLessThan(0.03);
  });
});

describe('silhouette', () => {
  it('is that of a hand example', () => {
    // a = 1, 1, 2, 2; b = 5, 4, 3.5, 5.5
    expect(silhouette([0, 1, 4, 6], 1, [0, 0, 1, 1])).toBeCloseTo((4 / 5 + 3 / 4 + 1.5 / 3.5 + 3.5 / 5.5) / 4, 14);
    // The only row of a label counts 0.
    expect(silhouette([0, 1, 4], 1, [0, 0, 1])).toBeCloseTo((3 / 4 + 2 / 3 + 0) / 3, 14);
  });

  it('has no value for one label, and 0 where all rows agree', () => {
    expect(silhouette([0, 1, 4], 1, ['x', 'x', 'x'])).toBeNull();
    expect(silhouette([2, 2, 2, 2], 1, [0, 0, 1, 1])).toBe(0);
  });
});
