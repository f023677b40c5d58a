import { describe, expect, test } from 'vitest';
import { importance } from '../../src/sweep/analysis/importance';
import { parzen } from '../../src/sweep/analysis/parzen';
import type { Assignment, SweptField } from '../../src/sweep/types';
import { stateOf } from './fixture';

/** A linear congruential generator (Numerical Recipes), which the reference runs used too. */
function numbers(seed: number): () => number {
  let s = seed;
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return s / 2 ** 32;
  };
}

const FIELDS: SweptField[] = [
  { field: 'contrast.tau', from: 0.01, to: 1, scale: 'log', integer: false },
  { field: 'contrast.beta', from: 0, to: 10, scale: 'linear', integer: false },
  { field: 'policy.layers', from: 1, to: 8, scale: 'linear', integer: true },
  { field: 'rollout.prompts', from: 4, to: 512, scale: 'log', integer: true },
  { field: 'clipo.loss', values: ['infonce', 'supconOut', 'supconIn'] },
];

function mixedPoint(next: () => number): Assignment {
  const tau = 0.01 * Math.exp(next() * Math.log(100));
  const beta = next() * 10;
  const layers = 1 + Math.floor(next() * 8);
  const prompts = Math.min(512, Math.max(4, Math.floor(0.5 + 4 * Math.exp(next() * Math.log(512 / 4)))));
  const loss = ['infonce', 'supconOut', 'supconIn'][Math.floor(next() * 3)];
  return {
    'contrast.tau': tau,
    'contrast.beta': beta,
    'policy.layers': layers,
    'rollout.prompts': prompts,
    'clipo.loss': loss,
  };
}

const mixedValue = (v: Assignment) =>
  (Math.log10(v['contrast.tau'] as number) + 1) ** 2 * 3 +
  0.1 * (v['contrast.beta'] as number) +
  (v['clipo.loss'] === 'supconOut' ? 0.7 : 0) +
  0.05 * (v['policy.layers'] as number) +
  0.02 * Math.log(v['rollout.prompts'] as number);

const linear = (field: string, from = 0, to = 1): SweptField => ({ field, from, to, scale: 'linear', integer: false });

function scattered(fields: SweptField[], n: number, f: (v: Assignment) => number, seed = 1, seeds = [0], noise = 0) {
  const next = numbers(seed);
  const points = Array.from({ length: n }, () => Object.fromEntries(fields.map((x) => [x.field, next()])));
  const drawn = new Map<string, number>();
  const noisy = (v: Assignment, s: number) => {
    const key = JSON.stringify([v, s]);
    if (!drawn.has(key)) drawn.set(key, noise * (next() - 0.5) * Math.sqrt(12));
    return f(v) + (drawn.get(key) as number);
  };
  return stateOf({ points, spec: { fields, seeds, report: 1, objective: { window: 1 } }, steps: 1, curve: noisy });
}

describe('PED-ANOVA', () => {
  // optuna 5.0.0, PedAnovaImportanceEvaluator(target_quantile) over the same trials; fields in the order of FIELDS.
  test.each([
    [
      60,
      1,
      'min',
      0.1,
      [0.7616074200780095, 0.14706050015385483, 0.011783647731426108, 0.018153991286938353, 0.061394440749771115],
    ],
    [
      200,
      2,
      'min',
      0.1,
      [0.3807233219970052, 0.4446039106819064, 0.11890006230863513, 0.004336628017016658, 0.05143607699543659],
    ],
    [40, 3, 'max', 0.25, [0.24469737861011676, 0.17146728359725355, 0.34093057475451743, 0.1094533218193968, 0.1334514412187155]],
  ] as const)('agrees with Optuna over %i trials', (n, seed, direction, gamma, expected) => {
    const next = numbers(seed);
    const points = Array.from({ length: n }, () => mixedPoint(next));
    const spec = { fields: FIELDS, seeds: [0], report: 1, objective: { direction, window: 1 } };
    const { fields } = importance(stateOf({ points, spec, steps: 1, curve: mixedValue }), { gamma, resamples: 0 });
    fields.forEach(({ ped }, k) => void expect(ped.value).toBeCloseTo(expected[k], 9));
  });

  test('densities sum to one, and follow what was counted', () => {
    const counts = [0, 0, 9, 3, 0, 0, 0, 1];
    for (const ordered of [true, false]) {
      const p = parzen({ count: 8, ordered }, counts);
      expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      expect(Math.max(...p)).toBe(p[2]);
      expect(Math.min(...p)).toBeGreaterThan(0);
    }
  });
});

describe('known answers', () => {
  const two = [linear('contrast.beta'), linear('contrast.gamma')];
  test('f = 10 x² with a dummy field', () => {
    const f = (v: Assignment) => 10 * (v['contrast.beta'] as number) ** 2;
    for (const seed of [1, 2, 3]) {
      const { fields, points, missing } = importance(scattered(two, 80, f, seed));
      expect([points, missing]).toEqual([80, 0]);
      const [x, dummy] = fields;
      expect(x.ped.value).toBeGreaterThan(0.8);
      expect(x.ped.value + dummy.ped.value).toBeCloseTo(1, 12);
      // Five parts catch 24/25 of a straight line's variance, and here a little less.
      expect(x.effect.value).toBeGreaterThan(0.88);
      expect(dummy.effect.value).toBeLessThan(0.12);
      expect(x.effect.low).toBeGreaterThan(dummy.effect.high);
      expect(x.ped.low).toBeGreaterThan(dummy.ped.high);
    }
  });

  test('shares of an additive function on a grid are exact', () => {
    const fields: SweptField[] = [
      { field: 'contrast.beta', values: [0, 1, 2, 3] },
      { field: 'contrast.gamma', values: [0, 1, 2] },
      { field: 'clipo.loss', values: ['infonce', 'supconIn'] },
    ];
    const points = [0, 1, 2, 3].flatMap((b) =>
      [0, 1, 2].flatMap((g) =>
        ['infonce', 'supconIn'].map((l) => ({ 'contrast.beta': b, 'contrast.gamma': g, 'clipo.loss': l })),
      ),
    );
    // Variances: 1.25 a², 2/3 b².
    const curve = (v: Assignment) => 2 * (v['contrast.beta'] as number) + 3 * (v['contrast.gamma'] as number);
    const state = stateOf({ points, spec: { fields, seeds: [0], report: 1, objective: { window: 1 } }, steps: 1, curve });
    const shares = importance(state).fields.map((f) => f.effect);
    const all = 4 * 1.25 + 9 * (2 / 3);
    expect(shares[0].value).toBeCloseTo((4 * 1.25) / all, 12);
    expect(shares[1].value).toBeCloseTo((9 * (2 / 3)) / all, 12);
    expect(shares[2].value).toBeCloseTo(0, 12);
    for (const s of shares) expect(s.low <= s.value && s.value <= s.high).toBe(true);
    expect(shares[1].low).toBeGreaterThan(shares[2].high);
  });

  test('a log field matters by its logarithm', () => {
    const tau: SweptField = { field: 'contrast.tau', from: 0.001, to: 1, scale: 'log', integer: false };
    const next = numbers(5);
    const points = Array.from({ length: 60 }, () => ({ 'contrast.tau': 0.001 * 1000 ** next(), 'contrast.beta': next() }));
    const curve = (v: Assignment) => Math.exp(-((Math.log10(v['contrast.tau'] as number) + 2.5) ** 2) / 0.1);
    const fields = [tau, linear('contrast.beta')];
    const state = stateOf({ points, spec: { fields, seeds: [0], report: 1, objective: { window: 1 } }, steps: 1, curve });
    const [found] = importance(state).fields;
    expect(found.ped.value).toBeGreaterThan(0.9);
    expect(found.effect.value).toBeGreaterThan(0.6);
    // Its logarithm on a linear scale is the same field.
    const logged = points.map((p) => ({ ...p, 'contrast.tau': Math.log10(p['contrast.tau']) }));
    const spec = {
      fields: [{ ...tau, from: -3, to: 0, scale: 'linear' as const }, fields[1]],
      seeds: [0],
      report: 1,
      objective: { window: 1 },
    };
    const curveOfLog = (v: Assignment) => curve({ ...v, 'contrast.tau': 10 ** (v['contrast.tau'] as number) });
    const [same] = importance(stateOf({ points: logged, spec, steps: 1, curve: curveOfLog })).fields;
    expect(same.ped.value).toBeCloseTo(found.ped.value, 9);
    expect(same.effect.value).toBeCloseTo(found.effect.value, 9);
  });

  test('intervals hold the truth about as often as they say', () => {
    // Two fields and noise, var x : y : noise = 4 : 1 : 1 over points, one seed each.
    const f = (v: Assignment) =>
      2 * Math.sqrt(12) * (v['contrast.beta'] as number) + Math.sqrt(12) * (v['contrast.gamma'] as number);
    let held = 0;
    const means = [0, 0];
    for (let seed = 1; seed <= 20; seed++) {
      const { fields } = importance(scattered(two, 60, f, 1000 + 7919 * seed, [0], 1));
      // Five parts catch 24/25 of what a straight line explains.
      const truth = [(0.96 * 4) / 6, 0.96 / 6];
      fields.forEach(({ effect }, k) => {
        means[k] += effect.value / 20;
        if (effect.low <= truth[k] && truth[k] <= effect.high) held++;
      });
    }
    expect(means[0]).toBeCloseTo(0.64, 1);
    expect(means[1]).toBeCloseTo(0.16, 1);
    expect(held).toBeGreaterThanOrEqual(33);
  });
});

test('seeds count: noise between seeds widens the interval', () => {
  const f = (v: Assignment) => v['contrast.beta'] as number;
  const width = (noise: number) => {
    const { low, high } = importance(scattered([linear('contrast.beta'), linear('contrast.gamma')], 24, f, 3, [0, 1, 2], noise))
      .fields[0].effect;
    return high - low;
  };
  expect(width(1)).toBeGreaterThan(1.5 * width(0.01));
});

test('too few points: says how many are missing', () => {
  const state = scattered([linear('contrast.beta')], 5, () => 1);
  expect(importance(state)).toEqual({ points: 5, missing: 3, fields: [] });
});

test('equal values everywhere: nothing matters', () => {
  for (const { ped, effect } of importance(scattered([linear('contrast.beta'), linear('contrast.gamma')], 10, () => 1)).fields) {
    expect(ped.value).toBe(0);
    expect(effect).toEqual({ value: 0, low: 0, high: 0 });
  }
});

test('the same sweep gives the same numbers', () => {
  const state = scattered([linear('contrast.beta'), linear('contrast.gamma')], 20, (v) => v['contrast.beta'] as number);
  expect(importance(state)).toEqual(importance(state));
  expect(importance(state, { seed: 1 })).not.toEqual(importance(state));
});
