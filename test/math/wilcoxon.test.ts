import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alternative, leastSignedRankP, signedRank, type ZeroRule } from '../../src/math/wilcoxon';

/** Darwin's heights of cross- against self-fertilised corn, the example of SciPy's `wilcoxon`. */
const CORN = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];
const TIED = [3, 1, -1, 2, 2, 0, -2, 5, 4, 0, 3, -1, 1, 6, 2, 0, -3, 4, 4, 2, 1, 1, -2, 7, 3, 0, 2, 5];
const ALTERNATIVES: Alternative[] = ['greater', 'less', 'two-sided'];

/** Ranks by counting, and all sign patterns of the non-zero differences, each weighed the same. */
function byPatterns(differences: number[], zeros: ZeroRule): Record<Alternative, number> {
  const d = zeros === 'wilcox' ? differences.filter((x) => x !== 0) : differences;
  const size = d.map(Math.abs);
  const rank = size.map((x) => size.filter((y) => y < x).length + (size.filter((y) => y === x).length + 1) / 2);
  const moving = d.flatMap((x, i) => (x === 0 ? [] : [i]));
  const observed = moving.reduce((sum, i) => sum + (d[i] > 0 ? rank[i] : 0), 0);
  let above = 0;
  let below = 0;
  for (let pattern = 0; pattern < 2 ** moving.length; pattern++) {
    const w = moving.reduce((sum, i, k) => sum + ((pattern >> k) & 1 ? rank[i] : 0), 0);
    if (w >= observed) above++;
    if (w <= observed) below++;
  }
  const all = 2 ** moving.length;
  return { greater: above / all, less: below / all, 'two-sided': Math.min(1, (2 * Math.min(above, below)) / all) };
}

describe('signed-rank test', () => {
  it("has the statistic and p-values of SciPy's example", () => {
    expect(signedRank(CORN, 'two-sided')).toEqual({ positive: 96, negative: 24, n: 15, p: 0.041259765625, exact: true });
    expect(signedRank(CORN, 'greater').p).toBe(0.0206298828125);
    expect(signedRank(CORN, 'less').p).toBe(0.982330322265625);
  });

  it("approximates as SciPy's method of large samples does, with ties and each rule for zeros", () => {
    const near = (d: number[], zeros: ZeroRule, expected: number[]) =>
      ALTERNATIVES.forEach((a, i) => {
        const { p, exact } = signedRank(d, a, { zeros, exact: 0 });
        expect(Math.abs(p - expected[i])).toBeLessThan(1e-13);
        expect(exact).toBe(false);
      });
    near(CORN, 'zsplit', [0.020444066455927955, 0.979555933544072, 0.04088813291185591]);
    near(TIED, 'wilcox', [0.0010069480597229277, 0.9989930519402771, 0.0020138961194458554]);
    near(TIED, 'pratt', [0.000960237415381756, 0.9990397625846182, 0.001920474830763512]);
    near(TIED, 'zsplit', [0.0009768117781289486, 0.9990231882218711, 0.001953623556257897]);
    near(TIED.slice(0, 10), 'wilcox', [0.039104403811496304, 0.9608955961885037, 0.07820880762299261]);
    near(TIED.slice(0, 10), 'pratt', [0.04471043695002634, 0.9552895630499737, 0.08942087390005268]);
    near(TIED.slice(0, 10), 'zsplit', [0.0456646567681109, 0.9543353432318891, 0.0913293135362218]);
  });

  it("is exact with ties and zeros: SciPy's permutation p-values", () => {
    const d = TIED.slice(0, 10);
    const expected = { wilcox: [0.05078125, 0.97265625, 0.1015625], zsplit: [0.05859375, 0.96484375, 0.1171875] };
    for (const zeros of ['wilcox', 'zsplit'] as const)
      expect(ALTERNATIVES.map((a) => signedRank(d, a, { zeros }).p)).toEqual(expected[zeros]);
    expect(signedRank(d, 'greater', { zeros: 'pratt' }).p).toBe(0.05859375);
  });

  it('equals the count over all sign patterns, whatever ties and zeros there are', () => {
    const rule = fc.constantFrom<ZeroRule>('wilcox', 'pratt', 'zsplit');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 }), rule, (d, zeros) => {
        const counted = byPatterns(d, zeros);
        for (const a of ALTERNATIVES) expect(signedRank(d, a, { zeros }).p).toBe(counted[a]);
      }),
    );
  });

  it('is exact up to 25 differences and close to that beyond', () => {
    const of = (n: number) => Array.from({ length: n }, (_, i) => (i % 3 ? i + 1 : -(i + 1)));
    expect(signedRank(of(25), 'greater').exact).toBe(true);
    expect(signedRank(of(26), 'greater').exact).toBe(false);
    for (const a of ALTERNATIVES)
      expect(Math.abs(signedRank(of(30), a).p - signedRank(of(30), a, { exact: 30 }).p)).toBeLessThan(0.005);
  });

  it('splits the ranks of zeros evenly, and swaps its sides with the signs', () => {
    expect(signedRank([0, 0, 3, -1], 'less')).toMatchObject({ positive: 5.5, negative: 4.5, n: 4 });
    expect(signedRank([0, 0, 3, -1], 'less', { zeros: 'wilcox' })).toMatchObject({ positive: 2, negative: 1, n: 2 });
    const flipped = CORN.map((x) => -x);
    expect(signedRank(flipped, 'less').p).toBe(signedRank(CORN, 'greater').p);
  });

  it('has p = 1 for nothing but zeros, 2⁻ⁿ at least, and names what it cannot rank', () => {
    expect(signedRank([0, 0, 0], 'greater').p).toBe(1);
    expect(signedRank([], 'less').p).toBe(1);
    for (const n of [1, 4, 10])
      expect(signedRank(CORN.slice(0, 9).concat(99).slice(0, n), 'greater').p).toBe(leastSignedRankP(n));
    expect(() => signedRank([1, Number.NaN], 'less')).toThrow('invalid difference 1: NaN (a finite number)');
  });
});
