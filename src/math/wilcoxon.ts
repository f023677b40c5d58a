/** Wilcoxon's signed-rank test of paired differences (Wilcoxon 1945; zeros as Pratt 1959 or split, as Optuna's pruner has them). */
import { normalCdf } from './normal';

export type Alternative = 'greater' | 'less' | 'two-sided';

/** Zero differences: left out before ranking; ranked, then left out; or ranked, half of their ranks on either side. */
export type ZeroRule = 'wilcox' | 'pratt' | 'zsplit';

export interface SignedRank {
  /** Sum of the ranks of positive differences (with half of the zeros' under `zsplit`). */
  positive: number;
  negative: number;
  /** Differences that count: without zeros under `wilcox`. */
  n: number;
  p: number;
  exact: boolean;
}

/** What `signedRank` may be told. */
export interface SignedRankOptions {
  /** `zsplit` when left out. */
  zeros?: ZeroRule;
  /** Most differences for the exact distribution; EXACT_RANKS when left out, 0 for the normal approximation always. */
  exact?: number;
}

/** Most differences whose distribution is counted out. */
export const EXACT_RANKS = 25;

/** The least one-sided p that `n` pairs can give: 2⁻ⁿ, when all differences agree in sign. */
export const leastSignedRankP = (n: number): number => 2 ** -n;

/** Mean ranks of the sizes, 1 the smallest, and the sizes of the groups of ties. */
function midranks(sizes: readonly number[]): { ranks: number[]; ties: number[] } {
  const order = sizes.map((_, i) => i).sort((a, b) => sizes[a] - sizes[b]);
  const ranks = new Array<number>(sizes.length);
  const ties: number[] = [];
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && sizes[order[to]] === sizes[order[from]]) to++;
    for (let k = from; k < to; k++) ranks[order[k]] = (from + 1 + to) / 2;
    ties.push(to - from);
    from = to;
  }
  return { ranks, ties };
}

/**
 * P(W ≤ w) and P(W ≥ w), W the sum of those ranks whose coin, one each, falls heads; `ranks` may be halves. The counts are whole
 * numbers below 2⁵³, so the result is exact but for the last division.
 */
function coinTails(ranks: readonly number[], w: number): { below: number; above: number } {
  const doubled = ranks.map((r) => Math.round(2 * r));
  const counts = new Float64Array(doubled.reduce((a, b) => a + b, 0) + 1);
  counts[0] = 1;
  let top = 0;
  for (const r of doubled) {
    top += r;
    for (let s = top; s >= r; s--) counts[s] += counts[s - r];
  }
  const at = Math.round(2 * w);
  let below = 0;
  let above = 0;
  counts.forEach((c, s) => {
    if (s <= at) below += c;
    if (s >= at) above += c;
  });
  const all = 2 ** ranks.length;
  return { below: below / all, above: above / all };
}

/**
 * Tests whether paired differences are symmetric about zero. Up to `exact` differences p is exact given the ranks: every sign of the
 * non-zero ones is a fair coin, ties and zeros included. Beyond, the normal approximation with correction for ties, none for
 * continuity. `greater`: the differences tend to lie above zero. p is 1 when nothing but zeros is left.
 * @throws RangeError for a difference that is not finite
 */
export function signedRank(
  differences: readonly number[],
  alternative: Alternative,
  { zeros = 'zsplit', exact = EXACT_RANKS }: SignedRankOptions = {},
): SignedRank {
  const bad = differences.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new RangeError(`invalid difference ${bad}: ${differences[bad]} (a finite number)`);
  const d = zeros === 'wilcox' ? differences.filter((x) => x !== 0) : differences;
  const n = d.length;
  const { ranks, ties } = midranks(d.map(Math.abs));
  const total = (of: (x: number) => boolean) => ranks.reduce((sum, r, i) => (of(d[i]) ? sum + r : sum), 0);
  const plus = total((x) => x > 0);
  const minus = total((x) => x < 0);
  const half = zeros === 'zsplit' ? total((x) => x === 0) / 2 : 0;
  const signed = ranks.filter((_, i) => d[i] !== 0);
  const result = { positive: plus + half, negative: minus + half, n };
  if (!signed.length) return { ...result, p: 1, exact: true };

  const tails = n <= exact ? coinTails(signed, plus) : normalTails(plus + half, n, n - signed.length, ties, zeros);
  const p =
    alternative === 'greater'
      ? tails.above
      : alternative === 'less'
        ? tails.below
        : Math.min(1, 2 * Math.min(tails.below, tails.above));
  return { ...result, p, exact: n <= exact };
}

/** Normal approximation of the tails; under `pratt` the zeros' ranks are taken out of mean and variance (Cureton 1967). */
function normalTails(w: number, n: number, zeroCount: number, ties: readonly number[], zeros: ZeroRule) {
  const squares = (m: number) => m * (m + 1) * (2 * m + 1);
  const out = zeros === 'pratt' ? zeroCount : 0;
  // Zeros are the smallest sizes, so theirs is the first group.
  const tied = ties.slice(out ? 1 : 0).reduce((sum, t) => sum + t ** 3 - t, 0);
  const centre = (n * (n + 1) - out * (out + 1)) / 4;
  const deviation = Math.sqrt((squares(n) - squares(out) - tied / 2) / 24);
  const z = (w - centre) / deviation;
  return { below: normalCdf(z), above: normalCdf(-z) };
}
