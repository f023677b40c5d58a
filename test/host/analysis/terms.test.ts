import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/engine/frame';
import { cosineSteps, poolOf } from '../../../src/host/analysis/pool';
import { type ContrastOptions, Terms } from '../../../src/host/analysis/terms';
import { type ContrastSwitches, contrast } from '../../../src/math/contrast';
import { finish } from '../../../src/math/steps';
import { makeFrame, poolFor } from './frames';

const WEIGHTS = { tau: 0.2, beta: 0.7, gamma: 0.4 };
const termsOf = (frame: Frame, options: ContrastOptions) => {
  const pool = poolOf(frame);
  return new Terms(pool, finish(cosineSteps(pool)), options);
};

const CHOICES: Partial<ContrastSwitches>[] = [];
for (const scope of ['pool', 'prompt'] as const)
  for (const denominator of ['negatives', 'all'] as const)
    for (const normalizer of ['global', 'anchor'] as const) CHOICES.push({ scope, denominator, normalizer });
for (const weightMap of ['cosine', 'half', 'raw'] as const)
  for (const normalizer of ['global', 'anchor'] as const)
    CHOICES.push({ weightMap, normalizer, weightGradient: true, mixing: 'convex' });

/** |a − b| relative to the longer. */
const apart = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  const x = Array.from(a);
  const length = Math.max(Math.hypot(...x), Math.hypot(...Array.from(b)));
  return length === 0 ? 0 : Math.hypot(...x.map((v, k) => v - b[k])) / length;
};

describe.each(CHOICES)('terms with %o', (switches) => {
  const frame = makeFrame({ domains: 3, prompts: 3, group: 4 });
  const terms = termsOf(frame, { ...WEIGHTS, switches });
  const expected = contrast(poolFor(frame), WEIGHTS, switches);

  it('add up to the objective', () => {
    for (const name of ['contrastive', 'cross', 'inDomain'] as const)
      expect(terms.loss[name]).toBeCloseTo(expected.loss[name], 12);
    expect(terms.mass.cross).toBeCloseTo(expected.mass.cross, 9);
    expect(terms.mass.inDomain).toBe(expected.mass.inDomain);
    const anchors = Array.from({ length: frame.n }, (_, i) => terms.anchorLoss(i));
    expect(anchors.reduce((s, x) => s + x, 0)).toBeCloseTo(expected.loss.contrastive, 12);
  });

  it('give every row’s gradient as a mix of the others', () => {
    let largest = 0;
    for (let i = 0; i < frame.n; i++) {
      const sum = terms.combine(terms.coefficients(i));
      largest = Math.max(largest, Math.hypot(...sum));
      expect(apart(sum, expected.dz[i])).toBeLessThan(1e-9);
    }
    expect(largest).toBeGreaterThan(1e-3);
  });
});

describe('degenerate pools', () => {
  it.each([
    ['no correct rollout', (f: Frame) => f.reward.fill(0)],
    ['no wrong rollout', (f: Frame) => f.reward.fill(1)],
    ['one correct rollout', (f: Frame) => f.reward.fill(0).set([1], 5)],
    ['an embedding of zeros', (f: Frame) => f.vectors?.fill(0, 6, 12)],
    ['an embedding that is not finite', (f: Frame) => f.vectors?.set([Number.NaN], 7)],
  ])('%s: as the definition says', (_, spoil) => {
    const frame = makeFrame();
    spoil(frame);
    for (const denominator of ['negatives', 'all'] as const) {
      const terms = termsOf(frame, { ...WEIGHTS, switches: { denominator } });
      const expected = contrast(poolFor(frame), WEIGHTS, { denominator });
      expect(terms.loss.contrastive).toBeCloseTo(expected.loss.contrastive, 12);
      for (let i = 0; i < frame.n; i++) expect(apart(terms.combine(terms.coefficients(i)), expected.dz[i])).toBeLessThan(1e-9);
    }
  });

  it('leave out empty responses', () => {
    const frame = makeFrame();
    frame.length = new Uint32Array(frame.n).fill(3);
    frame.length[4] = 0;
    const rows = Array.from({ length: frame.n }, (_, i) => i).filter((i) => i !== 4);
    expect(termsOf(frame, WEIGHTS).loss.contrastive).toBeCloseTo(contrast(poolFor(frame, rows), WEIGHTS).loss.contrastive, 12);
  });

  it('takes shaped labels where asked', () => {
    const frame = makeFrame();
    expect(() => poolOf(frame, 'shaped')).toThrow('no shaped score');
    frame.score = frame.reward.map((r, i) => (i % 2 ? r : r - 0.7));
    const shaped = { ...frame, reward: frame.score.map((s) => Number(s >= 0.5)) };
    const pool = poolOf(frame, 'shaped');
    expect(new Terms(pool, finish(cosineSteps(pool)), WEIGHTS).loss.contrastive).toBeCloseTo(
      contrast(poolFor(shaped), WEIGHTS).loss.contrastive,
      12,
    );
  });

  it('refuses coefficients out of bounds, frames without vectors and pools that are too large', () => {
    const frame = makeFrame();
    expect(() => termsOf(frame, { ...WEIGHTS, tau: 9 })).toThrow('invalid contrast.tau: 9 (0.01 to 2)');
    expect(() => termsOf(frame, { ...WEIGHTS, beta: Number.NaN })).toThrow('invalid contrast.beta: NaN (0 to 10)');
    expect(() => termsOf({ ...frame, vectors: null }, WEIGHTS)).toThrow('These rollouts have no vectors');
    const many = makeFrame({ domains: 1, prompts: 1, group: 2049, width: 1 });
    expect(() => termsOf(many, WEIGHTS)).toThrow('invalid number of rollouts: 2049 (1 to 2048');
  });
});
