import type { Value } from '../../config/fields';
import { isRange, type SweptField } from '../types';

/** Numbers of the operations in a journal file of Optuna's `JournalStorage`, which are not told apart by name there. */
export const OP = {
  createStudy: 0,
  deleteStudy: 1,
  studyUserAttr: 2,
  studySystemAttr: 3,
  createTrial: 4,
  trialParam: 5,
  trialState: 6,
  trialReport: 7,
  trialUserAttr: 8,
  trialSystemAttr: 9,
} as const;

/** Numbers of Optuna's trial states. */
export const STATE = { running: 0, complete: 1, pruned: 2, fail: 3, waiting: 4 } as const;
const isOver = (state: number): boolean => state === STATE.complete || state === STATE.pruned || state === STATE.fail;

/** System attribute with the values that a waiting trial is to have. */
export const FIXED = 'fixed_params';
/** System attribute of a study with the names of its objectives. */
export const METRIC_NAMES = 'study:metric_names';

/** What a parameter may be. */
export type Distribution =
  | { name: 'FloatDistribution'; attributes: { step: number | null; low: number; high: number; log: boolean } }
  | { name: 'IntDistribution'; attributes: { step: number; low: number; high: number; log: boolean } }
  | { name: 'CategoricalDistribution'; attributes: { choices: readonly Value[] } };

/** A trial of a study, all operations done. */
export interface OptunaTrial {
  state: number;
  value: number | null;
  params: Record<string, Value>;
  distributions: Record<string, Distribution>;
  user: Record<string, unknown>;
  system: Record<string, unknown>;
  /** By step, as it was reported: finite or null. */
  reports: Map<number, number | null>;
  /** Line that ended it. */
  ended: number;
}

/** A study, all operations done. */
export interface OptunaStudy {
  name: string;
  /** 1: minimise, 2: maximise. */
  directions: readonly number[];
  user: Record<string, unknown>;
  system: Record<string, unknown>;
  trials: OptunaTrial[];
}

type Row = Record<string, unknown>;

/** What Optuna calls a swept field's range. */
export function distributionOf(f: SweptField): Distribution {
  if (!isRange(f)) return { name: 'CategoricalDistribution', attributes: { choices: f.values } };
  const attributes = { low: f.from, high: f.to, log: f.scale === 'log' };
  return f.integer
    ? { name: 'IntDistribution', attributes: { ...attributes, step: 1 } }
    : { name: 'FloatDistribution', attributes: { ...attributes, step: null } };
}

/** JSON as Python writes it, where NaN and Infinity may stand bare: they become null. */
const parsed = (line: string): unknown =>
  JSON.parse(line.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) => (found.startsWith('"') ? found : 'null')));

const isObject = (x: unknown): x is Row => typeof x === 'object' && x !== null && !Array.isArray(x);
const finite = (x: unknown): number | null => (typeof x === 'number' && Number.isFinite(x) ? x : null);

function distribution(text: unknown, fault: (what: string) => never): Distribution {
  let found: unknown;
  try {
    found = typeof text === 'string' ? parsed(text) : text;
  } catch {
    return fault(`a distribution is not JSON: ${text}`);
  }
  if (!isObject(found) || !isObject(found.attributes)) return fault('a distribution has no attributes');
  const { choices, low, high } = found.attributes;
  const known =
    found.name === 'CategoricalDistribution'
      ? Array.isArray(choices) && choices.every((c) => ['number', 'string', 'boolean'].includes(typeof c))
      : (found.name === 'FloatDistribution' || found.name === 'IntDistribution') && finite(low) !== null && finite(high) !== null;
  return known ? (found as unknown as Distribution) : fault(`a distribution is not known: ${JSON.stringify(found).slice(0, 80)}`);
}

const outer = ({ name, attributes }: Distribution, internal: unknown): Value =>
  name === 'CategoricalDistribution' ? attributes.choices[internal as number] : (internal as number);

/**
 * Does the operations of a journal file one after another, as Optuna does: what refers to a study that was deleted, or to a trial that has
 * ended, changes nothing. A last line that was cut off is left out.
 * @throws Error naming line and fault
 */
export function replay(text: string): OptunaStudy[] {
  const studies = new Map<number, OptunaStudy>();
  const trials: OptunaTrial[] = [];
  let created = 0;
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  lines.forEach((line, i) => {
    if (!line.trim()) return;
    const fault = (what: string): never => {
      throw new Error(`line ${i + 1}: ${what}`);
    };
    let row: unknown;
    try {
      row = parsed(line);
    } catch {
      if (i === lines.length - 1) return;
      fault(`not complete JSON: ${line.trim().slice(0, 60)}`);
    }
    if (!isObject(row) || typeof row.op_code !== 'number')
      return fault('is no operation of an Optuna journal (it has no op_code)');
    const study = studies.get(row.study_id as number);
    const trial = trials[row.trial_id as number] as OptunaTrial | undefined;
    const open = trial && !isOver(trial.state) ? trial : undefined;
    switch (row.op_code) {
      case OP.createStudy: {
        const { study_name: name, directions } = row;
        if (typeof name !== 'string' || !Array.isArray(directions)) return fault('a study has no name or directions');
        if ([...studies.values()].some((s) => s.name === name)) return;
        studies.set(created++, { name, directions, user: {}, system: {}, trials: [] });
        return;
      }
      case OP.deleteStudy:
        studies.delete(row.study_id as number);
        return;
      case OP.studyUserAttr:
        if (study) Object.assign(study.user, row.user_attr);
        return;
      case OP.studySystemAttr:
        if (study) Object.assign(study.system, row.system_attr);
        return;
      case OP.createTrial: {
        if (!study) return;
        const distributions = Object.fromEntries(
          Object.entries((row.distributions ?? {}) as Row).map(([name, d]) => [name, distribution(d, fault)]),
        );
        const made: OptunaTrial = {
          state: (row.state as number | undefined) ?? STATE.running,
          value: finite(row.value ?? (row.values as number[] | null | undefined)?.[0]),
          distributions,
          params: Object.fromEntries(
            Object.entries((row.params ?? {}) as Row)
              .filter(([name]) => name in distributions)
              .map(([name, internal]) => [name, outer(distributions[name], internal)]),
          ),
          user: { ...((row.user_attrs ?? {}) as Row) },
          system: { ...((row.system_attrs ?? {}) as Row) },
          reports: new Map(Object.entries((row.intermediate_values ?? {}) as Row).map(([step, v]) => [Number(step), finite(v)])),
          ended: i,
        };
        trials.push(made);
        study.trials.push(made);
        return;
      }
      case OP.trialParam:
        if (open) {
          const known = distribution(row.distribution, fault);
          open.distributions[row.param_name as string] = known;
          open.params[row.param_name as string] = outer(known, row.param_value_internal);
        }
        return;
      case OP.trialState:
        if (!open || (row.state === STATE.running && open.state === STATE.running)) return;
        open.state = row.state as number;
        open.ended = i;
        if (Array.isArray(row.values)) open.value = finite(row.values[0]);
        return;
      case OP.trialReport:
        if (open) open.reports.set(row.step as number, finite(row.intermediate_value));
        return;
      case OP.trialUserAttr:
        if (open) Object.assign(open.user, row.user_attr);
        return;
      case OP.trialSystemAttr:
        if (open) Object.assign(open.system, row.system_attr);
        return;
      default:
        // Operations of other programs, which Optuna passes over too.
        return;
    }
  });
  return [...studies.values()];
}
