import { describe, expect, it } from 'vitest';
import { rungBelow } from '../../src/sweep/pruners/asha';
import { bracketShares, brackets, longestTraining } from '../../src/sweep/pruners/hyperband';
import { makePruner } from '../../src/sweep/pruners/make';
import type { PrunerSpec } from '../../src/sweep/types';
import { course, type Direction, prunerSpec, single, standing } from './prunerSupport';
import { range } from './samplerSupport';

const judge = (
  pruner: PrunerSpec,
  direction: Direction,
  at: number,
  standings: Parameters<ReturnType<typeof makePruner>['judge']>[1],
) => makePruner(prunerSpec(pruner, direction)).judge(at, standings);

/** Curves in whole thousandths, which other programs can make too. */
const curve = (i: number, t: number) => {
  const q = (i * 37) % 23;
  return (Math.floor((q * t * 10) / 20) + ((i * 53 + t * 29) % 31) * 4 + ((t * q) % 7)) / 1000;
};
const one = (every: number) => ({ points: 24, steps: 20, every, curve });

describe('median pruner', () => {
  const rule = (startup: number, warmup: number) => ({ kind: 'median', startup, warmup }) as const;

  it('ends the points that Optuna 5.0.0 ends, at the same steps', () => {
    expect(course(prunerSpec(rule(4, 5), 'min'), one(1)).ended).toEqual([
      0, 0, 0, 0, 6, 0, 0, 6, 6, 0, 0, 6, 0, 0, 6, 0, 0, 0, 6, 0, 0, 6, 0, 0,
    ]);
    expect(course(prunerSpec(rule(4, 5), 'max'), one(1)).ended).toEqual([
      0, 0, 0, 0, 7, 6, 0, 7, 7, 6, 7, 7, 6, 0, 7, 6, 0, 6, 6, 6, 6, 6, 6, 6,
    ]);
  });

  it('compares with running points too, not with pruned ones, once there are enough past the warm-up', () => {
    const others = [single(0, { 10: 0.4, 20: 0.5 }, 'finished'), single(1, { 10: 0.2, 20: 0.48 }), single(2, { 20: 0.3 })];
    const me = single(3, { 10: 0.1, 20: 0.41 });
    expect(judge(rule(3, 0), 'max', 3, [...others, me])).toBe(
      'its reward/mean 0.41 after 20 steps is below the median 0.48 of 3 points',
    );
    expect(judge(rule(4, 0), 'max', 3, [...others, me])).toBeNull();
    expect(judge(rule(3, 19), 'max', 3, [...others, me])).not.toBeNull();
    expect(judge(rule(3, 20), 'max', 3, [...others, me])).toBeNull();
    expect(judge(rule(3, 0), 'max', 3, [others[0], single(1, { 20: 0.48 }, 'pruned'), others[2], me])).toBeNull();
    expect(judge(rule(0, 0), 'max', 0, [me])).toBeNull();
    // Points that have not come so far do not count.
    expect(judge(rule(2, 0), 'max', 2, [others[0], single(1, { 10: 0.9 }), me])).toBeNull();
  });

  it('takes the best that the point had so far, and says so', () => {
    const others = [single(0, { 10: 0.1, 20: 0.5 }), single(1, { 10: 0.1, 20: 0.5 })];
    expect(judge(rule(1, 0), 'max', 2, [...others, single(2, { 10: 0.6, 20: 0.2 })])).toBeNull();
    expect(judge(rule(1, 0), 'max', 2, [...others, single(2, { 10: 0.45, 20: 0.2 })])).toBe(
      'its best reward/mean 0.45 in 20 steps is below the median 0.5 of 2 points',
    );
    expect(judge(rule(1, 0), 'min', 2, [...others, single(2, { 10: 0.6, 20: 0.7 })])).toBe(
      'its best reward/mean 0.6 in 20 steps is above the median 0.5 of 2 points',
    );
  });

  it('compares on the seeds that both points have', () => {
    // Seed 2 is the harder one. The others have seed 1 alone, where this point is no worse.
    const me = standing(2, { 1: { 5: 0.8 }, 2: { 5: 0.1 } });
    const others = [single(0, { 5: 0.8 }), single(1, { 5: 0.7 })];
    expect(judge(rule(1, 0), 'max', 2, [...others, me])).toBeNull();
    expect(judge(rule(1, 0), 'max', 2, [standing(0, { 3: { 5: 0.9 } }), standing(1, { 3: { 5: 0.9 } }), me])).toBeNull();
    const worse = standing(2, { 1: { 5: 0.6 }, 2: { 5: 0.9 } });
    expect(judge(rule(1, 0), 'max', 2, [...others, worse])).toBe(
      'its reward/mean 0.75 after 5 steps is below the median 0.9 of 2 points',
    );
  });

  it('waits for the slowest seed, and tells near numbers apart', () => {
    const others = [single(0, { 5: 0.5, 10: 0.5 })];
    expect(judge(rule(1, 5), 'max', 1, [...others, standing(1, { 1: { 5: 0.1, 10: 0.1 }, 2: { 5: 0.1 } })])).toBeNull();
    expect(judge(rule(1, 0), 'max', 1, [...others, single(1, { 5: 0.49999, 10: 0.49998 })])).toBe(
      'its best reward/mean 0.49999 in 10 steps is below the median 0.5 of 1 point',
    );
    expect(judge(rule(1, 0), 'max', 1, [...others, single(1, { 10: Number.NaN })])).toBe(
      'its reward/mean is not a number in 10 steps',
    );
    expect(judge(rule(1, 0), 'max', 1, [...others, standing(1, {})])).toBeNull();
  });
});

describe('successive halving', () => {
  const rule = (min: number, factor: number) => ({ kind: 'asha', min, factor }) as const;

  it('ends the points that Optuna 5.0.0 ends, at the same steps', () => {
    expect(course(prunerSpec(rule(2, 3), 'min'), one(1)).ended).toEqual([
      0, 6, 0, 6, 2, 2, 6, 2, 2, 18, 2, 2, 2, 6, 2, 2, 2, 2, 2, 2, 6, 2, 2, 6,
    ]);
    expect(course(prunerSpec(rule(2, 3), 'max'), one(1)).ended).toEqual([
      0, 2, 2, 2, 2, 2, 2, 0, 2, 2, 18, 0, 2, 2, 18, 2, 2, 18, 0, 2, 2, 0, 2, 2,
    ]);
    expect(course(prunerSpec(rule(5, 2), 'min'), one(5)).ended).toEqual([
      0, 10, 10, 5, 5, 10, 5, 5, 5, 10, 5, 5, 10, 5, 5, 0, 10, 5, 5, 10, 5, 5, 10, 0,
    ]);
    expect(course(prunerSpec(rule(5, 2), 'max'), one(5)).ended).toEqual([
      0, 5, 5, 0, 10, 5, 0, 10, 0, 5, 10, 0, 5, 0, 10, 5, 5, 10, 0, 5, 10, 0, 5, 5,
    ]);
  });

  it("decides as Optuna's test cases do", () => {
    // The first point is not ended; a worse second one is.
    expect(judge(rule(1, 2), 'min', 0, [single(0, { 1: 1 })])).toBeNull();
    expect(judge(rule(1, 2), 'min', 1, [single(0, { 1: 1 }), single(1, { 1: 2 })])).toBe(
      'its reward/mean 2 after 1 step is number 2 of 2 points, and only the best goes on',
    );
    expect(judge(rule(1, 2), 'max', 1, [single(0, { 1: 1 }), single(1, { 1: 0.5 })])).not.toBeNull();
    expect(judge(rule(1, 2), 'min', 1, [single(0, { 1: 1 }), single(1, {})])).toBeNull();
    // Not a number ends at a rung, not before it.
    expect(judge(rule(2, 2), 'min', 0, [single(0, { 1: Number.NaN })])).toBeNull();
    expect(judge(rule(2, 2), 'min', 0, [single(0, { 2: Number.NaN })])).toBe('its reward/mean is not a number after 2 steps');
  });

  it('sends the best ⌊n / factor⌋ on when all train side by side', () => {
    const value = (i: number, t: number) => ((i * 7) % 27) + t / 1000;
    const { ended, done, why } = course(prunerSpec(rule(5, 3), 'max'), {
      points: 27,
      steps: 150,
      every: 5,
      together: true,
      curve: value,
    });
    const at = (step: number) => ended.filter((s) => s === step).length;
    expect([at(5), at(15), at(45), at(135), at(0)]).toEqual([18, 6, 2, 0, 1]);
    expect(ended.indexOf(0)).toBe(Array.from({ length: 27 }, (_, i) => (i * 7) % 27).indexOf(26));
    expect(done.reduce((a, b) => a + b, 0)).toBe(18 * 5 + 6 * 15 + 2 * 45 + 150);
    expect(why[0]).toMatch(/^its reward\/mean 0\.005 after 5 steps is number 27 of 27 points, and the best 9 go on$/);
  });

  it('judges a rung at the first report at or past it, once', () => {
    expect([4, 5, 14, 15, 44, 45, 1e4].map((s) => rungBelow({ first: 5, factor: 3 }, s))).toEqual([null, 5, 5, 15, 15, 45, 3645]);
    const rival = single(0, { 5: 0.9, 10: 0.9, 15: 0.9 }, 'finished');
    expect(judge(rule(7, 3), 'max', 1, [rival, single(1, { 5: 0.1 })])).toBeNull();
    expect(judge(rule(7, 3), 'max', 1, [rival, single(1, { 5: 0.1, 10: 0.1 })])).not.toBeNull();
    expect(judge(rule(7, 3), 'max', 1, [rival, single(1, { 5: 0.1, 10: 0.1, 15: 0.1 })])).toBeNull();
    // What others have later at the same rung counts for them, whatever they have now.
    expect(judge(rule(7, 3), 'max', 1, [single(0, { 10: 0.2, 15: 0.9 }), single(1, { 10: 0.3 })])).toBeNull();
  });

  it('ranks on common seeds, by means at the rung', () => {
    const me = standing(2, { 1: { 5: 0.8 }, 2: { 5: 0.1 } });
    expect(judge(rule(5, 2), 'max', 2, [single(0, { 5: 0.7 }), single(1, { 5: 0.75 }), me])).toBeNull();
    expect(judge(rule(5, 2), 'max', 2, [single(0, { 5: 0.7 }), single(1, { 5: 0.85 }), me])).toBe(
      'its reward/mean 0.45 after 5 steps is number 2 of 3 points, and only the best goes on',
    );
    // A seed that lags behind puts the judgement off.
    const lags = standing(1, { 1: { 5: 0.1 }, 2: {} });
    expect(judge(rule(5, 2), 'max', 1, [single(0, { 5: 0.7 }), lags])).not.toBeNull();
    const behind = standing(1, { 1: { 5: 0.1, 10: 0.1 }, 2: { 5: 0.2 } });
    expect(judge(rule(10, 2), 'max', 1, [single(0, { 5: 0.7, 10: 0.7 }), behind])).toBeNull();
  });
});

describe('Hyperband', () => {
  it('shares points as the paper and Optuna do', () => {
    expect(bracketShares(1, 81, 3)).toEqual([81, 34, 15, 8, 5]);
    expect(bracketShares(1, 16, 2)).toEqual([16, 10, 7, 5, 5]);
    expect(bracketShares(10, 150, 3)).toEqual([9, 5, 3]);
    expect(bracketShares(200, 150, 3)).toEqual([1]);
  });

  it('keeps to the shares after any number of points, whatever order they are asked in', () => {
    const shares = bracketShares(1, 81, 3);
    const of = brackets(shares);
    expect(of(500)).toBe(brackets(shares)(500));
    const counts = shares.map(() => 0);
    const total = shares.reduce((a, b) => a + b, 0);
    for (let i = 0; i < 400; i++) {
      counts[of(i)]++;
      counts.forEach((c, b) => expect(Math.abs(c - ((i + 1) * shares[b]) / total)).toBeLessThan(1.3));
    }
    for (let b = 0; b < shares.length; b++) expect(counts.map((c) => c > 0)[b]).toBe(true);
  });

  it('takes the longest training of the sweep', () => {
    const spec = (fields: Parameters<typeof prunerSpec>[2]) => longestTraining(prunerSpec({ kind: 'none' }, 'max', fields));
    expect(spec({ changes: { steps: 60 } })).toBe(60);
    expect(spec({ fields: [range('steps', 10, 90, { integer: true })] })).toBe(90);
    expect(spec({ fields: [{ field: 'steps', values: [20, 40, 30] }] })).toBe(40);
  });

  it('halves within brackets, each from its own first rung on', () => {
    const spec = prunerSpec({ kind: 'hyperband', min: 10, factor: 3 }, 'max', { changes: { steps: 90 } });
    const of = brackets(bracketShares(10, 90, 3));
    const value = (i: number) => (i * 29) % 68;
    const { ended, why } = course(spec, { points: 68, steps: 90, every: 10, together: true, curve: value });
    const shares = [0, 1, 2].map((b) => ended.filter((_, i) => of(i) === b).length);
    expect(shares).toEqual([36, 20, 12]);
    for (let b = 0; b < 3; b++) {
      const mine = ended.flatMap((step, i) => (of(i) === b ? [{ step, i }] : []));
      // By hand: who would go on from each rung below the end.
      let left = mine.map(({ i }) => i).sort((a, c) => value(c) - value(a));
      for (let rung = 10 * 3 ** b; rung < 90; rung *= 3) {
        const go = left.slice(0, Math.max(1, Math.floor(left.length / 3)));
        for (const i of left.slice(go.length)) expect(ended[i]).toBe(rung);
        left = go;
      }
      for (const i of left) expect(ended[i]).toBe(0);
    }
    expect(why.some((w) => w.endsWith('(bracket 1 of 3)'))).toBe(true);
  });
});

describe('signed-rank pruner', () => {
  const rule = (p: number, startup = 0) => ({ kind: 'wilcoxon', p, startup }) as const;
  const seeds = (i: number, _: number, k: number) =>
    (((i * 7) % 10) * 30 + ((k * 41) % 17) + ((i * 13 + k * 19) % 29) * 6) / 1000;

  it('ends the points that Optuna 5.0.0 ends, seeds in the place of its steps', () => {
    const all = { points: 24, steps: 2, every: 1, seeds: 8, curve: seeds };
    const ended = (p: number, direction: Direction) => course(prunerSpec(rule(p), direction), all).ended;
    const min10 = [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0];
    const min1 = [0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0];
    const max10 = [0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1];
    const max1 = [0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1];
    expect([ended(0.1, 'min'), ended(0.01, 'min'), ended(0.1, 'max'), ended(0.01, 'max')]).toEqual([min10, min1, max10, max1]);
  });

  it("decides as Optuna's test cases do", () => {
    const values = [-1, 1, 2, 3, 4, 5, -2, -3];
    const of = (n: number, f: (k: number) => number) =>
      Object.fromEntries(Array.from({ length: n }, (_, k) => [k + 1, { 10: f(k) }])) as Record<number, Record<number, number>>;
    const decisions = (p: number) =>
      values.map(
        (_, k) =>
          judge(rule(p), 'min', 1, [
            standing(
              0,
              of(8, () => 0),
              'finished',
            ),
            standing(
              1,
              of(k + 1, (j) => values[j]),
            ),
          ]) !== null,
      );
    expect(decisions(0.2)).toEqual([false, false, false, true, true, true, true, true]);
    expect(decisions(0.15)).toEqual([false, false, false, false, true, true, true, false]);
  });

  it('tests against the best on common seeds after the same steps, and names it', () => {
    const by = (f: (k: number) => number, n = 6, step = 20) =>
      Object.fromEntries(Array.from({ length: n }, (_, k) => [k, { [step]: f(k) }])) as Record<number, Record<number, number>>;
    const best = standing(
      0,
      by((k) => 0.5 + k / 100),
      'finished',
    );
    const good = standing(
      1,
      by((k) => 0.45 + k / 100),
    );
    const me = standing(
      2,
      by((k) => 0.4 + k / 90),
    );
    expect(judge(rule(0.05), 'max', 2, [best, good, me])).toBe(
      "its reward/mean 0.428 after 20 steps is below point 0's 0.525 on 6 common seeds (signed-rank p 0.016 is below 0.05; the least that 6 can give is 0.016)",
    );
    expect(judge(rule(0.05), 'max', 1, [best, good, me])).toContain("below point 0's");
    expect(judge(rule(0.05), 'max', 0, [best, good, me])).toBeNull();
    // Too few seeds for this p, or for the start.
    const few = [
      standing(
        0,
        by(() => 0.9, 4),
        'finished',
      ),
      standing(
        1,
        by(() => 0.1, 6),
      ),
    ];
    expect(judge(rule(0.05), 'max', 1, few)).toBeNull();
    expect(judge(rule(0.1), 'max', 1, few)).not.toBeNull();
    expect(judge(rule(0.1, 5), 'max', 1, few)).toBeNull();
    // Others that have not come so far, or were pruned, are no measure.
    expect(
      judge(rule(0.05), 'max', 1, [
        standing(
          0,
          by((k) => 0.5 + k / 100, 6, 10),
        ),
        standing(
          1,
          by(() => 0.1),
        ),
      ]),
    ).toBeNull();
    expect(
      judge(rule(0.05), 'max', 1, [
        standing(
          0,
          by((k) => 0.5 + k / 100),
          'pruned',
        ),
        standing(
          1,
          by(() => 0.1),
        ),
      ]),
    ).toBeNull();
    expect(judge(rule(0.05), 'min', 0, [best, me])).toContain("above point 2's");
  });
});

describe('no pruner', () => {
  it('ends nothing', () => {
    expect(judge({ kind: 'none' }, 'max', 1, [single(0, { 5: 1 }), single(1, { 5: 0 })])).toBeNull();
  });
});
