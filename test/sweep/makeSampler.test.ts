import { expect, test } from 'vitest';
import { configOf } from '../../src/sweep/configs';
import { makeSampler } from '../../src/sweep/samplers/make';
import { parsePoint, parseSpec } from '../../src/sweep/spec';
import type { Standing } from '../../src/sweep/types';

const FIELDS = [
  { field: 'contrast.tau', from: 0.05, to: 0.5 },
  { field: 'policy.layers', from: 1, to: 3 },
  { field: 'method', values: ['grpo', 'mgs', 'mcpo-grpo'] },
];

test.each(['random', 'sobol', 'tpe', 'optuna'])(
  '%s: 30 points, each of the specification’s values and a valid configuration',
  (sampler) => {
    const spec = parseSpec({ fields: FIELDS, sampler: { kind: sampler, seed: 1 }, budget: 30 });
    const run = () => {
      const standings: Standing[] = [];
      const { next, size } = makeSampler(spec);
      expect(size).toBeNull();
      for (let point = 0; point < 30; point++) {
        const values = next(point, standings) as Standing['values'];
        expect(parsePoint(spec.fields, values)).toEqual(values);
        expect(configOf(spec, values, 3).seed).toBe(3);
        standings.push({
          point,
          values,
          state: 'finished',
          value: -Math.log(values['contrast.tau'] as number),
          reports: new Map(),
        });
      }
      return standings.map((s) => s.values);
    };
    const points = run();
    expect(new Set(points.map((p) => p.method)).size).toBe(3);
    expect(run()).toEqual(points);
  },
);

test('grid: every point once, then none', () => {
  const spec = parseSpec({ fields: [{ ...FIELDS[0], count: 4 }, FIELDS[1], FIELDS[2]] });
  const { next, size } = makeSampler(spec);
  expect(size).toBe(36);
  expect(new Set(Array.from({ length: 36 }, (_, i) => JSON.stringify(next(i, [])))).size).toBe(36);
  expect(next(36, [])).toBeNull();
});
