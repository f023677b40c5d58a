import { describe, expect, it } from 'vitest';
import { dimensionOf } from '../../src/sweep/samplers/dimension';
import { logDensityOf, type NumericKernel } from '../../src/sweep/samplers/parzen';
import { tpeMixture, tpeSampler } from '../../src/sweep/samplers/tpe';
import type { SweptField } from '../../src/sweep/types';
import { bestOf, bowl, branin, drawGap, median, randomBest, range, specOf, totalOf, trySampler } from './samplerSupport';

const tpe = (seed = 0, more = {}) => ({ kind: 'tpe', seed, startup: 10, candidates: 24, ...more }) as const;
const at = (x: number) => ({ x: [x], step: Infinity, loss: 0 });
const FIELDS: SweptField[] = [
  range('x', 1e-4, 1, { scale: 'log' }),
  range('k', 1, 40, { integer: true, scale: 'log' }),
  range('c', 0.1, 10, { scale: 'log', count: 5 }),
  range('n', 3, 3, { integer: true }),
  { field: 'on', values: [true, false] },
  { field: 'method', values: ['grpo', 'mcpo', 'clipo'] },
];

describe('tree-structured Parzen estimators of 2011', () => {
  it('mix the uniform prior equally with normals as wide as the farther neighbour, the ends among them', () => {
    const d = dimensionOf(range('x', -1, 1));
    const { weights, parts } = tpeMixture([d], [-0.4, 0.4, 0.41, 0.42].map(at));
    expect(weights).toEqual(new Array(5).fill(0.2));
    const sigmas = (parts[0].kernels as NumericKernel[]).map((k) => k.sigma);
    [0.8, 0.8, 2 / 5, 0.58].forEach((s, i) => expect(sigmas[i]).toBeCloseTo(s, 12));
    expect(sigmas[4]).toBe(Infinity);
    // Without observations: the prior alone.
    expect(logDensityOf(tpeMixture([d], []))([0.3])).toBeCloseTo(Math.log(0.5), 12);
  });

  it('reweigh a choice: N p_i and how often it was observed', () => {
    const d = dimensionOf({ field: 'f', values: ['x', 'y', 'z', 'w'] });
    const log = logDensityOf(tpeMixture([d], [1, 1, 2].map(at)));
    [1, 3, 2, 1].forEach((share, i) => expect(Math.exp(log([i]))).toBeCloseTo(share / 7, 12));
  });

  it('have densities that sum to one, and draw from them', () => {
    for (const f of FIELDS) {
      const d = dimensionOf(f);
      const seen =
        f.field === 'method'
          ? [0, 2, 2]
          : f.field === 'on'
            ? [1]
            : f.field === 'n'
              ? [0]
              : [1, 1, 0.11, 7].slice(0, f.field === 'k' ? 2 : f.field === 'c' ? 4 : 3).map((v) => d.coordinate(v));
      const mixture = tpeMixture([d], seen.map(at));
      expect(totalOf(mixture, d)).toBeCloseTo(1, 6);
      if (d.kind === 'numeric' && !d.cell) expect(drawGap(mixture, d, 20_000)).toBeLessThan(0.012);
    }
  });

  it('know each value by its coordinate, and only values of the field', () => {
    const [x, k, c, n, on] = FIELDS.map(dimensionOf);
    expect(x.valueAt(x.coordinate(0.013))).toBeCloseTo(0.013, 14);
    for (let v = 1; v <= 40; v++) expect(k.valueAt(k.coordinate(v))).toBe(v);
    for (const v of [0.1, 0.316227766017, 1, 3.16227766017, 10]) expect(c.valueAt(c.coordinate(v))).toBe(v);
    expect(n.valueAt(0)).toBe(3);
    expect(on.coordinate(false)).toBe(1);
    expect(() => x.coordinate(2)).toThrow('x is never 2');
    expect(() => on.coordinate('maybe')).toThrow('on is never maybe');
    if (c.kind === 'numeric') expect([c.valueAt(c.low), c.valueAt(c.high)]).toEqual([0.1, 10]);
    if (k.kind === 'numeric') expect([k.valueAt(k.low), k.valueAt(k.high)]).toEqual([1, 40]);
  });

  it('give values that the fields have, the same for the same standings', () => {
    const sampler = tpeSampler(specOf(tpe(), FIELDS));
    const standings = trySampler(sampler, ({ x, method }) => Number(x) + (method === 'mcpo' ? 0 : 3), 50);
    for (const { point, values } of standings) {
      expect(sampler.next(point, standings.slice(0, point))).toEqual(values);
      expect(values.x as number).toBeGreaterThanOrEqual(1e-4);
      expect(values.x as number).toBeLessThanOrEqual(1);
      expect(
        [1, 40].includes(values.k as number) || (Number.isInteger(values.k) && Number(values.k) > 1 && Number(values.k) < 40),
      ).toBe(true);
      expect([0.1, 0.316227766017, 1, 3.16227766017, 10]).toContain(values.c);
      expect(values.n).toBe(3);
    }
    expect(standings.slice(25).filter(({ values }) => values.method === 'mcpo').length).toBeGreaterThan(14);
    expect(tpeSampler(specOf(tpe(7), FIELDS)).next(30, standings.slice(0, 30))).not.toEqual(standings[30].values);
    expect(sampler.size).toBeNull();
  });

  it('begin at random on the scale, integers as often as each other', () => {
    const sampler = tpeSampler(
      specOf(tpe(3, { startup: 1e6 }), [range('x', 1e-4, 1, { scale: 'log' }), range('i', 0, 4, { integer: true })]),
    );
    const drawn = Array.from({ length: 4000 }, (_, i) => sampler.next(i, []) as { x: number; i: number });
    expect(drawn.filter(({ x }) => x < 1e-2).length / 4000).toBeCloseTo(0.5, 1);
    for (let v = 0; v <= 4; v++) expect(Math.abs(drawn.filter(({ i }) => i === v).length - 800)).toBeLessThan(100);
  });

  it('find better points than chance on two functions, by the median over 20 seeds', () => {
    const seeds = Array.from({ length: 20 }, (_, i) => i);
    const cases = [
      { f: branin, fields: [range('x', -5, 10), range('y', 0, 15)] },
      { f: bowl, fields: [range('x', 1e-5, 1, { scale: 'log' }), range('y', 0, 1)] },
    ];
    for (const { f, fields } of cases) {
      const chance = median(seeds.map((s) => randomBest(fields, f, 60, s)));
      const found = median(seeds.map((s) => bestOf(trySampler(tpeSampler(specOf(tpe(s), fields)), f, 60))));
      expect(found).toBeLessThan(0.8 * chance);
    }
  });
});
