import { describe, expect, it } from 'vitest';
import { gradientSurgery, surgeryOrder } from '../../src/math/surgery';

const ASCENDING = [
  [1, 2],
  [0, 2],
  [0, 1],
];

describe('gradientSurgery', () => {
  it('gives the golden vectors of method.md 5', () => {
    const v = gradientSurgery(
      [
        [1, 0],
        [-1, 1],
        [0, -2],
      ],
      ASCENDING,
    ).map((x) => Array.from(x));
    expect(v).toEqual([
      [0.5, 0],
      [0, 0],
      [-1, -1],
    ]);
  });

  it('depends on the inner order', () => {
    const gradients = [
      [1, 0.2],
      [-1, 1],
      [-0.5, -2],
    ];
    const sum = (orders: number[][]) => gradientSurgery(gradients, orders).reduce((s, v) => s + v[0], 0);
    expect(sum(ASCENDING)).not.toBeCloseTo(sum(ASCENDING.map((o) => o.toReversed())), 6);
  });

  it('leaves agreeing and orthogonal gradients and a lone domain as they are, and projects nothing off a vanishing gradient', () => {
    const same = (gradients: number[][], orders: number[][]) =>
      expect(gradientSurgery(gradients, orders).map((v) => Array.from(v))).toEqual(gradients);
    same(
      [
        [1, 0],
        [1, 1],
        [0, 3],
      ],
      ASCENDING,
    );
    same([[3, -4]], [[]]);
    // A squared norm below 1e-12: nothing is projected off it, while it is itself projected off the long one.
    const [long, tiny] = gradientSurgery(
      [
        [1, 0],
        [-9e-7, 1e-7],
      ],
      [[1], [0]],
    );
    expect(Array.from(long)).toEqual([1, 0]);
    expect(Array.from(tiny)).toEqual([0, 1e-7]);
  });
});

describe('surgeryOrder', () => {
  const orders = (seed: number, update: number, module: number) =>
    [0, 1, 2, 3, 4].map((i) => surgeryOrder(seed, update, module, i, 5));

  it('is a permutation of the other domains, repeats with the seed and changes with update, module and domain', () => {
    for (let i = 0; i < 5; i++) expect(surgeryOrder(3, 4, 5, i, 5).toSorted()).toEqual([0, 1, 2, 3, 4].filter((k) => k !== i));
    expect(orders(1, 2, 3)).toEqual(orders(1, 2, 3));
    for (const other of [orders(2, 2, 3), orders(1, 3, 3), orders(1, 2, 4)]) expect(other).not.toEqual(orders(1, 2, 3));
    expect(surgeryOrder(0, 0, 0, 0, 1)).toEqual([]);
  });

  it('draws every order of three others equally often', () => {
    const counts = new Map<string, number>();
    const draws = 6000;
    for (let update = 0; update < draws; update++) {
      const key = surgeryOrder(9, update, 2, 1, 4).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // Chi-square with 5 degrees of freedom: 20.5 has probability 0.001.
    const expected = draws / 6;
    expect([...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)).toBeLessThan(20.5);
  });
});
