import type { TrialState } from '../../../sweep/types';
import type { Model, PointView } from '../charts/model';

/** What the table is sorted by: a field's path, or one of these. */
export type Sort = 'point' | 'value' | 'seeds' | 'steps' | `field:${string}`;
/** How the table is arranged. */
export interface Arrangement {
  sort: Sort;
  /** Largest first; of values, the best. */
  down: boolean;
  /** Only points with a trial in this state. */
  state: TrialState | null;
}

/** Steps of all trials of a point. */
export const stepsDone = ({ trials }: PointView): number => trials.reduce((sum, t) => sum + t.step, 0);

function keyOf(model: Model, sort: Sort): (p: PointView) => number {
  // By rank: points that lack seeds come after all complete ones.
  if (sort === 'value') return (p) => -(model.groups[p.point].rank ?? Number.NaN);
  if (sort === 'seeds') return (p) => p.n;
  if (sort === 'steps') return stepsDone;
  if (sort === 'point') return (p) => p.point;
  const place = model.fields.findIndex((f) => sort === `field:${f.path}`);
  return (p) => p.at[place] ?? Number.NaN;
}

/** The points that are looked for, in their order; those without a value come last. */
export function arranged(model: Model, { sort, down, state }: Arrangement): PointView[] {
  const key = keyOf(model, sort);
  const found = state === null ? model.points : model.points.filter((p) => p.trials.some((t) => t.state === state));
  return [...found].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a.point - b.point;
    return (down ? y - x : x - y) || a.point - b.point;
  });
}

/** How a point's trials stand: `running 1 of 3`, `finished`. */
export function standing({ trials, state }: PointView): { state: TrialState; text: string } {
  const shown: TrialState = state === 'running' && !trials.some((t) => t.state === 'running') ? 'waiting' : state;
  const own = trials.filter((t) => t.state === shown).length;
  return { state: shown, text: own === trials.length || own === 0 ? shown : `${shown} ${own} of ${trials.length}` };
}
