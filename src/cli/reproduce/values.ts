import { DOMAINS } from '../../tasks/registry';
import { AVERAGE, BENCHMARKS, domainOfColumn } from './columns';
import type { Measure } from './result';
import { stateQuantities } from './states';
import type { Experiment, RunRecord, Variant } from './types';

/** A value of every seed that has one. */
export type BySeed = ReadonlyMap<number, number>;

/** Reads the values of an experiment's variants from its runs. */
export type Reader = (variant: string, column: string, measure: Measure) => BySeed;

const finite = (x: number | null | undefined): number | null => (typeof x === 'number' && Number.isFinite(x) ? x : null);
const percent = (x: number | null | undefined): number | null => {
  const value = finite(x);
  return value === null ? null : 100 * value;
};

/** Mean of what is there; null without anything. */
export function meanOf(values: readonly (number | null | undefined)[]): number | null {
  const there = values.flatMap((x) => finite(x) ?? []);
  return there.length ? there.reduce((a, b) => a + b, 0) / there.length : null;
}

/** Number of steps in a tenth of a run. */
export const tenth = (steps: number): number => Math.max(1, Math.round(steps / 10));

/** Accuracy of a column in per cent. */
function accuracy(result: RunRecord['base'], column: string): number | null {
  if (column === AVERAGE.id) return percent(result.average);
  return percent(result.benchmarks[column] ?? result.domains[column]);
}

/** `metric:start`, `:end`, `:change` or `:mean` of a run's curves; distances have no whole run. */
function windowOf(record: RunRecord, metric: string, window: string): number | null {
  if (window === 'change') {
    const [start, end] = ['start', 'end'].map((w) => windowOf(record, metric, w));
    return start === null || end === null ? null : end - start;
  }
  const [kind, a, b] = metric.split('/');
  if (kind === 'distance') {
    const matrix = window === 'start' ? record.centroids.start : window === 'end' ? record.centroids.end : [];
    const [i, j] = [a, b].map((id) => DOMAINS.findIndex((d) => d.id === id));
    return finite(matrix[i]?.[j]);
  }
  const curve = record.curves[metric] ?? [];
  const n = tenth(curve.length);
  if (window === 'mean') return meanOf(curve);
  return meanOf(window === 'start' ? curve.slice(0, n) : curve.slice(-n));
}

/** One run's value of a column in the column's unit; null where there is none. */
export function valueIn(record: RunRecord, column: string, measure: Measure): number | null {
  if (!column.includes('/')) return accuracy(record[measure], column);
  if (measure === 'greedy') return null;
  if (column === 'probe/auc') return finite(record.probe.auc);
  if (column.startsWith('states/')) return record.states ? finite(stateQuantities(record.states)[column]) : null;
  const [metric, window] = column.split(':');
  return windowOf(record, metric, window);
}

/** Single-domain runs put together: each column from the run that was trained on its domain, the average over all benchmarks. */
function joined(parts: readonly { variant: Variant; record: RunRecord }[], column: string, measure: Measure): number | null {
  const one = (id: string) => {
    const domain = DOMAINS[domainOfColumn(id) ?? -1]?.id;
    const part = parts.find((p) => p.variant.domains?.includes(domain));
    return part ? valueIn(part.record, id, measure) : null;
  };
  if (column !== AVERAGE.id) return one(column);
  const all = BENCHMARKS.map((c) => one(c.id));
  return all.includes(null) ? null : meanOf(all);
}

/**
 * Sorts an experiment's records by variant and seed.
 * @throws Error for a variant that the experiment does not train, two records of the same run, or runs of different lengths
 */
export function reader(experiment: Experiment, records: readonly RunRecord[]): Reader {
  const runs = byVariant(experiment, records);
  const bySeed = (variant: string, value: (record: RunRecord) => number | null): BySeed =>
    new Map(
      [...(runs.get(variant) ?? [])].flatMap(([seed, r]) => {
        const v = value(r);
        return v === null ? [] : [[seed, v] as const];
      }),
    );
  return (id, column, measure) => {
    const from = experiment.variants.find((v) => v.id === id)?.from;
    if (!from) return bySeed(id, (r) => valueIn(r, column, measure));
    if ('base' in from)
      return bySeed(from.base, (r) => (column.includes('/') || measure === 'greedy' ? null : accuracy(r.base, column)));
    const parts = from.parts.flatMap((p) => experiment.variants.filter((v) => v.id === p));
    const seeds = [...(runs.get(from.parts[0])?.keys() ?? [])];
    return new Map(
      seeds.flatMap((seed) => {
        const there = parts.flatMap((variant) => {
          const record = runs.get(variant.id)?.get(seed);
          return record ? [{ variant, record }] : [];
        });
        const value = joined(there, column, measure);
        return value === null ? [] : [[seed, value] as const];
      }),
    );
  };
}

/** Records by variant, then by seed in ascending order. @throws Error as `reader` does */
export function byVariant(experiment: Experiment, records: readonly RunRecord[]): Map<string, Map<number, RunRecord>> {
  const trained = experiment.variants.filter((v) => !v.from).map((v) => v.id);
  const runs = new Map(trained.map((id) => [id, new Map<number, RunRecord>()]));
  for (const record of [...records].sort((a, b) => a.seed - b.seed)) {
    const { variant, seed, steps } = record;
    const there = runs.get(variant);
    if (!there) throw new Error(`${experiment.id} trains no variant ${variant} (one of ${trained.join(', ')})`);
    if (there.has(seed)) throw new Error(`${experiment.id} has two records of ${variant}, seed ${seed}`);
    if (steps !== records[0].steps)
      throw new Error(`${experiment.id} mixes runs of ${records[0].steps} and ${steps} steps (${variant}, seed ${seed})`);
    there.set(seed, record);
  }
  return runs;
}
