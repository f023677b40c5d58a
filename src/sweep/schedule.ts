import { configOf } from './configs';
import { hasEnded, standingsOf, trialsOf } from './journal';
import { isHeldOut } from './objective';
import type { Entry, Pruner, Sampler, SweepSpec, SweepState, Trial } from './types';

/** Trials that are under way, in their order. */
export const runningTrials = (state: SweepState): Trial[] => state.trials.filter((t) => t.state === 'running');

/** Training steps of each point, found once. */
const lengths = new WeakMap<SweepSpec, Map<number, number>>();

/** Training steps of a trial. */
export function stepsOf({ spec, points }: SweepState, { point, seed }: Pick<Trial, 'point' | 'seed'>): number {
  const known = lengths.get(spec) ?? new Map<number, number>();
  lengths.set(spec, known);
  const found = known.get(point) ?? configOf(spec, points[point].values, seed).steps;
  known.set(point, found);
  return found;
}

/** Whether running trials are evaluated after every round, not only at their ends: where that is what is compared. */
export const evaluatesRounds = ({ objective, pruner }: SweepSpec): boolean =>
  isHeldOut(objective) && (pruner.kind !== 'none' || objective.at === 'best');

const ended = (trial: number, state: 'pruned' | 'stopped', step: number, why: string): Entry => ({
  type: 'end',
  trial,
  state,
  step,
  value: null,
  why,
});

/** Ends of the points that the pruner gives up after this round. */
export function prunings(state: SweepState, pruner: Pruner): Entry[] {
  const standings = standingsOf(state);
  const out: Entry[] = [];
  for (const { point } of state.points) {
    const trials = trialsOf(state, point);
    if (!trials.some((t) => t.state === 'running')) continue;
    const why = pruner.judge(point, standings);
    if (why !== null) for (const t of trials) if (!hasEnded(t)) out.push(ended(t.trial, 'pruned', t.step, why));
  }
  return out;
}

/** What an order does at once. */
export function effects(state: SweepState, order: Extract<Entry, { type: 'order' }>['order']): Entry[] {
  if (order.kind === 'stopTrial') {
    const found = state.trials[order.trial];
    return found && !hasEnded(found) ? [ended(found.trial, 'stopped', found.step, 'stopped by hand')] : [];
  }
  if (order.kind !== 'stop') return [];
  return state.trials.filter((t) => !hasEnded(t)).map((t) => ended(t.trial, 'stopped', t.step, 'the sweep was stopped'));
}

/** Why no further point begins; null when one may. */
function exhausted(state: SweepState): string | null {
  const { budget, spec, trials, points } = state;
  const more = spec.seeds.length;
  if (state.stopped) return 'the sweep was stopped';
  if (budget.trials !== undefined && trials.length + more > budget.trials) return `the budget of ${budget.trials} trials is used`;
  if (budget.minutes !== undefined && state.seconds >= 60 * budget.minutes)
    return `the budget of ${budget.minutes} minutes is used`;
  if (budget.steps !== undefined) {
    const spent = trials.reduce((sum, t) => sum + (hasEnded(t) ? t.step : stepsOf(state, t)), 0);
    const next = points.length ? stepsOf(state, trials[trials.length - 1]) : configOf(spec, {}, spec.seeds[0]).steps;
    if (spent + more * next > budget.steps) return `the budget of ${budget.steps} steps is used`;
  }
  return null;
}

/** The next point, by hand or by the sampler; null when there is none. Points by hand are tried before the sampler's and do not count as its own. */
export function nextPoint(state: SweepState, sampler: Sampler): Entry | null {
  if (exhausted(state) !== null) return null;
  const point = state.points.length;
  const [wanted] = state.queue;
  if (wanted) return { type: 'point', point, values: wanted, byHand: true };
  const values = sampler.next(state.points.filter((p) => !p.byHand).length, standingsOf(state));
  return values && { type: 'point', point, values };
}
