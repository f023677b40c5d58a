import { describe, expect, it } from 'vitest';
import type { distributions } from '../../../src/host/analysis/distributions';
import { jobSteps, TermsCache } from '../../../src/host/analysis/jobs';
import { cosineSteps, poolOf } from '../../../src/host/analysis/pool';
import { similarity } from '../../../src/host/analysis/similarity';
import { cellOf } from '../../../src/host/analysis/similarityView';
import { type ContrastOptions, Terms } from '../../../src/host/analysis/terms';
import { contrast } from '../../../src/math/contrast';
import { finish } from '../../../src/math/steps';
import { makeFrame, poolFor } from './frames';

const OPTIONS: ContrastOptions = { tau: 0.2, beta: 0.7, gamma: 0.4 };
const frame = makeFrame({ seed: 9, domains: 3, prompts: 2, group: 4 });
const mapOf = (options = OPTIONS) => {
  const pool = poolOf(frame);
  return similarity(new Terms(pool, finish(cosineSteps(pool)), options));
};
const cells = (map: ReturnType<typeof mapOf>) =>
  Array.from({ length: map.n ** 2 }, (_, at) => cellOf(map, Math.floor(at / map.n), at % map.n)!);

describe('the loss terms of cells', () => {
  it('are l by its definition, and their parts sum to the loss (11)', () => {
    const map = mapOf();
    const all = cells(map);
    for (const { anchor, logit, role, loss, share } of all) {
      if (!role.endsWith('positive')) {
        expect(loss).toBeNull();
        continue;
      }
      const rivals = all.filter((c) => c.anchor === anchor && c.role === 'negative');
      const E = rivals.reduce((s, c) => s + Math.exp(c.logit), 0);
      expect(loss).toBeCloseTo(-Math.log(Math.exp(logit) / (Math.exp(logit) + E)), 6);
      expect(share).toBeNull();
      expect(rivals.reduce((s, c) => s + (c.share ?? 0), 0)).toBeCloseTo(1, 6);
    }
    const whole = all.reduce((s, c) => s + (c.part ?? 0), 0);
    expect(whole).toBeCloseTo(contrast(poolFor(frame), OPTIONS).loss.contrastive, 5);
  });

  it('follow the open choices: all others compete, each anchor has its own mass', () => {
    const options: ContrastOptions = { ...OPTIONS, switches: { denominator: 'all', normalizer: 'anchor', mixing: 'convex' } };
    const all = cells(mapOf(options));
    const whole = all.reduce((s, c) => s + (c.part ?? 0), 0);
    expect(whole).toBeCloseTo(contrast(poolFor(frame), OPTIONS, options.switches).loss.contrastive, 5);
    const first = all.find((c) => c.role === 'cross-positive');
    const shares = all.filter((c) => c.anchor === first?.anchor).map((c) => c.share ?? 0);
    expect(shares.reduce((s, x) => s + x, 0)).toBeCloseTo(1, 6);
  });

  it('have means by pair of domains that sum up to the logged ones', () => {
    const map = mapOf();
    const { logit } = contrast(poolFor(frame), OPTIONS);
    const all = cells(map);
    let [sum, count] = [0, 0];
    map.negative.forEach((row, a) =>
      row.forEach((mean, b) => {
        const own = all.filter((c) => c.role === 'negative' && frame.domain[c.anchor] === a && frame.domain[c.partner] === b);
        if (mean === null) expect(own).toEqual([]);
        sum += (mean ?? 0) * own.length;
        count += own.length;
      }),
    );
    expect(sum / count).toBeCloseTo(logit.negative!, 5);
    const diagonal = all.filter((c) => c.role === 'in-domain positive' && frame.domain[c.anchor] === 1);
    expect(map.positive[1][1]).toBeCloseTo(diagonal.reduce((s, c) => s + c.logit, 0) / diagonal.length, 5);
  });
});

describe('distributions', () => {
  it('go by the label that makes a rollout correct', () => {
    const shaped = { ...frame, score: frame.reward.map((r) => 1 - r) };
    const run = (labels: 'verifier' | 'shaped') =>
      finish(
        jobSteps(
          { type: 'run', id: 1, job: 'distributions', frames: [0], options: { tau: 0.2, labels } },
          [shaped],
          new TermsCache(),
        ),
      ) as ReturnType<typeof distributions>;
    const correct = frame.reward.reduce((s, r) => s + r, 0);
    expect(run('verifier').margin.count).toBe(correct);
    expect(run('shaped').margin.count).toBe(frame.n - correct);
  });
});
