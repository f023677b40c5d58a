import { overRuns } from '../../../charts/intervals';
import { type Axis, spanAround } from '../../../charts/sweep/axis';
import type { Mark } from '../../../charts/sweep/mark';
import type { DomainInfo } from '../../../store/state';
import { type Group, groupsOf } from '../../../sweep/analysis/groups';
import { hasEnded, trialsOf } from '../../../sweep/journal';
import { trialValue } from '../../../sweep/objective';
import {
  type Assignment,
  isRange,
  METHOD,
  type Standing,
  type SweepState,
  type SweptField,
  type Trial,
} from '../../../sweep/types';
import { type Measure, measureOf, measureTitle, shownHalf, shownValue } from '../metrics';
import { fieldName, fieldTitle, pointValue } from '../words';

/** A swept field as the pictures show it. */
export interface FieldView {
  path: string;
  /** In short: `λ`. */
  name: string;
  title: string;
  axis: Axis;
  /** A point's place on the axis; NaN where it has none. */
  of(values: Assignment): number;
}

/** A point with what its seeds measured. */
export interface PointView {
  point: number;
  /** `λ 0.1, τ 0.2`. */
  name: string;
  /** The same with three figures, for small titles. */
  short: string;
  values: Assignment;
  state: Standing['state'];
  trials: readonly Trial[];
  /** What each trial had when it ended, in the order of the seeds; NaN for none. */
  had: readonly number[];
  /** Over its finished trials that have a value. */
  n: number;
  mean: number | null;
  /** Half of the mean's 95 % interval; null for fewer than two seeds. */
  half: number | null;
  /** The mean, or of an ended point without finished trials the mean of what its trials had; NaN without any. */
  shown: number;
  /** Places on the fields' axes. */
  at: readonly number[];
}

/** A sweep as its pictures show it. */
export interface Model {
  state: SweepState;
  groups: readonly Group[];
  fields: readonly FieldView[];
  points: readonly PointView[];
  measure: Measure;
  /** Name of the objective. */
  objective: string;
  /** Axis of the objective over everything measured. */
  axis: Axis;
  /** The same with room for intervals; the longest ones leave it. */
  tall: Axis;
  /** The best of them. */
  best: number | null;
  /** Points with a mean from the best to the worst. */
  ranked: readonly number[];
  /** Seeds a point. */
  seeds: number;
}

const MARKS: Record<Standing['state'], Mark> = {
  finished: 'disc',
  running: 'ring',
  pruned: 'down',
  stopped: 'square',
  failed: 'cross',
};
/** The shape that says how a point or trial stands. */
export const markOf = (state: Trial['state']): Mark => (state === 'waiting' ? 'ring' : MARKS[state]);

/** A field's axis; it reaches to points that were asked for outside of the field's range, too. */
function fieldView(f: SweptField, points: SweepState['points']): FieldView {
  const [name, title] = [fieldName(f.field), fieldTitle(f.field)];
  const seen = points.map((p) => p.values[f.field]).filter((v) => v !== undefined);
  if (isRange(f)) {
    const numbers = seen.filter((v) => typeof v === 'number' && (f.scale === 'linear' || v > 0)) as number[];
    const domain = [Math.min(f.from, ...numbers), Math.max(f.to, ...numbers)] as const;
    const format = (v: number) => pointValue(f.field, f.integer ? Math.round(v) : v);
    const axis: Axis = { label: title, scale: f.scale, domain, integer: f.integer, format };
    return {
      path: f.field,
      name,
      title,
      axis,
      of: (values) => (typeof values[f.field] === 'number' ? (values[f.field] as number) : Number.NaN),
    };
  }
  const all = [...new Set([...f.values, ...seen])];
  const names = all.map((v) => pointValue(f.field, v));
  const place = new Map(all.map((v, i) => [v, i]));
  const axis: Axis = {
    label: title,
    scale: 'choice',
    domain: [0, Math.max(1, all.length - 1)],
    names,
    format: (v) => names[Math.round(v)] ?? '',
  };
  return { path: f.field, name, title, axis, of: (values) => place.get(values[f.field]) ?? Number.NaN };
}

/** A point's values in words. */
export const pointName = (fields: readonly { path: string; name: string }[], values: Assignment): string =>
  fields
    .map(({ path, name }) => (values[path] === undefined ? `${name} –` : `${name} ${pointValue(path, values[path])}`))
    .join(', ') || 'base';

/** The same with three figures, and a method without its field's name. */
const shortName = (fields: readonly { path: string; name: string }[], values: Assignment): string =>
  fields
    .map(({ path, name }) => {
      const value = values[path];
      const words = value === undefined ? '–' : pointValue(path, value, 3);
      return path === METHOD && value !== undefined ? words : `${name} ${words}`;
    })
    .join(', ') || 'base';

const reached = new WeakMap<Trial, number>();

/** What a trial had when it ended; NaN for none. */
function ownValue(state: SweepState, trial: Trial): number {
  if (!hasEnded(trial)) return Number.NaN;
  let value = reached.get(trial);
  if (value === undefined) reached.set(trial, (value = trial.value ?? trialValue(state.spec, trial, trial.step) ?? Number.NaN));
  return value;
}

/** How much an axis grows for intervals at either end, in its own length: few seeds have intervals that would hide all else. */
const ROOM = 0.5;

/** A span with room for intervals; of a share it stays within 0 and 1. `half`: null or NaN where there is none. */
export function withIntervals(
  [low, high]: readonly [number, number],
  intervals: Iterable<{ mean: number | null; half: number | null }>,
  share: boolean,
): [number, number] {
  const room = ROOM * (high - low);
  let [from, to] = [low, high];
  for (const { mean, half } of intervals) {
    if (mean === null || half === null || Number.isNaN(half)) continue;
    from = Math.min(from, mean - 1.05 * half);
    to = Math.max(to, mean + 1.05 * half);
  }
  const [least, most] = share ? [Math.min(low, 0), Math.max(high, 1)] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return [Math.max(from, low - room, least), Math.min(to, high + room, most)];
}

/** Everything the pictures share; what did not change since the last time is the same object. */
export function modelOf(state: SweepState, domains: readonly DomainInfo[]): Model {
  const { objective, fields: swept, seeds } = state.spec;
  const fields = swept.map((f) => fieldView(f, state.points));
  const groups = groupsOf(state);
  const points = groups.map(({ point, values, state: standing, n, mean, halfWidth }): PointView => {
    const trials = trialsOf(state, point);
    const had = trials.map((t) => ownValue(state, t));
    const at = fields.map((f) => f.of(values));
    const shown = mean ?? overRuns(had).mean ?? Number.NaN;
    const [name, short] = [pointName(fields, values), shortName(fields, values)];
    return { point, name, short, values, state: standing, trials, had, n, mean, half: halfWidth, shown, at };
  });
  const measure = measureOf(objective.metric, domains);
  const ranked = groups
    .filter((g) => g.rank !== null)
    .sort((a, b) => (a.rank as number) - (b.rank as number))
    .map((g) => g.point);
  const seen = points.flatMap((p) => p.had);
  const axis: Axis = {
    label: measureTitle(measure),
    scale: 'linear',
    domain: spanAround(seen),
    format: (v) => shownValue(measure, v),
  };
  return {
    state,
    groups,
    fields,
    points,
    measure,
    objective: measureTitle(measure),
    axis,
    tall: { ...axis, domain: withIntervals(axis.domain, points, measure.share) },
    best: ranked[0] ?? null,
    ranked,
    seeds: seeds.length,
  };
}

/** `72.4 % ± 1.2 (n = 3)`, or how the point stands. */
export function valueText({ measure }: Pick<Model, 'measure'>, { mean, half, n, shown, state }: PointView): string {
  if (mean === null) return Number.isFinite(shown) ? `${shownValue(measure, shown)} when ${state}` : state;
  return `${shownValue(measure, mean)}${half === null ? '' : ` ± ${shownHalf(measure, half)}`} (n = ${n})`;
}

/** A point in a sentence: number, values, objective. */
export const sayPoint = (model: Model, point: number | null): string => {
  const view = point === null ? undefined : model.points[point];
  return view ? `Point ${view.point}: ${view.name}; ${valueText(model, view)}` : `${model.points.length} points`;
};
