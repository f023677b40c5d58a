import type { EvalResult } from '../../src/engine/evaluation';
import { Journal } from '../../src/sweep/journal';
import { trialValue } from '../../src/sweep/objective';
import type { Assignment, Entry, Objective, SweepSpec, SweepState } from '../../src/sweep/types';

/** What a synthetic sweep is made of; everything but points has a default. */
export interface Synthetic {
  points: readonly Assignment[];
  spec?: Partial<Omit<SweepSpec, 'objective'>> & { objective?: Partial<Objective> };
  /** Steps of every trial. */
  steps?: number;
  /** The objective's metric after a step (1 first); `reward/mean` is it too. */
  curve?: (values: Assignment, seed: number, step: number) => number;
  /** Step after which all trials of a point are pruned; null: none. */
  pruned?: (values: Assignment) => number | null;
  /** How a trial ends otherwise; `running` and `waiting` do not end. */
  ends?: (values: Assignment, seed: number) => 'finished' | 'failed' | 'stopped' | 'running' | 'waiting';
  /** Held-out evaluations are made at rounds when given. */
  evaluate?: (values: Assignment, seed: number, step: number) => EvalResult;
}

/** A specification with every word, for tests that care about a few of them. */
export function specOf({ objective, ...rest }: NonNullable<Synthetic['spec']> = {}): SweepSpec {
  return {
    version: 1,
    name: 'synthetic',
    presets: ['tiny', 'mcpo-grpo'],
    changes: {},
    fields: [{ field: 'contrast.tau', from: 0.01, to: 1, scale: 'log', integer: false }],
    seeds: [0, 1, 2],
    sampler: { kind: 'random', seed: 0 },
    pruner: { kind: 'none' },
    budget: { trials: 1000 },
    places: 8,
    report: 5,
    ...rest,
    objective: { metric: 'reward/mean', direction: 'max', at: 'end', window: 5, ...objective },
  };
}

/** The journal of a sweep whose trials follow a formula: points one after another, the rounds of a point's seeds side by side. */
export function entriesOf(given: Synthetic): Entry[] {
  const { points, steps = 20, curve = () => 0.5, pruned = () => null, ends = () => 'finished', evaluate } = given;
  const spec = specOf(given.spec);
  const entries: Entry[] = [
    { type: 'sweep', spec, version: '0.0.0', backend: 'cpu', adapter: 'synthetic', memory: 1e9, at: 1.7e12 },
  ];
  let round = 0;
  points.forEach((values, point) => {
    entries.push({ type: 'point', point, values });
    const numberOf = (i: number) => point * spec.seeds.length + i;
    const known = spec.seeds.map(() => ({
      curves: {} as Record<string, number[]>,
      evaluations: [] as { step: number; result: EvalResult }[],
    }));
    const last = pruned(values) ?? steps;
    const begun = spec.seeds.flatMap((seed, i) => (ends(values, seed) === 'waiting' ? [] : [{ seed, i }]));
    for (const { i, seed } of begun) entries.push({ type: 'trial', trial: numberOf(i), point, seed });
    for (let from = 1; from <= last; from += spec.report) {
      const to = Math.min(last, from + spec.report - 1);
      for (const { i, seed } of begun) {
        const made = Array.from({ length: to - from + 1 }, (_, k) => curve(values, seed, from + k));
        const metrics: Record<string, number[]> = { 'reward/mean': made };
        if (!spec.objective.metric.startsWith('heldOut/')) metrics[spec.objective.metric] = made;
        for (const [name, xs] of Object.entries(metrics)) known[i].curves[name] = [...(known[i].curves[name] ?? []), ...xs];
        entries.push({ type: 'steps', trial: numberOf(i), from, metrics });
        if (!evaluate) continue;
        const result = evaluate(values, seed, to);
        known[i].evaluations.push({ step: to, result });
        entries.push({ type: 'evaluation', trial: numberOf(i), step: to, result });
      }
      entries.push({ type: 'round', round: ++round, seconds: round });
    }
    for (const { i, seed } of begun) {
      const state = pruned(values) === null ? ends(values, seed) : 'pruned';
      if (state === 'running' || state === 'waiting') continue;
      const value = state === 'finished' ? trialValue(spec, known[i], last) : null;
      const why = state === 'pruned' ? 'worse than the median' : '';
      entries.push({ type: 'end', trial: numberOf(i), state, step: last, value, why });
    }
  });
  return entries;
}

/** What the journal of a synthetic sweep says. */
export const stateOf = (given: Synthetic): SweepState => new Journal(entriesOf(given)).state;
