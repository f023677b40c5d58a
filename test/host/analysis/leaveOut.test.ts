import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/engine/frame';
import { leaveOut } from '../../../src/host/analysis/leaveOut';
import { cosineSteps, poolOf } from '../../../src/host/analysis/pool';
import { type ContrastOptions, Terms } from '../../../src/host/analysis/terms';
import { contrast } from '../../../src/math/contrast';
import { finish } from '../../../src/math/steps';
import { makeFrame, poolFor } from './frames';

const frame = makeFrame({ seed: 5, domains: 3, prompts: 2, group: 5 });
const OPTIONS: ContrastOptions = { tau: 0.15, beta: 0.6, gamma: 0.3 };
const termsOf = (of: Frame, options = OPTIONS) => {
  const pool = poolOf(of);
  return new Terms(pool, finish(cosineSteps(pool)), options);
};
const correct = [...frame.reward.keys()].filter((i) => frame.reward[i] === 1);
const anchor = correct[0];
const sameDomain = correct.filter((j) => j !== anchor && frame.domain[j] === frame.domain[anchor]);
const otherDomain = correct.filter((j) => frame.domain[j] !== frame.domain[anchor]);

/** The objective of method.md 7 by its sums, recommended choices, compatibilities and vectors given, without some ordered pairs. */
function objective(z: readonly number[][], w: (i: number, j: number) => number, out: readonly [number, number][]) {
  const { reward, domain, n } = frame;
  const left = (i: number, j: number) => out.some(([a, b]) => a === i && b === j);
  const S = (i: number, j: number) => z[i].reduce((s, x, c) => s + x * z[j][c], 0) / OPTIONS.tau;
  const rows = Array.from({ length: n }, (_, i) => i);
  const loss = (i: number, j: number) => {
    const E = rows.reduce((s, k) => s + (reward[k] ? 0 : Math.exp(S(i, k))), 0);
    return -Math.log(Math.exp(S(i, j)) / (Math.exp(S(i, j)) + E));
  };
  let [Zx, Zin] = [0, 0];
  const perAnchor = rows.map(() => [0, 0]);
  for (const i of rows)
    for (const j of rows) {
      if (i === j || !reward[i] || !reward[j] || left(i, j)) continue;
      if (domain[i] === domain[j]) {
        Zin++;
        perAnchor[i][1] += loss(i, j);
      } else {
        Zx += w(i, j);
        perAnchor[i][0] += w(i, j) * loss(i, j);
      }
    }
  const anchors = perAnchor.map(([x, inside]) => OPTIONS.beta * (x / Zx) + OPTIONS.gamma * (inside / Zin));
  return { anchors, total: anchors.reduce((s, x) => s + x, 0) };
}

const unit = poolFor(frame).u.map((u) => u.map((x) => x / Math.hypot(...u)));
const { prompts, matrix } = contrast(poolFor(frame), OPTIONS).compatibility;
const place = (i: number) => prompts.indexOf(frame.prompt[i]);
const w = (i: number, j: number) => matrix[place(i)][place(j)] ?? 0;

describe('a pair left out', () => {
  it.each([
    ['across domains', [otherDomain[1]]],
    ['within the domain', [sameDomain[0]]],
    ['several', [otherDomain[0], otherDomain[2], sameDomain[0]]],
  ])('%s: is the definition without its terms', (_, rows) => {
    const found = leaveOut(termsOf(frame), anchor, rows, 'pair');
    const out = rows.map((j): [number, number] => [anchor, j]);
    const [before, after] = [objective(unit, w, []), objective(unit, w, out)];
    expect(found.before.contrastive).toBeCloseTo(before.total, 10);
    expect(found.after.contrastive).toBeCloseTo(after.total, 10);
    expect(found.before.anchor).toBeCloseTo(before.anchors[anchor], 10);
    expect(found.after.anchor).toBeCloseTo(after.anchors[anchor], 10);
    expect(Math.abs(found.after.contrastive - found.before.contrastive)).toBeGreaterThan(1e-5);
    expect([...found.others.row]).toEqual(correct.slice(1));
    found.others.row.forEach((i, at) => {
      expect(found.others.before[at]).toBeCloseTo(before.anchors[i], 10);
      expect(found.others.after[at]).toBeCloseTo(after.anchors[i], 10);
    });
    // The gradient by central differences of the definition, compatibilities held fixed.
    for (const [gradient, without] of [
      [found.gradient.before, []],
      [found.gradient.after, out],
    ] as const)
      gradient.forEach((g, c) => {
        const at = (by: number) => {
          const z = unit.map((x) => x.slice());
          z[anchor][c] += by;
          return objective(z, w, without).total;
        };
        expect(Math.abs(g - (at(1e-5) - at(-1e-5)) / 2e-5)).toBeLessThan(1e-7);
      });
    expect(found.gradient.normAfter).toBeCloseTo(Math.hypot(...found.gradient.after), 12);
    const { before: a, after: b, cosine } = found.gradient;
    const dot = a.reduce((s, x, c) => s + x * b[c], 0);
    expect(cosine).toBeCloseTo(dot / Math.hypot(...a) / Math.hypot(...b), 12);
    expect(cosine).toBeLessThan(1);
  });

  it('lowers the mass, so that the other anchors weigh more', () => {
    const { others } = leaveOut(termsOf(frame), anchor, otherDomain, 'pair');
    others.row.forEach((_, at) => expect(others.after[at]).toBeGreaterThan(others.before[at]));
  });
});

describe('a rollout left out', () => {
  it.each([
    ['a positive', otherDomain[0], {}],
    ['a positive, all rivals', sameDomain[0], { denominator: 'all' as const }],
    ['a positive, by anchor, through the weights', otherDomain[0], { normalizer: 'anchor' as const, weightGradient: true }],
    ['a negative', frame.reward.indexOf(0), {}],
  ])('%s: is the objective of the pool without it', (_, row, switches) => {
    const found = leaveOut(termsOf(frame, { ...OPTIONS, switches }), anchor, [row], 'rollout');
    const kept = Array.from({ length: frame.n }, (_, i) => i).filter((i) => i !== row);
    const smaller = contrast(poolFor(frame, kept), OPTIONS, switches);
    const whole = contrast(poolFor(frame), OPTIONS, switches);
    for (const name of ['contrastive', 'cross', 'inDomain'] as const) {
      expect(found.before[name]).toBeCloseTo(whole.loss[name], 12);
      expect(found.after[name]).toBeCloseTo(smaller.loss[name], 12);
    }
    const at = kept.indexOf(anchor);
    const size = Math.hypot(...smaller.dz[at]);
    found.gradient.after.forEach((x, c) => expect(Math.abs(x - smaller.dz[at][c])).toBeLessThan(1e-9 * size));
    const sum = [...found.others.after].reduce((s, x) => s + x, found.after.anchor);
    expect(sum).toBeCloseTo(smaller.loss.contrastive, 12);
    expect([...found.others.row]).not.toContain(row);
  });

  it('of all positives leaves no loss', () => {
    const found = leaveOut(termsOf(frame), anchor, correct.slice(1), 'rollout');
    expect(found.after).toEqual({ contrastive: 0, cross: 0, inDomain: 0, anchor: 0 });
    expect(found.gradient.cosine).toBeNull();
    expect(found.others.row.length).toBe(0);
  });
});

describe('what cannot be left out', () => {
  it('is named', () => {
    const terms = termsOf(frame);
    const wrong = frame.reward.indexOf(0);
    expect(() => leaveOut(terms, anchor, [], 'pair')).toThrow('invalid rows: none (at least one rollout to leave out)');
    expect(() => leaveOut(terms, anchor, [anchor], 'rollout')).toThrow(`invalid row: ${anchor} (the anchor itself`);
    expect(() => leaveOut(terms, anchor, [wrong], 'pair')).toThrow(`invalid row: ${wrong} (not a positive of anchor ${anchor})`);
    expect(() => leaveOut(terms, anchor, [99], 'rollout')).toThrow('invalid row: 99 (0 to 29)');
    expect(() => leaveOut(terms, -1, [2], 'rollout')).toThrow('invalid anchor: -1 (0 to 29)');
  });
});
