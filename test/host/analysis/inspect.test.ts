import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/engine/frame';
import { inspect } from '../../../src/host/analysis/inspect';
import { cosineSteps, poolOf } from '../../../src/host/analysis/pool';
import { type ContrastOptions, Terms } from '../../../src/host/analysis/terms';
import { contrast } from '../../../src/math/contrast';
import { finish } from '../../../src/math/steps';
import { makeFrame, poolFor } from './frames';

const OPTIONS: ContrastOptions = { tau: 0.1, beta: 0.5, gamma: 0.5 };
const termsOf = (frame: Frame, options = OPTIONS) => {
  const pool = poolOf(frame);
  return new Terms(pool, finish(cosineSteps(pool)), options);
};

describe('method.md 8.5', () => {
  // Six rollouts of two prompts, each its own domain; the numbers are those of the page.
  const frame: Frame = {
    ...makeFrame({ domains: 2, prompts: 1, group: 3, width: 3 }),
    vectors: Float32Array.from([2, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0.5, 0, 0, 1, 1, 1, 0, 1]),
    reward: Float32Array.from([1, 1, 0, 1, 0, 1]),
  };
  const terms = termsOf(frame);

  it('inspects an anchor', () => {
    const found = inspect(terms, 5);
    expect(found.kind).toBe('correct');
    expect(found.lambda).toBeCloseTo(7.189785, 6);
    expect(found.mass.cross).toBeCloseTo(7.308693395124, 11);
    expect(found.mass.inDomain).toBe(4);
    expect(found.loss.pool).toBeCloseTo(0.40792330397137, 13);
    [-1.785314, -0.895871, 1.714674].forEach((x, k) => expect(found.gradient[k]).toBeCloseTo(x, 5));
    expect([...found.positives.row].sort()).toEqual([0, 1, 3]);
    const at = found.positives.row.indexOf(0);
    expect(found.positives.cross[at]).toBe(1);
    expect(found.positives.weight[at]).toBeCloseTo(0.9135866743905, 12);
    expect(found.positives.massShare[at]).toBeCloseTo(0.9135866743905 / 7.308693395124, 12);
    expect(found.positives.cross[found.positives.row.indexOf(3)]).toBe(0);
    // S = cos / τ = 10/√2; l = softplus(Λ − S).
    expect(found.positives.logit[at]).toBeCloseTo(10 / Math.SQRT2, 6);
    expect(found.positives.loss[at]).toBeCloseTo(Math.log1p(Math.exp(7.189785 - 10 / Math.SQRT2)), 5);
    expect(found.explanation).toBe(
      'This rollout is correct, so it is an anchor. 3 positives (2 of other domains, 1 of its own domain) pull, 2 negatives push.',
    );
  });

  it('inspects a negative', () => {
    const found = inspect(terms, 2);
    expect(found.kind).toBe('wrong');
    [1.119121, 0.0032, 1.113233].forEach((x, k) => expect(found.gradient[k]).toBeCloseTo(x, 5));
    expect([...found.anchors.row].sort()).toEqual([0, 1, 3, 5]);
    expect(found.anchors.coefficient.every((c) => c > 0)).toBe(true);
    expect(found.positives.row.length + found.negatives.row.length).toBe(0);
    expect(found.lambda).toBeNull();
    expect(found.explanation).toContain('It only acts as a negative of 4 correct rollouts, which push it away.');
  });
});

describe('an inspection', () => {
  const frame = makeFrame({ seed: 2, domains: 3, prompts: 3, group: 5 });
  const pool = poolFor(frame);
  const terms = termsOf(frame);
  const anchor = frame.reward.indexOf(1);
  const found = inspect(terms, anchor);

  it('explains the whole gradient by its partners', () => {
    const { dz } = contrast(pool, OPTIONS);
    const sum = new Float64Array(frame.width);
    for (const { row, coefficient } of [found.positives, found.negatives])
      row.forEach((j, at) => {
        const norm = Math.hypot(...pool.u[j]);
        for (let c = 0; c < frame.width; c++) sum[c] += (coefficient[at] * pool.u[j][c]) / norm;
      });
    const size = Math.hypot(...dz[anchor]);
    sum.forEach((x, c) => expect(Math.abs(x - dz[anchor][c])).toBeLessThan(1e-9 * size));
    found.gradient.forEach((x, c) => expect(found.pull[c] + found.push[c]).toBeCloseTo(x, 12));
  });

  it('pulls towards positives, pushes from negatives, the strongest first', () => {
    found.positives.coefficient.forEach((c, at) => {
      if (found.positives.weight[at] > 0) expect(c).toBeLessThan(0);
      else expect(c).toBeCloseTo(0, 15);
    });
    expect(found.positives.weight.filter((x) => x > 0).length).toBeGreaterThan(5);
    expect(found.negatives.coefficient.every((c) => c >= 0)).toBe(true);
    const shares = [...found.positives.gradientShare, ...found.negatives.gradientShare];
    expect(shares.reduce((s, x) => s + x, 0)).toBeCloseTo(1, 12);
    for (const { gradientShare } of [found.positives, found.negatives])
      expect([...gradientShare]).toEqual([...gradientShare].sort((a, b) => b - a));
  });

  it('shares what competes among the negatives', () => {
    expect(found.negatives.share.reduce((s, x) => s + x, 0)).toBeCloseTo(1, 12);
    expect(found.positives.share.every((x) => x === 0)).toBe(true);
    const { row, logit, probability } = found.positives;
    const rivals = found.negatives.logit.reduce((s, x) => s + Math.exp(x), 0);
    row.forEach((_, at) => {
      const e = Math.exp(logit[at]);
      expect(probability[at]).toBeCloseTo(e / (e + rivals), 10);
    });
    const all = inspect(termsOf(frame, { ...OPTIONS, switches: { denominator: 'all' } }), anchor);
    const shares = [...all.positives.share, ...all.negatives.share];
    expect(shares.reduce((s, x) => s + x, 0)).toBeCloseTo(1, 12);
  });

  it('moves downhill: a small step against the gradient lowers the loss by what it says', () => {
    // Through the compatibilities too, since the definition moves them.
    const switches = { weightGradient: true };
    const { gradient } = inspect(termsOf(frame, { ...OPTIONS, switches }), anchor);
    const step = 1e-5;
    const z = pool.u[anchor].map((x) => x / Math.hypot(...pool.u[anchor]));
    const lossAt = (by: number) => {
      const u = pool.u.map((x, i) => (i === anchor ? z.map((v, c) => v + by * gradient[c]) : x));
      return contrast({ ...pool, u }, OPTIONS, switches).loss.contrastive;
    };
    // Only what is across the unit vector moves anything.
    const along = z.reduce((sum, x, c) => sum + x * gradient[c], 0);
    const square = gradient.reduce((sum, x) => sum + x * x, 0) - along ** 2;
    expect(Math.abs((lossAt(step) - lossAt(-step)) / (2 * step) - square)).toBeLessThan(1e-6 * square);
  });
});

describe('what cannot be inspected', () => {
  it('says so in words', () => {
    const frame = makeFrame();
    const of = (change: (f: Frame) => void, row: number) => {
      const copy = { ...frame, reward: frame.reward.slice(), vectors: (frame.vectors as Float32Array).slice() };
      change(copy);
      return inspect(termsOf(copy), row);
    };
    expect(of((f) => f.reward.fill(0), 1).explanation).toContain('No correct rollout is compared with it');
    expect(of((f) => f.reward.fill(1), 1).explanation).toContain('its loss and gradient are 0');
    expect(of((f) => f.reward.fill(0).set([1], 1), 1).explanation).toContain('It has no positives');
    expect(of((f) => f.reward.fill(0).set([1], 1), 2).explanation).toContain('none of them has a positive: nothing moves it');
    const out = of((f) => f.vectors?.fill(0, 0, 6), 0);
    expect(out.kind).toBe('excluded');
    expect(out.explanation).toContain('has no direction');
    expect(out.gradient.every((x) => x === 0)).toBe(true);
  });

  it('is a row that is not there', () => {
    expect(() => inspect(termsOf(makeFrame()), 36)).toThrow('invalid anchor: 36 (0 to 35)');
    expect(() => inspect(termsOf(makeFrame()), 1.5)).toThrow('invalid anchor: 1.5 (0 to 35)');
  });
});
