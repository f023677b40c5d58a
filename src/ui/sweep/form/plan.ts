import { configOf } from '../../../sweep/configs';
import { levelsOf } from '../../../sweep/levels';
import { spaceOf } from '../../../sweep/space';
import type { Budget, SweepSpec } from '../../../sweep/types';
import { needsBase } from '../../fields/groups';
import { whole } from '../../format';
import { fieldName, plural } from '../words';

/** How much a sweep is going to be; null where it has no end. */
export interface Plan {
  points: number | null;
  trials: number | null;
  /** Training steps of all trials together, at most. */
  steps: number | null;
  /** Steps of one trial at the first point. */
  each: number;
  /** `5 × 5 points × 4 seeds`. */
  product: string;
}

/** What a specification comes to under a budget. */
export function planOf(spec: SweepSpec, budget: Budget = spec.budget): Plan {
  const { size } = spaceOf(spec);
  const seeds = spec.seeds.length;
  const lists = spec.fields.map((f) => levelsOf(f)?.length ?? null);
  const each = configOf(spec, firstPoint(spec), spec.seeds[0]).steps;
  const grid = spec.sampler.kind === 'grid' ? size : null;
  const most = budget.trials === undefined ? null : Math.floor(budget.trials / seeds);
  const points = grid === null ? most : most === null ? grid : Math.min(grid, most);
  const trials = points === null ? null : points * seeds;
  const own = trials === null ? null : trials * each;
  const steps = budget.steps === undefined ? own : own === null ? budget.steps : Math.min(own, budget.steps);
  const dimensions =
    grid !== null && points === grid && lists.length > 1 ? lists.join(' × ') : points === null ? '' : whole(points);
  const noun = points === 1 ? 'point' : 'points';
  const product = points === null ? `points × ${plural(seeds, 'seed')}` : `${dimensions} ${noun} × ${plural(seeds, 'seed')}`;
  return { points, trials, steps, each, product };
}

const firstPoint = ({ fields }: SweepSpec) =>
  Object.fromEntries(fields.map((f) => [f.field, 'values' in f ? f.values[0] : f.from]));

/** `5 × 5 points × 4 seeds = 100 trials, 6,000 steps`. */
export function planText(spec: SweepSpec, plan: Plan): string {
  const { trials, steps, product } = plan;
  const { minutes } = spec.budget;
  const about = spec.pruner.kind !== 'none' ? 'at most ' : '';
  const end = trials === null ? '' : ` = ${plural(trials, 'trial')}`;
  const length = steps === null ? '' : `, ${about}${plural(steps, 'step')}`;
  return `${product}${end}${length}${minutes === undefined ? '' : `, for ${plural(minutes, 'minute')}`}`;
}

/** What may surprise, one sentence each. */
export function cautions(spec: SweepSpec, plan: Plan): string[] {
  const out: string[] = [];
  const based = spec.fields.filter((f) => needsBase(f.field)).map((f) => fieldName(f.field));
  if (based.length)
    out.push(`Other values of ${based.join(', ')} need base checkpoints of their own: warm starts run before those trials.`);
  if (spec.seeds.length < 3) out.push('With fewer than 3 seeds, luck and effect are hard to tell apart.');
  if ((plan.steps ?? 0) > 100_000)
    out.push('This is a lot of steps: on a software adapter it takes many hours. Pause and reload whenever you like.');
  if (spec.pruner.kind !== 'none' && spec.objective.metric.startsWith('heldOut/'))
    out.push(
      `Every trial is evaluated after each ${whole(spec.report)} steps, for the pruner to compare; a training metric costs less.`,
    );
  if (plan.trials === null && spec.budget.steps === undefined) out.push(`The sampler goes on until the time is over.`);
  return out;
}
