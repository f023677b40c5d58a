import { field, type Value } from '../../config/fields';
import { HELD_OUT, heldOutValue } from '../objective';
import { type Assignment, METHOD, type SweepSpec, type SweptField } from '../types';
import type { Found } from './found';

type Given = Pick<Found, 'value' | 'step' | 'state' | 'evaluations'>;

/** A number that few points share was drawn from a range; what comes again and again was chosen. */
function fieldOf(path: string, given: readonly Value[]): SweptField {
  const values = [...new Set(given)];
  const f = path === METHOD ? null : field(path);
  const number = f?.kind === 'number' || f?.kind === 'integer';
  if (!number || values.length < 2 || values.length * 2 <= given.length)
    return { field: path, values: number ? (values as number[]).sort((a, b) => a - b) : values };
  const sorted = (values as number[]).sort((a, b) => a - b);
  const [from, to] = [sorted[0], sorted[sorted.length - 1]];
  return { field: path, from, to, scale: from > 0 ? (f.scale ?? 'linear') : 'linear', integer: f.kind === 'integer' };
}

/** The held-out metric that every finished trial's value is; `value` when none is. */
function metricOf(trials: readonly Given[]): string {
  const finished = trials.filter((t) => t.state === 'finished' && t.value !== null);
  const result = finished[0]?.evaluations[0]?.result;
  if (!result) return 'value';
  const names = ['average', ...Object.keys(result.domains).map((d) => `domain/${d}`), ...Object.keys(result.benchmarks)];
  const is = (metric: string) =>
    finished.every((t) => t.evaluations.length > 0 && heldOutValue(metric, t.evaluations[0].result) === t.value);
  return names.map((name) => `${HELD_OUT}${name}`).find(is) ?? 'value';
}

/**
 * The specification as far as a table of trials tells it: columns as swept fields, seeds, the held-out metric that its values are, steps
 * between reports by the steps at which trials ended. Nothing in common, best is largest.
 */
export function tableSpec(
  name: string,
  trials: readonly Given[],
  points: readonly Assignment[],
  swept: readonly string[],
  seeds: readonly number[],
): SweepSpec {
  const fields = swept.flatMap((path) => {
    const given = points.flatMap((values) => (path in values ? [values[path]] : []));
    return given.length ? [fieldOf(path, given)] : [];
  });
  const divisor = (a: number, b: number): number => (b ? divisor(b, a % b) : a);
  return {
    version: 1,
    name,
    presets: [],
    changes: {},
    fields,
    seeds,
    sampler: { kind: 'random', seed: 0 },
    objective: { metric: metricOf(trials), direction: 'max', at: 'end', window: 1 },
    pruner: { kind: 'none' },
    budget: { trials: trials.length },
    places: 1,
    report: trials.reduce((g, t) => divisor(g, t.step), 0) || 1,
  };
}
