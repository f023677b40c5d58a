import { field } from '../../config/fields';
import { HELD_OUT } from '../objective';
import { METHOD, type SweepSpec, type SweptField } from '../types';
import { type Distribution, METRIC_NAMES, type OptunaStudy } from './optunaLog';

function fieldOf(name: string, found: readonly Distribution[]): SweptField {
  const choices = found.flatMap((d) => (d.name === 'CategoricalDistribution' ? [d.attributes.choices] : []));
  if (choices.length) {
    if (choices.length < found.length) throw new Error(`the parameter ${name} is a number in some trials and a choice in others`);
    return { field: name, values: [...new Set(choices.flat())] };
  }
  const ranges = found.flatMap((d) => (d.name === 'CategoricalDistribution' ? [] : [d]));
  const from = Math.min(...ranges.map((d) => d.attributes.low));
  const to = Math.max(...ranges.map((d) => d.attributes.high));
  const log = ranges.every((d) => d.attributes.log) && from > 0;
  const integer = ranges.every((d) => d.name === 'IntDistribution');
  const steps = new Set(ranges.map((d) => d.attributes.step ?? 0));
  const [step] = steps;
  const counted = steps.size === 1 && step > (integer ? 1 : 0) ? { count: Math.round((to - from) / step) + 1 } : {};
  return { field: name, from, to, scale: log ? 'log' : 'linear', integer, ...counted };
}

/**
 * The specification of a study that this program did not write: its parameters as swept fields (`seed` aside), nothing in common, budget
 * as many trials as there are.
 * @throws Error for a parameter that is no key path of the schema
 */
export function studySpec({ name, directions, system, trials }: OptunaStudy, report: number): SweepSpec {
  const distributions = new Map<string, Distribution[]>();
  for (const t of trials)
    for (const [parameter, d] of Object.entries(t.distributions))
      distributions.set(parameter, [...(distributions.get(parameter) ?? []), d]);
  distributions.delete('seed');
  const fields = [...distributions].map(([parameter, found]) => {
    try {
      if (parameter !== METHOD) field(parameter);
    } catch (error) {
      throw new Error(`the study ${name} has a parameter that is no field of a configuration: ${(error as Error).message}`);
    }
    return fieldOf(parameter, found);
  });
  const [metric] = (system[METRIC_NAMES] as string[] | undefined) ?? [];
  return {
    version: 1,
    name,
    presets: [],
    changes: {},
    fields,
    seeds: [0],
    sampler: { kind: 'random', seed: 0 },
    objective: {
      metric: metric && !metric.startsWith(HELD_OUT) ? metric : 'value',
      direction: directions[0] === 1 ? 'min' : 'max',
      at: 'end',
      window: 1,
    },
    pruner: { kind: 'none' },
    budget: { trials: trials.length },
    places: 1,
    report,
  };
}
