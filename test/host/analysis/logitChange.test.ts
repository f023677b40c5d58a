import { expect, it } from 'vitest';
import type { Frame } from '../../../src/engine/frame';
import { type LogitChanges, logitChangeSteps, spreadOf } from '../../../src/host/analysis/logitChange';
import { KIND } from '../../../src/host/analysis/roles';
import { takeFrame } from '../../../src/host/analysis/rows';
import { contrast } from '../../../src/math/contrast';
import { Random } from '../../../src/math/random';
import { finish } from '../../../src/math/steps';
import { makeFrame, poolFor } from './frames';

const TAU = 0.2;
const before = makeFrame({ seed: 3, prompts: 3, group: 4, step: 1 });

/** The same rollouts with moved vectors. */
function moved(frame: Frame, seed: number, by = 0.3): Frame {
  const random = new Random(seed, 5);
  return { ...frame, vectors: (frame.vectors as Float32Array).map((x) => x + by * random.normal()) };
}

const after = moved(before, 1);
const other = moved(before, 2);
const all = Uint32Array.from({ length: before.n }, (_, i) => i);
const options = { tau: TAU, labels: 'verifier', scope: 'pool' } as const;
const changes = (frames: Frame[], rows: Uint32Array[], more = {}): LogitChanges =>
  finish(logitChangeSteps(frames, { ...options, rows, ...more }));

/** S_ij straight from its definition. */
function logit({ vectors, width }: Frame, i: number, j: number): number {
  const row = (k: number) => Array.from((vectors as Float32Array).subarray(k * width, (k + 1) * width));
  const dot = (a: number[], b: number[]) => a.reduce((s, x, k) => s + x * b[k], 0);
  const [a, b] = [row(i), row(j)];
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)) / TAU;
}

it('gives the change of every logit by place, and beside the first outcome', () => {
  const { outcomes, reach, n, looked } = changes([before, after, before, other], [all, all]);
  expect([n, looked]).toEqual([36, 36]);
  const [base, variant] = outcomes;
  expect(base.against).toBeNull();
  const sizes: number[] = [];
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++) {
      const [i, j] = [base.order[a], base.order[b]];
      const by = a === b ? 0 : logit(after, i, j) - logit(before, i, j);
      const too = a === b ? 0 : logit(other, i, j) - logit(before, i, j);
      expect(base.change[a * n + b]).toBeCloseTo(by, 5);
      expect(variant.change[a * n + b]).toBeCloseTo(too, 5);
      expect(variant.against?.[a * n + b]).toBeCloseTo(too - by, 5);
      sizes.push(Math.abs(by), Math.abs(too));
    }
  sizes.sort((x, y) => x - y);
  expect(reach).toBeCloseTo(sizes[Math.floor(0.99 * (sizes.length - 1))], 5);
});

it('sorts by domain, prompt and verdict', () => {
  const [{ order, domain, prompt, kind }] = changes([before, after], [all]).outcomes;
  expect([...order].sort((a, b) => a - b)).toEqual([...all]);
  const keys = Array.from(order, (i) => before.domain[i] * 1e4 + before.prompt[i] * 10 + (before.reward[i] ? 0 : 1));
  expect(keys).toEqual([...keys].sort((a, b) => a - b));
  order.forEach((i, at) => {
    expect([domain[at], prompt[at]]).toEqual([before.domain[i], before.prompt[i]]);
    expect(kind[at]).toBe(before.reward[i] ? KIND.correct : KIND.wrong);
  });
});

it('means by role are the differences of the objective’s mean logits', () => {
  const [{ roles }] = changes([before, after], [all]).outcomes;
  const weights = { tau: TAU, beta: 1, gamma: 1 };
  const [was, is] = [before, after].map((f) => contrast(poolFor(f), weights).logit);
  expect(roles.crossPositive.mean).toBeCloseTo((is.crossPositive as number) - (was.crossPositive as number), 5);
  expect(roles.inDomainPositive.mean).toBeCloseTo((is.inDomainPositive as number) - (was.inDomainPositive as number), 5);
  expect(roles.negative.mean).toBeCloseTo((is.negative as number) - (was.negative as number), 5);
});

it('compares the first rollouts of each group with the same pairs of the whole batch', () => {
  const half = all.filter((i) => i % 4 < 2);
  const [own, then] = [takeFrame(before, half), takeFrame(other, half)];
  const [, variant] = changes([before, after, own, then], [all, half]).outcomes;
  expect([variant.n, variant.order.length]).toEqual([18, 18]);
  for (let a = 0; a < 18; a++)
    for (let b = 0; b < 18; b++) {
      if (a === b) continue;
      const [i, j] = [half[variant.order[a]], half[variant.order[b]]];
      const by = logit(other, i, j) - logit(before, i, j);
      expect(variant.change[a * 18 + b]).toBeCloseTo(by, 5);
      expect(variant.against?.[a * 18 + b]).toBeCloseTo(by - (logit(after, i, j) - logit(before, i, j)), 5);
    }
});

it('looks at whole prompts where there are too many rollouts', () => {
  const { outcomes, n, looked } = changes([before, after, before, other], [all, all], { most: 20 });
  expect([n, looked]).toEqual([36, 20]);
  for (const { order, change, n: m } of outcomes) {
    expect(m).toBe(20);
    const prompts = new Map<number, number>();
    for (const i of order) prompts.set(before.prompt[i], (prompts.get(before.prompt[i]) ?? 0) + 1);
    expect([...prompts.values()]).toEqual([4, 4, 4, 4, 4]);
    expect(change.length).toBe(400);
  }
  expect(outcomes[0].change[1]).toBeCloseTo(
    logit(after, outcomes[0].order[0], outcomes[0].order[1]) - logit(before, outcomes[0].order[0], outcomes[0].order[1]),
    5,
  );
});

it('leaves out rollouts whose embedding is lost in the step', () => {
  const lost = moved(before, 1);
  lost.vectors?.fill(Number.NaN, 0, lost.width);
  const [{ kind, change, order, n }] = changes([before, lost], [all]).outcomes;
  const at = order.indexOf(0);
  expect(kind[at]).toBe(KIND.excluded);
  for (let b = 0; b < n; b++) expect(change[at * n + b]).toBeNaN();
  expect(change.filter(Number.isNaN)).toHaveLength(2 * n - 1);
});

it('refuses frames that do not go together', () => {
  expect(() => changes([before], [all])).toThrow('invalid frames: 1 for 1 outcomes (two for each, one before and one after)');
  expect(() => changes([before, after], [all.slice(1)])).toThrow('invalid frames: 36 and 36 rows of outcome 0 (35)');
});

it('spreads: quantiles between neighbours in order', () => {
  expect(spreadOf(Float64Array.from([4, 0, 2, 1, 3]))).toEqual({ count: 5, mean: 2, quantiles: [0.2, 1, 2, 3, 3.8] });
  expect(spreadOf(new Float64Array(0))).toEqual({ count: 0, mean: null, quantiles: null });
});
