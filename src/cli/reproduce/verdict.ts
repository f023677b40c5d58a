import { count, NO_DATA, printedChange, probability, shown, signed } from './format';
import type { Difference, Verdict } from './result';
import type { Claim, Column, Experiment } from './types';

/** Level of the test. */
export const LEVEL = 0.05;
/** The exact sign-flip test of n pairs has no p below 2^(1 − n): with fewer pairs than these none reaches LEVEL. */
export const LEAST_PAIRS = 6;

/** `supported` and `contradicted` need the 95 % interval and the exact test to agree. */
export function verdictOf(sign: 1 | -1, { mean, halfWidth, p }: Difference): Verdict {
  if (mean === null) return 'no data';
  if (halfWidth === null || p === null || !(p < LEVEL) || Math.abs(mean) <= halfWidth) return 'undecided';
  return Math.sign(mean) === sign ? 'supported' : 'contradicted';
}

/** "the paper +3.74 points (Qwen3-4B), +3.71 (Qwen3-8B)". */
function paperSays({ paper, second, sign, contrast }: Claim, { backbones }: Experiment, unit: Column['unit']): string {
  if (paper === null) {
    if (backbones.length === 0) return '';
    return Object.keys(contrast).length === 1
      ? `The paper reports a ${sign > 0 ? 'rise' : 'fall'} without figures.`
      : 'The paper gives no figures.';
  }
  const of = (value: number, i: number) => `${printedChange(value, unit)}${backbones.length > 1 ? ` (${backbones[i]})` : ''}`;
  return `The paper: ${of(paper, 0)}${second === null ? '' : `, ${of(second, 1)}`}.`;
}

/** Verdict of a claim and the plain words for it. `sampled` must hold its Holm-corrected p. */
export function judge(experiment: Experiment, claim: Claim, sampled: Difference): { verdict: Verdict; sentence: string } {
  const verdict = verdictOf(claim.sign, sampled);
  const unit = experiment.columns.find((c) => c.id === claim.column)?.unit ?? 'percent';
  const paper = paperSays(claim, experiment, unit);
  const { n, mean, halfWidth, p, holm } = sampled;
  const join = (...parts: string[]) => parts.filter(Boolean).join(' ');
  if (mean === null) return { verdict, sentence: join(`${capital(NO_DATA)}: no seed has all the runs.`, paper) };
  const single = Object.keys(claim.contrast).length === 1;
  const noun = single ? 'run' : 'pair';
  const points = unit === 'percent' ? ' points' : '';
  const name = single ? 'Change' : 'Difference';
  const value = `${name} ${signed(mean, unit)}${points}`;
  if (halfWidth === null)
    return { verdict, sentence: join(`${value} in 1 ${noun}, which gives no interval and no test.`, paper) };
  const ends = `${signed(mean - halfWidth, unit)} to ${signed(mean + halfWidth, unit)}`;
  const ours = `${value}, 95 % interval ${ends}, ${count(n, noun)}, p = ${probability(p)} (Holm ${probability(holm)}).`;
  const limit =
    n < LEAST_PAIRS
      ? `With fewer than ${LEAST_PAIRS} ${noun}s the exact test cannot reach p < .05, so no verdict is possible.`
      : verdict === 'undecided'
        ? `Effects below about ${shown(halfWidth, unit)}${points} cannot be told from none here.`
        : '';
  return { verdict, sentence: join(ours, paper, limit).replaceAll('p = < ', 'p < ') };
}

const capital = (text: string) => text[0].toUpperCase() + text.slice(1);
