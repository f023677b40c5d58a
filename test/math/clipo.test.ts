import { describe, expect, it, test } from 'vitest';
import { type ClipoBatch, type ClipoSettings, clipo } from '../../src/math/clipo';
import { Random, randomBits, STREAM } from '../../src/math/random';

const given: ClipoSettings = { lambda: 0.2, tau: 0.05, clamp: 0.5, loss: 'infonce', level: 'group' };
const LOSSES = ['infonce', 'supconOut', 'supconIn', 'softNn'] as const;
const LEVELS = ['group', 'cross', 'batch'] as const;
const first = () => 0;
const drawn = (i: number, count: number) => randomBits(3, STREAM.clipo, 5, i) % count;

/** The worked example of method.md 4. */
const golden: ClipoBatch = {
  u: [
    [1, 0],
    [0.8, 0.6],
    [0.6, 0.8],
    [0, 1],
  ],
  reward: [1, 1, 0, 0],
  prompt: [0, 0, 0, 0],
};

function randomBatch(seed: number): ClipoBatch {
  const random = new Random(seed, 1);
  const prompt = Array.from({ length: 15 }, (_, i) => Math.floor(i / 5));
  return {
    u: prompt.map(() => Array.from({ length: 4 }, () => 2 * random.unit() - 0.7)),
    reward: prompt.map((_, i) => (i === 6 ? -1 : Number(random.chance(0.6)))),
    prompt,
  };
}

describe('CLIPO’s definition', () => {
  it('gives the published worked example', () => {
    const r = clipo(golden, given, first);
    expect(r.anchors).toEqual([0, 1]);
    // The published 0.0181500 leaves out the 1e-8 of the formula, which adds 1e-8 / (e⁻⁴ + e⁻⁸ + e⁻²⁰) here: SupCon, which has none, agrees.
    expect(r.losses[0]).toBeCloseTo(0.01815 + 1e-8 / (Math.exp(-4) + Math.exp(-8)), 7);
    expect(clipo(golden, { ...given, loss: 'supconOut' }, first).losses[0]).toBeCloseTo(0.01815, 7);
    expect(r.losses[0]).toBeCloseTo(4 + Math.log(Math.exp(-4) + Math.exp(-8) + Math.exp(-20) + 1e-8), 12);
    expect(r.losses[1]).toBeCloseTo(3.2406704, 7);
    expect(r.reward[0]).toBeCloseTo(-0.00363, 6);
    expect(r.reward.slice(1)).toEqual([-0.5, 0, 0]);
  });

  it('gives the other losses with two positives as written out by hand', () => {
    // Rollout 0 of four: logits 16 and 12 with the correct ones, 0 with the wrong one.
    const batch = { ...golden, reward: [1, 1, 1, 0] };
    const of = (loss: ClipoSettings['loss']) => clipo(batch, { ...given, loss }, first).losses[0];
    const Q = Math.exp(16) + Math.exp(12) + 1;
    expect(of('supconOut')).toBeCloseTo(Math.log(Q) - 14, 10);
    expect(of('supconIn')).toBeCloseTo(Math.log(Q / ((Math.exp(16) + Math.exp(12)) / 2)), 10);
    expect(of('softNn')).toBeCloseTo(Math.log(Q / (Math.exp(16) + Math.exp(12))), 10);
    expect(clipo(batch, given, () => 1).losses[0]).toBeCloseTo(8 + Math.log((Q + 1e-8 * Math.exp(20)) * Math.exp(-20)), 10);
  });

  it('takes the denominator over the batch at the cross level, the positives too at the batch level', () => {
    // A second prompt with a copy of the four rollouts: correct 0, 1, 4, 5.
    const batch = {
      u: [...golden.u, ...golden.u],
      reward: [...golden.reward, ...golden.reward],
      prompt: [0, 0, 0, 0, 1, 1, 1, 1],
    };
    const of = (level: ClipoSettings['level']) => clipo(batch, { ...given, loss: 'supconOut', level }, first).losses[0];
    const Q = Math.exp(20) + 2 * (Math.exp(16) + Math.exp(12) + 1);
    expect(of('cross')).toBeCloseTo(Math.log(Q) - 16, 10);
    expect(of('batch')).toBeCloseTo(Math.log(Q) - (16 + 20 + 16) / 3, 10);
  });

  test.each(LOSSES.flatMap((loss) => LEVELS.map((level) => [loss, level] as const)))(
    'has the gradient of central differences: %s, %s',
    (loss, level) => {
      const settings = { ...given, loss, level, tau: 0.2 };
      const batch = randomBatch(2);
      const { du, dz, anchors } = clipo(batch, settings, drawn);
      expect(anchors.length).toBeGreaterThan(3);
      batch.u.forEach((row, i) => {
        expect(Math.abs(du[i].reduce((s, x, k) => s + x * row[k], 0))).toBeLessThan(1e-13);
        row.forEach((_, k) => {
          const moved = (by: number) =>
            clipo({ ...batch, u: batch.u.map((x, r) => x.map((v, c) => (r === i && c === k ? v + by : v))) }, settings, drawn)
              .loss as number;
          expect((moved(1e-5) - moved(-1e-5)) / 2e-5).toBeCloseTo(du[i][k], 7);
        });
      });
      expect(dz.flat().some((x) => x !== 0)).toBe(true);
    },
  );

  it.each([
    ['one correct rollout', [0, 1, 0, 0]],
    ['no correct rollout', [0, 0, 0, 0]],
    ['no wrong rollout', [1, 1, 1, 1]],
    ['one usable correct rollout', [1, -1, 0, 0]],
  ])('has no anchors, no reward and no gradient with %s', (_, reward) => {
    for (const level of LEVELS) {
      const r = clipo({ ...golden, reward }, { ...given, level }, first);
      expect(r.anchors).toEqual([]);
      expect(r.loss).toBeNull();
      expect(r.reward).toEqual([0, 0, 0, 0]);
      expect([...r.dz, ...r.du].flat().every((x) => x === 0)).toBe(true);
    }
  });

  it('is off without λ_c', () => {
    expect(clipo(golden, { ...given, lambda: 0 }, first).anchors).toEqual([]);
  });
});
