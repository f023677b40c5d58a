import { standingsOf } from '../journal';
import type { SweepState } from '../types';
import { exactText } from './exactText';
import { curveName, type KeptSweep, type KeptTrial, OWN, optunaState } from './optunaKept';
import { distributionOf, FIXED, METRIC_NAMES, OP, STATE } from './optunaLog';

export { fromOptuna } from './optunaImport';

/**
 * A sweep as a journal file of Optuna's `JournalStorage`: a study with a trial for each of ours, params by key path, the seed as user
 * attribute `seed`, reports as intermediate values. Attributes under `mcpo-lab:` keep what Optuna has no place for, so that
 * `fromOptuna` gives back points, seeds, states, values, the objective's curve, evaluations and reports as they were; other metrics'
 * curves and maps are not exported. Optuna wants a time of every trial, which ours do not have: all get `at`, milliseconds since 1970.
 */
export function toOptuna(state: SweepState, at = 0): string {
  const { spec, budget, backend, adapter, memory, version, rounds, seconds, stopped, queue, points, trials } = state;
  const kept: KeptSweep = { spec, budget, backend, adapter, memory, version, rounds, seconds, stopped, queue, at };
  const time = new Date(at).toISOString().replace('Z', '000+00:00');
  const worker = { worker_id: 'mcpo-lab' };
  const study = { ...worker, study_id: 0 };
  const { direction, metric } = spec.objective;
  const lines: unknown[] = [
    { op_code: OP.createStudy, ...worker, study_name: spec.name, directions: [direction === 'min' ? 1 : 2] },
    { op_code: OP.studySystemAttr, ...study, system_attr: { [METRIC_NAMES]: [metric] } },
    { op_code: OP.studyUserAttr, ...study, user_attr: { [`${OWN}sweep`]: kept } },
  ];
  const ranges = Object.fromEntries(spec.fields.map((f) => [f.field, distributionOf(f)]));
  const standings = standingsOf(state);
  for (const trial of trials) {
    const { point, seed, value, why, step, ended, evaluations, curves } = trial;
    const { values, byHand = false } = points[point];
    const own: KeptTrial = {
      point,
      seed,
      values,
      state: trial.state,
      why,
      step,
      value,
      ended,
      evaluations,
      curve: curves[curveName(state)] ?? [],
      byHand,
    };
    const optuna = optunaState(trial);
    const waiting = optuna === STATE.waiting;
    const internal = Object.entries(values).flatMap(([name, x]) => {
      const range = ranges[name];
      if (!range) return [];
      if (range.name !== 'CategoricalDistribution') return [[name, x] as const];
      const place = range.attributes.choices.indexOf(x);
      return place < 0 ? [] : [[name, place] as const];
    });
    lines.push({
      op_code: OP.createTrial,
      ...study,
      datetime_start: waiting ? null : time,
      ...(optuna === STATE.running || waiting ? {} : { datetime_complete: time }),
      state: optuna,
      value: optuna === STATE.complete || optuna === STATE.pruned ? value : null,
      values: null,
      distributions: waiting ? {} : Object.fromEntries(internal.map(([name]) => [name, JSON.stringify(ranges[name])])),
      params: waiting ? {} : Object.fromEntries(internal),
      user_attrs: { seed, [`${OWN}trial`]: own },
      system_attrs: waiting ? { [FIXED]: values } : {},
      intermediate_values: Object.fromEntries(standings[point].reports.get(seed) ?? []),
    });
  }
  return lines.map((line) => `${exactText(line)}\n`).join('');
}
