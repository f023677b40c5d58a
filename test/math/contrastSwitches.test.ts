import { describe, expect, it, test } from 'vitest';
import { type ContrastPool, type ContrastSwitches, contrast } from '../../src/math/contrast';
import { Random } from '../../src/math/random';

const weights = { tau: 0.3, beta: 0.4, gamma: 0.7 };

/** Ragged groups: prompts with no, one and only correct rollouts among them, and some without an incorrect one. */
function poolOf(seed: number, sizes = [3, 1, 4, 2, 3, 2, 3], width = 4): ContrastPool {
  const random = new Random(seed, 31);
  const prompt = sizes.flatMap((n, p) => new Array<number>(n).fill(p));
  return {
    u: prompt.map(() => Array.from({ length: width }, () => random.normal() + 0.8)),
    reward: prompt.map((p) => (p === 3 ? 1 : p === 5 ? 0 : Number(random.chance(0.6)))),
    prompt,
    domain: prompt.map((p) => Math.floor(p / 2.4)),
  };
}

type Table = (p: number, q: number) => number;

/** (11) once more, from exponentials and by anchors, with given compatibilities. */
function written({ u, reward, prompt, domain }: ContrastPool, s: ContrastSwitches, table: Table): number {
  const { tau, beta, gamma } = weights;
  const z = u.map((x) => x.map((v) => v / Math.hypot(...x)));
  const e = (i: number, j: number) => Math.exp(z[i].reduce((sum, x, k) => sum + x * z[j][k], 0) / tau);
  const meets = (i: number, j: number) => i !== j && (s.scope === 'pool' || prompt[i] === prompt[j]);
  const parts: { weight: number; loss: number }[][][] = [[], []];
  reward.forEach((r, i) => {
    if (!r) return;
    const others = reward.flatMap((_, j) => (meets(i, j) ? [j] : []));
    const wrong = others.filter((j) => !reward[j]);
    const E = (s.denominator === 'all' ? others : wrong).reduce((sum, k) => sum + e(i, k), 0);
    const pairs: (typeof parts)[0] = [[], []];
    for (const j of others.filter((o) => reward[o])) {
      const share = e(i, j) / (s.denominator === 'all' ? E : E + e(i, j));
      const same = domain[i] === domain[j];
      pairs[same ? 1 : 0].push({
        weight: same ? 1 : table(Number(prompt[i]), Number(prompt[j])),
        loss: wrong.length ? -Math.log(share) : 0,
      });
    }
    pairs.forEach((list, part) => void parts[part].push(list));
  });
  const over = (list: { weight: number; loss: number }[], of: 'weight' | 'weighted') =>
    list.reduce((sum, { weight, loss }) => sum + weight * (of === 'weight' ? 1 : loss), 0);
  const [Lx, Lin] = parts.map((anchors) => {
    const all = anchors.flat();
    if (!over(all, 'weight')) return 0;
    if (s.normalizer === 'global') return over(all, 'weighted') / over(all, 'weight');
    const live = anchors.filter((list) => over(list, 'weight') > 0);
    return live.reduce((sum, list) => sum + over(list, 'weighted') / over(list, 'weight'), 0) / live.length;
  });
  return (s.mixing === 'convex' ? 1 - gamma : beta) * Lx + gamma * Lin;
}

const ALL: ContrastSwitches[] = (['pool', 'prompt'] as const).flatMap((scope) =>
  (['cosine', 'half', 'raw'] as const).flatMap((weightMap) =>
    (['negatives', 'all'] as const).flatMap((denominator) =>
      (['global', 'anchor'] as const).flatMap((normalizer) =>
        (['coefficients', 'convex'] as const).map((mixing) => ({
          scope,
          weightMap,
          denominator,
          normalizer,
          mixing,
          weightGradient: false,
        })),
      ),
    ),
  ),
);

/** Central difference of `loss` at every `stride`-th component of the embeddings, against `du`. */
function differences(pool: ContrastPool, du: number[][], loss: (pool: ContrastPool) => number, stride: number) {
  const step = 1e-5;
  pool.u.forEach((row, i) =>
    row.forEach((_, k) => {
      if ((i * row.length + k) % stride) return;
      const moved = (by: number) =>
        loss({ ...pool, u: pool.u.map((x, r) => x.map((v, c) => (r === i && c === k ? v + by : v))) });
      const numeric = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(numeric - du[i][k]), `du[${i}][${k}]: ${du[i][k]}, difference ${numeric}`).toBeLessThan(
        1e-8 + 1e-7 * Math.abs(numeric),
      );
    }),
  );
}

describe.each(ALL)('$scope, $weightMap, $denominator, $normalizer, $mixing', (switches) => {
  const pool = poolOf(3);
  const fixed = contrast(pool, weights, switches);
  const table: Table = (p, q) => fixed.compatibility.matrix[p][q] ?? Number.NaN;

  it('is what the equations say, written out a second time', () => {
    expect(written(pool, switches, table)).toBeCloseTo(fixed.loss.contrastive, 12);
    if (switches.scope === 'prompt') expect([fixed.loss.cross, fixed.mass.cross]).toEqual([0, 0]);
    else expect(fixed.loss.cross).toBeGreaterThan(0);
    for (const sum of fixed.rowSums) expect(Math.abs(sum)).toBeLessThan(1e-14);
  });

  it('has the gradient of central differences, weights held fixed', () => {
    differences(pool, fixed.du, (moved) => written(moved, switches, table), 5);
  });

  it('has the gradient of central differences through the weights', () => {
    const through = { ...switches, weightGradient: true };
    const { du } = contrast(pool, weights, through);
    differences(pool, du, (moved) => contrast(moved, weights, through).loss.contrastive, 5);
    const apart = Math.max(...du.flat().map((x, k) => Math.abs(x - fixed.du.flat()[k])));
    if (switches.scope === 'pool') expect(apart).toBeGreaterThan(1e-4);
    else expect(apart).toBe(0);
  });
});

describe('compatibility', () => {
  const right = (u: number[][], prompt: number[]): ContrastPool => ({
    u,
    reward: u.map(() => 1),
    prompt,
    domain: prompt,
  });
  const w = (pool: ContrastPool, weightMap: ContrastSwitches['weightMap']) =>
    contrast(pool, weights, { weightMap }).compatibility.matrix;

  test('of prompts at 60 degrees, one of which is spread', () => {
    // Means: (1, 0) and (1/2, √3/2) · cos 30°.
    const angle = (d: number) => [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)];
    const pool = right([angle(0), angle(30), angle(90)], [0, 1, 1]);
    expect(w(pool, 'cosine')[0][1]).toBeCloseTo(0.5, 12);
    expect(w(pool, 'half')[0][1]).toBeCloseTo(0.75, 12);
    expect(w(pool, 'raw')[0][1]).toBeCloseTo(0.5 * Math.cos(Math.PI / 6), 12);
    expect(w(pool, 'raw')[1][1]).toBeCloseTo(0.75, 12);
  });

  test('is 0 under every map for a prompt whose embeddings cancel', () => {
    const pool = right(
      [
        [1, 0],
        [0, 1],
        [0, -1],
      ],
      [0, 1, 1],
    );
    for (const map of ['cosine', 'half', 'raw'] as const) expect(w(pool, map)[0][1]).toBe(0);
  });

  test('of opposite prompts is 0, half of it above', () => {
    const pool = right(
      [
        [1, 0],
        [-0.6, 0.8],
      ],
      [0, 1],
    );
    expect(w(pool, 'cosine')[0][1]).toBe(0);
    expect(w(pool, 'raw')[0][1]).toBe(0);
    expect(w(pool, 'half')[0][1]).toBeCloseTo(0.2, 12);
  });
});

test('signals of collapse: one point, and orthogonal ones', () => {
  const pool = (u: number[][]): ContrastPool => ({
    u,
    reward: [1, 1, 0],
    prompt: [0, 0, 0],
    domain: [0, 0, 0],
  });
  const same = contrast(
    pool([
      [1, 2, 0],
      [2, 4, 0],
      [0.5, 1, 0],
    ]),
    weights,
  ).embedding;
  expect(same.alignment).toBeCloseTo(0, 12);
  expect(same.uniformity).toBeCloseTo(0, 12);
  expect(same.rank).toBeCloseTo(1, 12);
  const apart = contrast(
    pool([
      [1, 0, 0],
      [0, 3, 0],
      [0, 0, 2],
    ]),
    weights,
  ).embedding;
  expect(apart.alignment).toBeCloseTo(2, 12);
  expect(apart.uniformity).toBeCloseTo(-4, 12);
  expect(apart.rank).toBeCloseTo(3, 12);
});
