import { describe, expect, it } from 'vitest';
import { type ContrastPool, contrast } from '../../src/math/contrast';
import { Random } from '../../src/math/random';

const weights = { tau: 0.1, beta: 0.5, gamma: 0.5 };

/** The worked example of method.md 8.5 (float64, derived apart from this code). */
const golden: ContrastPool = {
  u: [
    [2, 0, 0],
    [1, 1, 0],
    [0, 0, 1],
    [1, 0.5, 0],
    [0, 1, 1],
    [1, 0, 1],
  ],
  reward: [1, 1, 0, 1, 0, 1],
  prompt: [0, 0, 0, 1, 1, 1],
  domain: [0, 0, 0, 1, 1, 1],
};

function randomPool(seed: number, N = 24): ContrastPool {
  const random = new Random(seed, 1);
  const prompt = Array.from({ length: N }, (_, i) => Math.floor(i / 4));
  return {
    u: prompt.map(() => Array.from({ length: 5 }, () => 2 * random.unit() - 0.8)),
    reward: prompt.map(() => (random.unit() < 0.5 ? 1 : 0)),
    prompt,
    domain: prompt.map((p) => p % 3),
  };
}

describe('the contrastive definition', () => {
  it('gives the published worked example', () => {
    const r = contrast(golden, weights);
    expect(r.compatibility.matrix[0][1]).toBeCloseTo(0.9135866743905, 12);
    expect(r.mass.cross).toBeCloseTo(7.308693395124, 11);
    expect(r.mass.inDomain).toBe(4);
    expect(r.loss.cross).toBeCloseTo(0.47062109913179, 12);
    expect(r.loss.inDomain).toBeCloseTo(0.34522550881101, 12);
    expect(r.loss.contrastive).toBeCloseTo(0.40792330397137, 12);
    expect(r.logit.crossPositive).toBeCloseTo(7.625543175592, 11);
    expect(r.logit.negative).toBeCloseTo(2.529168184004, 11);
    const du = [
      0, -0.05041, -0.115984, -0.385272, 0.385272, -0.206518, 1.119121, 0.0032, 0, -0.130897, 0.261794, -0.553766, 0.363492,
      0.073438, -0.073438, -1.237433, -0.633476, 1.237433,
    ];
    r.du.flat().forEach((x, i) => expect(x).toBeCloseTo(du[i], 5));
    const dz = [
      -0.337791, -0.100819, -0.231968, -0.769352, 0.320363, -0.29206, 1.119121, 0.0032, 1.113233, -0.667325, 0.032206, -0.61913,
      0.514055, 0.348037, 0.140324, -1.785314, -0.895871, 1.714674,
    ];
    r.dz.flat().forEach((x, i) => expect(x).toBeCloseTo(dz[i], 5));
  });

  it('has rows of ∂L/∂S that sum to zero and gradients that are tangent to the sphere', () => {
    for (const seed of [1, 2, 3]) {
      const pool = randomPool(seed);
      const r = contrast(pool, weights);
      for (const sum of r.rowSums) expect(Math.abs(sum)).toBeLessThan(1e-14);
      r.du.forEach((g, i) => expect(Math.abs(g.reduce((s, x, k) => s + x * pool.u[i][k], 0))).toBeLessThan(1e-13));
    }
  });

  it('does not depend on the lengths of the embeddings', () => {
    const pool = randomPool(4);
    const scaled = { ...pool, u: pool.u.map((x, i) => x.map((v) => v * (1 + i))) };
    expect(contrast(scaled, weights).loss.contrastive).toBeCloseTo(contrast(pool, weights).loss.contrastive, 13);
  });

  it('has the gradient of central differences at fixed compatibility', () => {
    const pool = randomPool(5, 16);
    const base = contrast(pool, weights);
    const frozen = (u: readonly (readonly number[])[]) => {
      // L with the table of `base`: written out a second time, by prompt pairs instead of rollouts.
      const z = u.map((x) => x.map((v) => v / Math.hypot(...x)));
      const S = (i: number, j: number) => z[i].reduce((s, x, k) => s + x * z[j][k], 0) / weights.tau;
      const wrong = pool.reward.flatMap((r, k) => (r ? [] : [k]));
      let x = 0;
      let inside = 0;
      pool.reward.forEach((ri, i) => {
        if (!ri) return;
        const E = wrong.reduce((s, k) => s + Math.exp(S(i, k)), 0);
        pool.reward.forEach((rj, j) => {
          if (!rj || i === j) return;
          const l = -Math.log(Math.exp(S(i, j)) / (Math.exp(S(i, j)) + E));
          if (pool.domain[i] === pool.domain[j]) inside += l;
          else x += (base.compatibility.matrix[Number(pool.prompt[i])][Number(pool.prompt[j])] ?? 0) * l;
        });
      });
      return (weights.beta * x) / base.mass.cross + (weights.gamma * inside) / base.mass.inDomain;
    };
    expect(frozen(pool.u)).toBeCloseTo(base.loss.contrastive, 12);
    pool.u.forEach((row, i) =>
      row.forEach((_, k) => {
        const moved = (by: number) => frozen(pool.u.map((x, r) => x.map((v, c) => (r === i && c === k ? v + by : v))));
        expect((moved(1e-5) - moved(-1e-5)) / 2e-5).toBeCloseTo(base.du[i][k], 7);
      }),
    );
  });

  it.each([
    ['no correct rollout', () => 0],
    ['no wrong rollout', () => 1],
    ['one correct rollout', (i: number) => (i === 3 ? 1 : 0)],
  ])('is exactly zero with %s', (_, reward) => {
    const pool = randomPool(6);
    const r = contrast({ ...pool, reward: pool.reward.map((_, i) => reward(i)) }, weights);
    expect(r.loss.contrastive).toBe(0);
    expect(r.du.flat().every((x) => x === 0)).toBe(true);
  });

  it('drops rows without a direction and says so', () => {
    const pool = randomPool(7);
    const r = contrast({ ...pool, u: pool.u.map((x, i) => (i === 2 ? x.map(() => 0) : x)) }, weights);
    expect(r.excluded).toBe(1);
    expect(r.du[2].every((x) => x === 0)).toBe(true);
  });
});
