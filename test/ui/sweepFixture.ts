import type { EvalResult } from '../../src/engine/evaluation';
import { randomUnit } from '../../src/math/random';
import { Journal } from '../../src/sweep/journal';
import { reportOf, trialValue } from '../../src/sweep/objective';
import type { Assignment, Entry, SweepSpec, SweepState, SweptField } from '../../src/sweep/types';

/** A sweep for pictures: three fields, seeds, pruning, a failure, running trials, logits and maps, all by formula. */

const FIELDS: readonly SweptField[] = [
  { field: 'contrast.lambda', from: 0.01, to: 1, scale: 'log', integer: false },
  { field: 'contrast.tau', from: 0.03, to: 1, scale: 'log', integer: false },
  { field: 'method', values: ['mcpo-grpo', 'mcpo-dapo', 'grpo'] },
  { field: 'tasks.relatedness', from: 0, to: 3, scale: 'linear', integer: true, count: 4 },
];

export interface Shown {
  points: number;
  seeds?: number;
  steps?: number;
  /** Of `FIELDS`, the first ones. */
  fields?: number;
  /** Points whose trials still run. */
  running?: number;
}

const chance = (a: number, b: number, c = 0): number => randomUnit(7, a, b, c);

/** Best at λ 0.1, τ 0.2; GRPO knows no contrast; relatedness helps a little. */
function level(values: Assignment): number {
  const lambda = (values['contrast.lambda'] as number) ?? 0.1;
  const tau = (values['contrast.tau'] as number) ?? 0.2;
  const method = { 'mcpo-grpo': 0.08, 'mcpo-dapo': 0.1, grpo: -0.05 }[String(values['method'])] ?? 0.05;
  const hill = Math.exp(-0.5 * Math.log10(lambda / 0.1) ** 2 - 0.8 * Math.log10(tau / 0.2) ** 2);
  return 0.25 + 0.3 * hill + method + 0.02 * Number(values['tasks.relatedness'] ?? 3);
}

export function sweepEntries({ points, seeds = 3, steps = 60, fields = 3, running = 0 }: Shown): Entry[] {
  const spec: SweepSpec = {
    version: 1,
    name: 'λ, τ and method',
    presets: ['tiny', 'mcpo-grpo'],
    changes: { steps },
    fields: FIELDS.slice(0, fields),
    seeds: Array.from({ length: seeds }, (_, i) => i),
    sampler: { kind: 'random', seed: 1 },
    objective: { metric: 'heldOut/average', direction: 'max', at: 'end', window: 5 },
    pruner: { kind: 'median', startup: 4, warmup: 10 },
    budget: { trials: points * seeds },
    places: 8,
    report: 10,
  };
  const out: Entry[] = [{ type: 'sweep', spec, version: '0.0.0', backend: 'cpu', adapter: 'formula', memory: 1e9, at: 1.7e12 }];
  for (let point = 0; point < points; point++) {
    const values: Record<string, number | string> = {};
    spec.fields.forEach((f, k) => {
      const u = chance(1, point, k);
      if (!('from' in f)) values[f.field] = String(f.values[Math.floor(u * f.values.length)]);
      else if (f.integer) values[f.field] = Math.round(f.from + u * (f.to - f.from));
      else values[f.field] = f.from * (f.to / f.from) ** u;
    });
    out.push({ type: 'point', point, values });
    const top = level(values);
    const fate =
      point >= points - running ? 'running' : point % 9 === 5 ? 'failed' : top < 0.5 && point > 4 ? 'pruned' : 'finished';
    const last = fate === 'pruned' ? 20 : fate === 'failed' ? 10 : fate === 'running' ? 30 : steps;
    const contrastive = values['method'] !== 'grpo';
    spec.seeds.forEach((seed, s) => {
      const trial = point * seeds + s;
      out.push({ type: 'trial', trial, point, seed });
      const own = top + 0.05 * (chance(2, point, seed) - 0.5) + 0.05 * (chance(3, 0, seed) - 0.5);
      const at = (t: number) => own * (1 - Math.exp(-t / 18)) + 0.03 * (chance(4, trial, t) - 0.5);
      const curves: Record<string, (number | null)[]> = { 'reward/mean': [] };
      if (contrastive) for (const role of ['crossPositive', 'inDomainPositive', 'negative']) curves[`logit/${role}`] = [];
      const evaluations: { step: number; result: EvalResult }[] = [];
      for (let t = 1; t <= last; t++) {
        curves['reward/mean'].push(at(t));
        const grown = 1 - Math.exp(-t / 25);
        if (contrastive) {
          curves['logit/crossPositive'].push(1 + 6 * own * grown + 0.2 * chance(5, trial, t));
          curves['logit/inDomainPositive'].push(2 + 7 * own * grown + 0.2 * chance(6, trial, t));
          curves['logit/negative'].push(1 - 2 * own * grown + 0.2 * chance(7, trial, t));
        }
        if (t % 10 === 0) {
          const average = at(t) * 0.9;
          evaluations.push({ step: t, result: { average, domains: { math: average, code: average * 0.9 }, benchmarks: {} } });
        }
      }
      out.push({ type: 'steps', trial, from: 1, metrics: curves });
      for (const e of evaluations) out.push({ type: 'evaluation', trial, ...e });
      if (contrastive && fate === 'finished' && s === 0) {
        const n = 80;
        const place = Array.from({ length: n }, (_, i) => i);
        const domain = place.map((i) => i % 5);
        const correct = place.map((i) => chance(8, trial, i) < own + 0.1);
        const x = place.map((i) => (correct[i] ? Math.cos(domain[i]) * 0.4 + 0.3 : -0.4) + 0.4 * (chance(9, trial, i) - 0.5));
        const y = place.map((i) => (correct[i] ? Math.sin(domain[i]) * 0.5 : 0.1) + 0.5 * (chance(10, trial, i) - 0.5));
        out.push({ type: 'map', trial, x, y, domain, correct });
      }
      if (fate === 'running') return;
      const known = { curves, evaluations };
      const value =
        fate === 'failed' ? null : fate === 'pruned' ? reportOf(spec.objective, known, last) : trialValue(spec, known, last);
      const why = { pruned: 'worse than the median', failed: 'not a number', finished: '' }[fate];
      out.push({ type: 'end', trial, state: fate, step: last, value, why });
    });
    out.push({ type: 'round', round: point + 1, seconds: 3 * point });
  }
  return out;
}

/** What the journal of such a sweep says. */
export const sweepState = (shown: Shown): SweepState => new Journal(sweepEntries(shown)).state;
