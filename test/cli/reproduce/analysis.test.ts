import { describe, expect, test } from 'vitest';
import { analyse } from '../../../src/cli/reproduce/analysis';
import { differenceLabel } from '../../../src/cli/reproduce/columns';
import { experiment } from '../../../src/cli/reproduce/experiments';
import type { Difference, Verdict } from '../../../src/cli/reproduce/result';
import type { Experiment, RunRecord } from '../../../src/cli/reproduce/types';
import { verdictOf } from '../../../src/cli/reproduce/verdict';
import { synthetic } from './synthetic';

const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7];
const table1 = experiment('table1', 'tiny');

/** Only MCPO-GRPO against GRPO on average. */
const pair: Experiment = {
  ...table1,
  columns: table1.columns.filter((c) => c.id === 'average'),
  panels: ['average'],
  variants: table1.variants
    .filter((v) => ['grpo', 'mcpo-grpo'].includes(v.id))
    .map(({ base, ...v }) => (v.id === 'grpo' ? v : { ...v, base: 'grpo' })),
  claims: table1.claims.slice(0, 1),
};
const verdict = (effect: number, world: number, seeds = SEEDS): Verdict =>
  analyse(pair, synthetic(pair, { seeds, effect: { 'mcpo-grpo': effect }, noise: 3, world, steps: 1 })).claims[0].verdict;

describe('verdicts', () => {
  test('follow a planted effect of 3 points', () => {
    const worlds = Array.from({ length: 20 }, (_, w) => w);
    expect(new Set(worlds.map((w) => verdict(3, w)))).toEqual(new Set(['supported']));
    expect(new Set(worlds.map((w) => verdict(-3, w)))).toEqual(new Set(['contradicted']));
  });

  test('leave no effect undecided in about 95 % of worlds', () => {
    const worlds = 600;
    const all = Array.from({ length: worlds }, (_, w) => verdict(0, w));
    const decided = all.filter((v) => v !== 'undecided');
    expect(decided.length / worlds).toBeGreaterThan(0.02);
    expect(decided.length / worlds).toBeLessThan(0.07);
    // By chance it goes either way.
    expect(new Set(decided)).toEqual(new Set(['supported', 'contradicted']));
  });

  test('need six pairs, and say so', () => {
    const five = analyse(pair, synthetic(pair, { seeds: SEEDS.slice(0, 5), effect: { 'mcpo-grpo': 20 } })).claims[0];
    expect(five.verdict).toBe('undecided');
    expect(five.sampled.p).toBeCloseTo(1 / 16, 12);
    expect(five.sentence).toContain('With fewer than 6 pairs the exact test cannot reach p < .05');
    expect(verdict(20, 0, SEEDS.slice(0, 6))).toBe('supported');
  });

  test('that stay open name the effect that would have been seen', () => {
    const { claims } = analyse(pair, synthetic(pair, { seeds: SEEDS, noise: 3 }));
    expect(claims[0].verdict).toBe('undecided');
    expect(claims[0].sentence).toContain(
      `Effects below about ${claims[0].detectable?.toFixed(1)} points cannot be told from none here.`,
    );
  });

  test('need the interval and the test to agree', () => {
    const of = (mean: number | null, halfWidth: number | null, p: number | null) =>
      verdictOf(1, { n: 8, mean, halfWidth, p, holm: p } satisfies Difference);
    expect(of(2, 1, 0.01)).toBe('supported');
    expect(of(-2, 1, 0.01)).toBe('contradicted');
    expect(of(2, 1, 0.05)).toBe('undecided');
    expect(of(1, 1, 0.01)).toBe('undecided');
    expect(of(1, null, null)).toBe('undecided');
    expect(of(null, null, null)).toBe('no data');
    expect(verdictOf(-1, { n: 8, mean: -2, halfWidth: 1, p: 0.01, holm: 0.01 })).toBe('supported');
  });
});

/** Runs whose only difference is the average, in per cent. */
function runs(values: Record<string, number[]>): RunRecord[] {
  return Object.entries(values).flatMap(([variant, list]) =>
    synthetic(pair, { seeds: list.map((_, i) => i) })
      .filter((r) => r.variant === variant)
      .map((r, i) => ({ ...r, sampled: { ...r.sampled, average: list[i] / 100 } })),
  );
}

test('a paired difference by hand: 1, 2, 3, 4 points', () => {
  const { differences, claims } = analyse(pair, runs({ grpo: [50, 60, 40, 55], 'mcpo-grpo': [51, 62, 43, 59] }));
  const d = differences[0].sampled.average;
  expect(d.n).toBe(4);
  expect(d.mean).toBeCloseTo(2.5, 10);
  // t(0.975, 3) = 3.182446, standard deviation √(5/3), √4 = 2
  expect(d.halfWidth).toBeCloseTo((3.182446305 * Math.sqrt(5 / 3)) / 2, 7);
  // Only all plus and all minus reach a sum of ±10: 2 of 16.
  expect(d.p).toBe(0.125);
  expect(differences[0].paper.average).toBe(3.74);
  expect(claims[0].detectable).toBe(d.halfWidth);
  expect(claims[0].sentence).toBe(
    'Difference +2.5 points, 95 % interval +0.4 to +4.6, 4 pairs, p = .13 (Holm .13). The paper: +3.74 (Qwen3-4B), +3.71 (Qwen3-8B). ' +
      'With fewer than 6 pairs the exact test cannot reach p < .05, so no verdict is possible.',
  );
});

describe('partial data', () => {
  const all = synthetic(table1, { seeds: SEEDS, effect: { 'mcpo-grpo': 3 } });

  test('pairs are the seeds that both have', () => {
    const { claims, rows } = analyse(
      table1,
      all.filter((r) => !(r.variant === 'grpo' && r.seed > 5) && !(r.variant === 'mcpo-grpo' && r.seed < 2)),
    );
    expect(claims[0].sampled.n).toBe(4);
    expect(rows.find((r) => r.variant === 'grpo')?.seeds).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('no common seed is no data, and no number is NaN', () => {
    const result = analyse(
      table1,
      all.filter((r) => (r.variant === 'grpo' ? r.seed < 4 : r.seed >= 4) && r.variant !== 'mgs'),
    );
    expect(result.claims[0].verdict).toBe('no data');
    expect(result.claims[0].sentence).toMatch(/^No data: no seed has all the runs\./);
    expect(result.rows.find((r) => r.variant === 'mgs')?.sampled.average).toEqual({ n: 0, mean: null, halfWidth: null });
    expect(JSON.stringify(result)).not.toMatch(/NaN|Infinity/);
  });

  test('no runs at all', () => {
    for (const id of ['table1', 'table2a', 'figure3', 'figure4'] as const) {
      const result = analyse(experiment(id, 'tiny'), []);
      expect(new Set(result.claims.map((c) => c.verdict))).toEqual(new Set(['no data']));
      expect([result.seeds, result.steps, result.maps]).toEqual([[], null, []]);
    }
  });

  test('a single pair has a difference but neither interval nor test', () => {
    const [claim] = analyse(pair, runs({ grpo: [50], 'mcpo-grpo': [53] })).claims;
    expect(claim.verdict).toBe('undecided');
    expect(claim.sentence).toContain('Difference +3.0 points in 1 pair, which gives no interval and no test.');
  });

  test('a number that is not finite counts as missing', () => {
    const broken = all.map((r) => (r.seed === 0 ? { ...r, sampled: { ...r.sampled, average: Number.NaN } } : r));
    expect(analyse(table1, broken).claims[0].sampled.n).toBe(7);
  });
});

describe('records that do not belong together are refused', () => {
  const all = synthetic(pair, { seeds: [0, 1] });
  test.each([
    ['twice the same run', [...all, all[0]], 'table1 has two records of grpo, seed 0'],
    [
      'a variant of another experiment',
      [{ ...all[0], variant: 'gru-grpo' }],
      'table1 trains no variant gru-grpo (one of grpo, mcpo-grpo)',
    ],
    ['other lengths', [all[0], { ...all[1], steps: 41 }], 'table1 mixes runs of 40 and 41 steps (grpo, seed 1)'],
  ])('%s', (_, records, message) => {
    expect(() => analyse(pair, records)).toThrow(message);
  });
});

test('Holm’s correction runs over the experiment’s claims', () => {
  const { claims } = analyse(table1, synthetic(table1, { seeds: SEEDS, effect: { 'mcpo-grpo': 3 } }));
  const p = claims.map((c) => c.sampled.p as number);
  const smallest = Math.min(...p);
  expect(claims[p.indexOf(smallest)].sampled.holm).toBeCloseTo(Math.min(1, smallest * p.length), 12);
  for (const { sampled } of claims) expect(sampled.holm).toBeGreaterThanOrEqual(sampled.p as number);
});

test('the base model’s row is the accuracy before training, sampled only', () => {
  const records = synthetic(table1, { seeds: SEEDS });
  const { rows } = analyse(table1, records);
  const base = rows.find((r) => r.variant === 'base');
  const own = records.filter((r) => r.variant === 'grpo').map((r) => 100 * r.base.average);
  expect(base?.sampled.average.mean).toBeCloseTo(own.reduce((a, b) => a + b) / own.length, 10);
  expect(base?.greedy.average.n).toBe(0);
  expect(base?.cost).toBe(null);
});

test('single-domain runs are put together from their own domains', () => {
  const table2a = experiment('table2a', 'tiny');
  const effect = { 'dapo-math': 10, 'dapo-code': 20, 'dapo-science': -5, 'dapo-toolUse': 1, 'dapo-safety': 2 };
  const records = synthetic(table2a, { seeds: [0, 1], effect, noise: 0, shared: 0 });
  const row = analyse(table2a, records).rows.find((r) => r.variant === 'dapo-single');
  expect(row?.sampled.math.mean).toBeCloseTo(70, 10);
  expect(row?.sampled.science.mean).toBeCloseTo(55, 10);
  expect(row?.sampled.average.mean).toBeCloseTo((3 * 70 + 2 * 80 + 2 * 55 + 61 + 62) / 9, 10);
  const partial = records.filter((r) => !(r.variant === 'dapo-safety' && r.seed === 1));
  const { sampled, seeds } = analyse(table2a, partial).rows.find((r) => r.variant === 'dapo-single') as NonNullable<typeof row>;
  expect([sampled.math.n, sampled.safety.n, sampled.average.n, seeds]).toEqual([2, 1, 1, [0]]);
});

test('Figure 3: start, end and change over the tenths of the steps', () => {
  const figure3 = experiment('figure3', 'tiny');
  const records = synthetic(figure3, { seeds: SEEDS }).map((r) => ({
    ...r,
    curves: { ...r.curves, 'logit/margin': Array.from({ length: 40 }, (_, i) => (i < 4 ? null : i)) },
  }));
  const { rows, claims, curves } = analyse(figure3, records);
  const mcpo = rows[0].sampled;
  expect(mcpo['logit/margin:start'].mean).toBe(null);
  expect(mcpo['logit/margin:end'].mean).toBe(37.5);
  expect(claims.find((c) => c.claim.column === 'logit/margin:change')?.verdict).toBe('no data');
  expect(claims.find((c) => c.claim.column === 'logit/crossPositive:change')?.verdict).toBe('supported');
  expect(claims.find((c) => c.claim.column === 'distance/toolUse/safety:change')?.verdict).toBe('contradicted');
  const line = curves.find((c) => c.curve.metric === 'logit/margin')?.lines[0];
  expect(line?.mean.slice(2, 6)).toEqual([null, null, 4, 5]);
  expect(curves.find((c) => c.curve.metric === 'distance/math/science')?.lines[0].steps).toEqual([2.5, 38.5]);
});

test('Figure 4: distances, spread and purity of known clusters; maps that keep them apart', () => {
  const figure4 = experiment('figure4', 'tiny');
  const records = synthetic(figure4, { seeds: [3, 4] });
  const { rows, maps } = analyse(figure4, records);
  const grpo = rows[0].sampled;
  // Centres e0 and (e2 + 0.8 e0)/√1.64: cosine 0.8/√1.64.
  expect(grpo['states/math/science'].mean).toBeCloseTo(1 - 0.8 / Math.sqrt(1.64), 1);
  expect(grpo['states/toolUse/safety'].mean).toBeCloseTo(1, 1);
  expect(grpo['states/purity'].mean).toBeGreaterThan(0.95);
  expect(grpo['states/spread'].mean).toBeLessThan(rows[1].sampled['states/spread'].mean as number);
  expect(maps.map((m) => [m.variant, m.seed, m.points.length])).toEqual(figure4.variants.map((v) => [v.id, 3, 80]));
  for (const m of maps) {
    expect(m.trustworthiness).toBeGreaterThan(0.9);
    expect(m.purity).toBeGreaterThan(0.85);
  }
});

test('labels of differences say what is common once', () => {
  expect(differenceLabel('MCPO-GRPO', 'GRPO')).toBe('MCPO-GRPO − GRPO');
  expect(differenceLabel('GRU: MGS', 'GRU: GRPO')).toBe('GRU: MGS − GRPO');
  expect(differenceLabel('MCPO-GRPO, modulus 7', 'GRPO, modulus 7')).toBe('MCPO-GRPO − GRPO, modulus 7');
  expect(differenceLabel('MCPO-GRPO, λ 1', 'GRPO, reference')).toBe('MCPO-GRPO, λ 1 − GRPO, reference');
});
