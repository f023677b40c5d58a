import { type PairedSummary, paired } from '../../math/statistics';
import { trialsOf } from '../journal';
import { HELD_OUT } from '../objective';
import type { SweepState } from '../types';

/** Two points on the seeds that both have. */
export interface Comparison extends PairedSummary {
  /** Seeds of the differences, a − b. */
  seeds: number[];
  /** Ends of the 95 % interval; null for fewer than two seeds. */
  low: number | null;
  high: number | null;
  /** `better`: a is, at p ≤ .05; `open`: cannot be told apart. */
  verdict: 'better' | 'worse' | 'open';
  /** The verdict in words, without a full stop. */
  sentence: string;
}

/** Level of the verdict. */
const LEVEL = 0.05;
/** Fewest pairs whose exact test can reach it: 2^(1 − 6) = .031. */
export const FEWEST_PAIRS = 6;

const finished = (state: SweepState, point: number): Map<number, number> =>
  new Map(
    trialsOf(state, point).flatMap(({ seed, state: s, value }) =>
      s === 'finished' && value !== null ? [[seed, value] as const] : [],
    ),
  );

const plain = (x: number): string => x.toFixed(3).replace(/^0\./, '.');
const probability = (p: number): string => (p < 0.001 ? 'p < .001' : p > 0.9995 ? 'p = 1' : `p = ${plain(p)}`);

/** Digits so that the first figure of `size` is shown, and one more. */
function writer(size: number): (x: number) => string {
  const digits = size > 0 ? Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(size)))) : 1;
  return (x) => (x === 0 ? 0 : x).toFixed(digits).replace('-', '−');
}

/**
 * "Is a better than b?": differences a − b on the seeds of which both have a finished trial, their t-interval, and the sign-flip test's
 * p, which decides. It is not corrected for having picked the two among many.
 * @param names what the sentence calls them
 * @param share the objective is a share of 1, worded in points of a hundred; left out: for accuracies
 */
export function comparePoints(
  state: SweepState,
  a: number,
  b: number,
  names: readonly [string, string] = [`point ${a}`, `point ${b}`],
  share: boolean = state.spec.objective.metric.startsWith(HELD_OUT),
): Comparison {
  const [left, right] = [finished(state, a), finished(state, b)];
  const seeds = [...left.keys()].filter((seed) => right.has(seed));
  const summary = paired(
    seeds.map((s) => left.get(s) as number),
    seeds.map((s) => right.get(s) as number),
  );
  const { n, mean, halfWidth, p, differences } = summary;
  const { direction } = state.spec.objective;
  const told = p !== null && p <= LEVEL && mean !== null && mean !== 0;
  const verdict = !told ? 'open' : (mean as number) > 0 === (direction === 'max') ? 'better' : 'worse';
  const [low, high] = mean === null || halfWidth === null ? [null, null] : [mean - halfWidth, mean + halfWidth];

  const factor = share ? 100 : 1;
  const shown = writer(factor * Math.max(Math.abs(mean ?? 0), (halfWidth ?? 0) / 10));
  const signed = (x: number) => `${x > 0 && Number(shown(factor * x)) !== 0 ? '+' : ''}${shown(factor * x)}`;
  const unit = share ? ' points' : '';
  const span = low === null || high === null ? '' : ` [${shown(factor * low)}, ${shown(factor * high)}]`;
  const count = `${n} ${n === 1 ? 'seed' : 'seeds'}`;
  const size = mean === null ? '' : `${signed(mean)}${unit}${span}`;
  const [one, other] = names;
  const differing = differences.filter((d) => d !== 0).length;
  const few =
    n < FEWEST_PAIRS
      ? `; with fewer than ${FEWEST_PAIRS} seeds the exact test cannot reach p = .05`
      : differing && differing < FEWEST_PAIRS
        ? `; with fewer than ${FEWEST_PAIRS} seeds that differ the exact test cannot reach p = .05`
        : '';
  const sentence =
    mean === null
      ? `${one} and ${other} have no finished seed in common`
      : verdict === 'open'
        ? `${one} and ${other} cannot be told apart at n = ${n}: ${size}, ${probability(p as number)}${few}`
        : `${one} is ${verdict} than ${other}: ${size}, ${probability(p as number)}, ${count}`;
  return { ...summary, seeds, low, high, verdict, sentence };
}
