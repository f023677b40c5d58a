import { Random, STREAM } from '../../src/math/random';
import { type Dimension, dimensionOf } from '../../src/sweep/samplers/dimension';
import { drawFrom, logDensityOf, type Mixture } from '../../src/sweep/samplers/parzen';
import type { Assignment, RangeField, Sampler, SamplerSpec, Standing, SweepSpec, SweptField } from '../../src/sweep/types';

export const range = (field: string, from: number, to: number, more: Partial<RangeField> = {}): RangeField => ({
  field,
  from,
  to,
  scale: 'linear',
  integer: false,
  ...more,
});

export const specOf = (sampler: SamplerSpec, fields: SweptField[], more: Partial<SweepSpec> = {}): SweepSpec => ({
  version: 1,
  name: 'test',
  presets: [],
  changes: {},
  fields,
  seeds: [1],
  sampler,
  objective: { metric: 'reward/mean', direction: 'min', at: 'end', window: 1 },
  pruner: { kind: 'none' },
  budget: { trials: 100 },
  places: 1,
  report: 5,
  ...more,
});

export const finished = (point: number, values: Assignment, value: number | null): Standing => ({
  point,
  values,
  state: 'finished',
  value,
  reports: new Map([[1, value === null ? [] : [[10, value] as const]]]),
});

/** Tries `points` points one by one. */
export function trySampler(sampler: Sampler, f: (values: Assignment) => number, points: number): Standing[] {
  const standings: Standing[] = [];
  for (let i = 0; i < points; i++) {
    const values = sampler.next(i, standings);
    if (!values) break;
    standings.push(finished(i, values, f(values)));
  }
  return standings;
}

export const bestOf = (standings: readonly Standing[]): number => Math.min(...standings.map((s) => s.value as number));

export const median = (values: readonly number[]): number => {
  const v = values.slice().sort((a, b) => a - b);
  return (v[(v.length - 1) >> 1] + v[v.length >> 1]) / 2;
};

/** Branin's function: three equal minima of 0.397887 in [−5, 10] × [0, 15]. */
export function branin({ x, y }: Assignment): number {
  const [a, b] = [Number(x), Number(y)];
  const square = (b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6) ** 2;
  return square + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10;
}

/** 0 at the middle of a decade's scale and a third of a line. */
export const bowl = ({ x, y }: Assignment): number => (Math.log10(Number(x)) + 2.5) ** 2 + (Number(y) - 1 / 3) ** 2 * 9;

/** Bests of uniform random points, drawn without the samplers. */
export function randomBest(fields: SweptField[], f: (values: Assignment) => number, points: number, seed: number): number {
  const chance = new Random(seed, STREAM.analysis, 77);
  let best = Infinity;
  for (let i = 0; i < points; i++) {
    const values = fields.map((field) => {
      const d = dimensionOf(field);
      const u = chance.unit();
      return [d.field, d.kind === 'choice' ? d.valueAt(Math.floor(u * d.count)) : d.valueAt(d.low + u * (d.high - d.low))];
    });
    best = Math.min(best, f(Object.fromEntries(values)));
  }
  return best;
}

/** Total probability of a one-field mixture: by the midpoint rule on a continuum, by summing over what there is otherwise. */
export function totalOf(mixture: Mixture, dimension: Dimension): number {
  const log = logDensityOf(mixture);
  if (dimension.kind === 'choice')
    return Array.from({ length: dimension.count }, (_, i) => Math.exp(log([i]))).reduce((a, b) => a + b, 0);
  const { low, high, cell } = dimension;
  let sum = 0;
  if (cell) {
    for (let x = low; x < high - 1e-9; ) {
      const [from, to] = cell(x + 1e-9);
      sum += Math.exp(log([(from + to) / 2]));
      x = to;
    }
    return sum;
  }
  const n = 20_000;
  for (let i = 0; i < n; i++) sum += Math.exp(log([low + ((i + 0.5) / n) * (high - low)]));
  return (sum * (high - low)) / n;
}

/** The largest gap between the distribution function of a one-field mixture and that of `n` draws from it. */
export function drawGap(mixture: Mixture, { low, high }: { low: number; high: number }, n: number): number {
  const chance = new Random(4, STREAM.analysis, 78);
  const draws = Array.from({ length: n }, () => drawFrom(mixture, chance)[0]).sort((a, b) => a - b);
  const log = logDensityOf(mixture);
  const steps = 4000;
  let below = 0;
  let at = 0;
  let gap = 0;
  for (let i = 0; i < steps; i++) {
    const x = low + ((i + 1) / steps) * (high - low);
    below += (Math.exp(log([x - (high - low) / (2 * steps)])) * (high - low)) / steps;
    while (at < n && draws[at] <= x) at++;
    gap = Math.max(gap, Math.abs(below - at / n));
  }
  return gap;
}
