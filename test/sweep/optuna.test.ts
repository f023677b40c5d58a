import { describe, expect, it } from 'vitest';
import { neighbourDistances } from '../../src/sweep/samplers/bandwidths';
import { dimensionOf } from '../../src/sweep/samplers/dimension';
import { observationsOf, split } from '../../src/sweep/samplers/observations';
import { optunaGood, optunaMixture, optunaSampler, optunaWeights } from '../../src/sweep/samplers/optuna';
import { bestCandidate, drawIndex, logDensityOf, type NumericKernel } from '../../src/sweep/samplers/parzen';
import type { Standing, SweptField } from '../../src/sweep/types';
import {
  bestOf,
  bowl,
  branin,
  drawGap,
  finished,
  median,
  randomBest,
  range,
  specOf,
  totalOf,
  trySampler,
} from './samplerSupport';

const optuna = (multivariate: boolean, seed = 0) =>
  ({ kind: 'optuna', seed, startup: 10, candidates: 24, multivariate }) as const;

/** The search space of Optuna's own test of its estimator. */
const FIELDS: SweptField[] = [
  range('a', 1, 100),
  range('b', 1, 100, { scale: 'log' }),
  range('c', 1, 100, { count: 34 }),
  range('d', 1, 100, { integer: true }),
  range('e', 1, 100, { integer: true, scale: 'log' }),
  { field: 'f', values: ['x', 'y', 'z'] },
  { field: 'g', values: ['0', 'inf', 'nan', 'none'] },
];
const at = (x: number[]) => ({ x, step: Infinity, loss: 0 });
const closeTo = (value: readonly number[], expected: readonly number[]) => {
  expect(value.length).toBe(expected.length);
  value.forEach((v, i) => expect(v).toBeCloseTo(expected[i], 9));
};

describe("Optuna's TPE", () => {
  it('takes ⌈n/10⌉ and at most 25 as good, and weighs the newest 25 fully', () => {
    expect([0, 1, 10, 11, 20, 21, 249, 250, 251, 1000].map(optunaGood)).toEqual([0, 1, 1, 2, 2, 3, 25, 25, 25, 25]);
    expect(optunaWeights(0)).toEqual([]);
    expect(optunaWeights(24)).toEqual(new Array(24).fill(1));
    expect(optunaWeights(25)).toEqual(new Array(25).fill(1));
    closeTo(optunaWeights(26), [1 / 26, ...new Array(25).fill(1)]);
    closeTo(optunaWeights(28), [1 / 28, (1 / 28 + 1) / 2, 1, ...new Array(25).fill(1)]);
  });

  it("has the bandwidths of Optuna's test cases, with and without prior and ends", () => {
    closeTo(neighbourDistances([0.4, 0], -1, 1, true), [0.6, 1]);
    closeTo(neighbourDistances([-0.4, 0], -1, 1, true).slice(0, 1), [0.6]);
    closeTo(neighbourDistances([-0.4, 0.4, 0], -1, 1, true).slice(0, 2), [0.6, 0.6]);
    closeTo(neighbourDistances([-0.4, 0.4, 0], -1, 1, false).slice(0, 2), [0.4, 0.4]);
    closeTo(neighbourDistances([-0.4, 0.4], -1, 1, true), [0.8, 0.8]);
    closeTo(neighbourDistances([-0.4, 0.4, 0.41, 0.42], -1, 1, true), [0.8, 0.8, 0.01, 0.58]);
    closeTo(neighbourDistances([0.42, -0.4, 0.41, 0.4], -1, 1, true), [0.58, 0.8, 0.01, 0.8]);
  });

  it("has the kernels of Optuna's test of one observation in every kind of field", () => {
    const dimensions = FIELDS.map(dimensionOf);
    const x = [1, 1, 1, 1, 1, 'y', 'inf'].map((v, i) => dimensions[i].coordinate(v));
    const { weights, parts } = optunaMixture(dimensions, [at(x)], false);
    closeTo(weights, [0.5, 0.5]);
    const kernels = (i: number) => (parts[i].kernels as readonly NumericKernel[]).flatMap(({ mu, sigma }) => [mu, sigma]);
    const [l100, wide] = [Math.log(100), Math.log(100.5) - Math.log(0.5)];
    closeTo(kernels(0), [1, 49.5, 50.5, 99]);
    closeTo(kernels(1), [0, l100 / 2, l100 / 2, l100]);
    closeTo(kernels(2), [1, 49.5, 50.5, 102]);
    closeTo(kernels(3), [1, 49.5, 50.5, 100]);
    closeTo(kernels(4), [0, (Math.log(100.5) + Math.log(0.5)) / 2, (Math.log(100.5) + Math.log(0.5)) / 2, wide]);
    closeTo(parts[5].kernels.flat() as number[], [0.2, 0.6, 0.2, 1 / 3, 1 / 3, 1 / 3]);
    closeTo(parts[6].kernels.flat() as number[], [1 / 6, 0.5, 1 / 6, 1 / 6, 0.25, 0.25, 0.25, 0.25]);
  });

  it("has the densities of Optuna's own mixtures, each field alone and all together", () => {
    // Optuna 5.0.0's kernels under the bandwidths of Optuna 4; of 30 integers on a log scale some are ties, which NumPy sorts as it likes.
    const cases: { n: number; each: Record<string, number[]>; joint: number[] }[] = [
      {
        n: 4,
        each: {
          a: [-4.062288055386061, -4.155410867626694, -6.277302932022948],
          b: [-1.510176820713306, -1.6468249306993097, -3.2113994583804617],
          c: [-3.620878557305259, -2.973806185111827, -5.181061068802327],
          d: [-5.074562850424987, -4.287559228123736, -5.9563923292551335],
          e: [-2.0744010698649906, -2.6936308997366543, -7.026209147039512],
          f: [-1.2321436812926323, -1.2321436812926323, -0.8754687373539001],
        },
        joint: [-13.679111961183876, -17.130629078407846, -23.64531065338924],
      },
      {
        n: 30,
        each: {
          a: [-4.640019256506002, -4.590668380387931, -5.258523180300832],
          b: [-3.059335569729238, -1.517240409082397, -1.5548421358121067],
          c: [-3.3981962675773363, -3.4493650541833416, -5.588624149243959],
          d: [-3.716070015483061, -4.248317202895722, -6.8953795832368145],
          f: [-1.1141499713061362, -1.090933051822626, -1.090933051822626],
        },
        joint: [-18.379804618131743, -19.701543674113697, -25.388695643797643],
      },
    ];
    const dims = FIELDS.slice(0, 6).map(dimensionOf);
    const share = (i: number, k: number) => (((i + 1) * k) % 101) / 101;
    const seen = (i: number) => [
      1 + 99 * share(i, 7),
      100 ** share(i, 11),
      1 + 3 * Math.floor(33 * share(i, 13)),
      1 + Math.floor(99 * share(i, 17)),
      Math.round(100 ** share(i, 19)),
      'xyz'[Math.floor(3 * share(i, 23))],
    ];
    const asked = [
      [1, 1, 1, 1, 1, 'x'],
      [33.3, 12.5, 34, 50, 3, 'y'],
      [100, 100, 100, 100, 100, 'z'],
    ];
    const x = (values: (number | string)[]) => values.map((v, d) => dims[d].coordinate(v));
    for (const { n, each, joint } of cases) {
      const all = Array.from({ length: n }, (_, i) => x(seen(i)));
      dims.forEach((d, k) => {
        const log = logDensityOf(
          optunaMixture(
            [d],
            all.map((o) => at([o[k]])),
            false,
          ),
        );
        each[d.field]?.forEach((value, i) => expect(log([x(asked[i])[k]])).toBeCloseTo(value, 11));
      });
      const log = logDensityOf(optunaMixture(dims, all.map(at), true));
      joint.forEach((value, i) => expect(log(x(asked[i]))).toBeCloseTo(value, 11));
    }
  });

  it('clips narrow bandwidths, and takes them from the numbers of observations and fields when multivariate', () => {
    const d = [range('a', -1, 1), range('b', -1, 1), range('c', -1, 1)].map(dimensionOf);
    const sigmas = (part: { kernels: readonly unknown[] }) => (part.kernels as NumericKernel[]).map((k) => k.sigma);
    closeTo(sigmas(optunaMixture([d[0]], [at([-0.4]), at([0.4])], false).parts[0]), [0.5, 0.5, 2]);
    const many = Array.from({ length: 40 }, (_, i) => at([i / 40, 0, -i / 40]));
    const sigma = 0.2 * 40 ** (-1 / 7) * 2;
    for (const part of optunaMixture(d, many, true).parts) closeTo(sigmas(part), [...new Array(40).fill(sigma), 2]);
    // A choice of one value is no field to spread over.
    const single = dimensionOf({ field: 's', values: ['only'] });
    const four = optunaMixture(
      [...d, single],
      many.map((o) => at([...o.x, 0])),
      true,
    );
    closeTo(sigmas(four.parts[1]), [...new Array(40).fill(sigma), 2]);
  });

  it('has densities that sum to one, and draws from them', () => {
    FIELDS.map(dimensionOf).forEach((d, i) => {
      const seen = i > 4 ? [0, 1, 1, 2] : [1, 3, 50, 99].map((v) => d.coordinate(v));
      for (const joint of [false, true]) {
        const mixture = optunaMixture(
          [d],
          seen.map((v) => at([v])),
          joint,
        );
        expect(totalOf(mixture, d)).toBeCloseTo(1, 6);
        if (d.kind === 'numeric' && !d.cell) expect(drawGap(mixture, d, 20_000)).toBeLessThan(0.012);
      }
    });
  });

  it('draws integers as often as their density says', () => {
    const d = dimensionOf(range('e', 1, 6, { integer: true, scale: 'log' }));
    const mixture = optunaMixture([d], [at([Math.log(4)]), at([Math.log(5)])], false);
    const log = logDensityOf(mixture);
    const counts = new Array(7).fill(0);
    const n = 20_000;
    // One candidate: what the good density gives.
    for (let i = 0; i < n; i++) {
      let k = 0;
      const u = [((i * 0.754877) % 1) + 1e-9, ((i * 0.56984) % 1) + 1e-9];
      counts[d.valueAt(bestCandidate(mixture, mixture, 1, { unit: () => u[k++] })[0]) as number]++;
    }
    for (let v = 1; v <= 6; v++) expect(Math.abs(counts[v] / n - Math.exp(log([d.coordinate(v)])))).toBeLessThan(0.01);
  });

  it('picks the candidate whose ratio of densities is greatest', () => {
    const d = dimensionOf({ field: 'f', values: ['x', 'y', 'z'] });
    const mixture = (...seen: number[]) =>
      optunaMixture(
        [d],
        seen.map((i) => at([i])),
        false,
      );
    // Seen good: y and z; seen bad: y, y, x. z has the greater ratio and comes up among 24.
    for (let seed = 0; seed < 10; seed++) {
      let state = seed + 1;
      const unit = () => (state = (state * 16807) % 2147483647) / 2147483647;
      expect(bestCandidate(mixture(1, 2), mixture(1, 1, 0), 24, { unit })).toEqual([2]);
    }
    expect([0, 0.24, 0.26, 0.74, 0.76, 0.999].map((u) => drawIndex([1, 2, 1], u))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('orders finished before pruned points, later pruned ones first, and leaves running and failed ones out', () => {
    const dims = [dimensionOf(range('x', 0, 1))];
    const standing = (point: number, state: Standing['state'], value: number | null, reports: [number, number][]): Standing => ({
      point,
      values: { x: point / 10 },
      state,
      value,
      reports: new Map(reports.length ? [[1, reports]] : []),
    });
    const all = [
      standing(0, 'pruned', null, []),
      standing(1, 'pruned', null, [
        [5, 0.9],
        [10, 0.1],
      ]),
      standing(2, 'finished', 7, [[100, 7]]),
      standing(3, 'running', null, [[50, 0]]),
      standing(4, 'pruned', null, [[20, 0.8]]),
      standing(5, 'failed', null, [[5, 0]]),
      standing(6, 'finished', 3, [[100, 3]]),
      standing(7, 'stopped', null, [[20, 0.7]]),
      standing(8, 'finished', Number.NaN, [[100, 3]]),
    ];
    const points = (o: { x: readonly number[] }[]) => o.map(({ x }) => Math.round(x[0] * 10));
    const order = (direction: 'min' | 'max') => {
      const seen = observationsOf(dims, all, direction);
      const ranks: number[] = [];
      for (let k = 1; k <= seen.length; k++) ranks.push(...points(split(seen, k).good).filter((p) => !ranks.includes(p)));
      return ranks;
    };
    expect(order('min')).toEqual([6, 2, 8, 7, 4, 1, 0]);
    expect(order('max')).toEqual([2, 6, 8, 4, 7, 1, 0]);
    const { good, bad } = split(observationsOf(dims, all, 'min'), 2);
    expect([points(good), points(bad)]).toEqual([
      [2, 6],
      [0, 1, 4, 7, 8],
    ]);
  });

  it('takes a pruned point by the newest step of all its seeds, averaged there', () => {
    const reports = new Map([
      [
        1,
        [
          [5, 1],
          [10, 3],
          [15, 9],
        ] as [number, number][],
      ],
      [
        2,
        [
          [5, 2],
          [10, 5],
        ] as [number, number][],
      ],
      [3, []],
    ]);
    const [o] = observationsOf(
      [dimensionOf(range('x', 0, 1))],
      [{ point: 0, values: { x: 0.5 }, state: 'pruned', value: null, reports }],
      'max',
    );
    expect(o).toEqual({ x: [0.5], step: 10, loss: -4 });
  });

  it('gives values that the fields have, the same for the same standings, others for other seeds', () => {
    for (const multivariate of [false, true]) {
      const sampler = optunaSampler(specOf(optuna(multivariate), FIELDS));
      const standings = trySampler(sampler, ({ a, e, f }) => Number(a) + Number(e) + (f === 'z' ? 0 : 50), 40);
      for (const { point, values } of standings) {
        expect(sampler.next(point, standings.slice(0, point))).toEqual(values);
        expect(Object.keys(values)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
        for (const k of ['a', 'b', 'c', 'd', 'e']) expect(values[k] as number).toBeGreaterThanOrEqual(1);
        for (const k of ['a', 'b', 'c', 'd', 'e']) expect(values[k] as number).toBeLessThanOrEqual(100);
        for (const k of ['d', 'e']) expect(Number.isInteger(values[k])).toBe(true);
        expect((Number(values.c) - 1) % 3).toBe(0);
      }
      const z = standings.slice(20).filter(({ values }) => values.f === 'z').length;
      expect(z).toBeGreaterThan(11);
      const other = optunaSampler(specOf(optuna(multivariate, 1), FIELDS));
      expect(other.next(30, standings.slice(0, 30))).not.toEqual(standings[30].values);
    }
    expect(optunaSampler(specOf(optuna(true), FIELDS)).size).toBeNull();
  });

  it('passes over points outside the fields', () => {
    const sampler = optunaSampler(specOf(optuna(true), [range('x', 0, 1)]));
    const inside = Array.from({ length: 12 }, (_, i) => finished(i, { x: i / 12 }, i));
    const alien = finished(12, { x: 40 }, -100);
    expect(sampler.next(13, [...inside, alien])).toEqual(sampler.next(13, inside));
  });

  it('follows the direction', () => {
    const fields = [range('x', 0, 1)];
    const run = (direction: 'min' | 'max') => {
      const objective = { metric: 'reward/mean', direction, at: 'end', window: 1 } as const;
      const tried = trySampler(optunaSampler(specOf(optuna(false), fields, { objective })), ({ x }) => Number(x), 40);
      return median(tried.slice(20).map(({ values }) => Number(values.x)));
    };
    expect(run('min')).toBeLessThan(0.2);
    expect(run('max')).toBeGreaterThan(0.8);
  });

  it('finds better points than chance on two functions, by the median over 20 seeds', () => {
    const seeds = Array.from({ length: 20 }, (_, i) => i);
    const cases = [
      { f: branin, fields: [range('x', -5, 10), range('y', 0, 15)] },
      { f: bowl, fields: [range('x', 1e-5, 1, { scale: 'log' }), range('y', 0, 1)] },
    ];
    for (const { f, fields } of cases) {
      const chance = median(seeds.map((s) => randomBest(fields, f, 60, s)));
      for (const multivariate of [false, true]) {
        const found = median(seeds.map((s) => bestOf(trySampler(optunaSampler(specOf(optuna(multivariate, s), fields)), f, 60))));
        expect(found).toBeLessThan(0.7 * chance);
      }
    }
  });
});
