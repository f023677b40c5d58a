import { hasEnded } from '../../../sweep/journal';
import { stepsOf } from '../../../sweep/schedule';
import type { SweepState } from '../../../sweep/types';
import { type Plan, planOf } from '../form/plan';

/** Trials that will not go on. */
export const endedIn = ({ trials }: SweepState): number => trials.reduce((n, t) => n + Number(hasEnded(t)), 0);

const plans = new WeakMap<SweepState['budget'], Plan>();

/** How much the sweep is going to be under its budget as it stands. */
export function planNow({ spec, budget }: SweepState): Plan {
  const known = plans.get(budget) ?? planOf(spec, budget);
  plans.set(budget, known);
  return known;
}

/** Seconds of training until the sweep ends, at a pace in steps per second; null where it has no end in sight. */
export function secondsLeft(state: SweepState, pace: number): number | null {
  const { budget, trials, seconds, stopped } = state;
  const plan = planNow(state);
  const timed = budget.minutes === undefined ? Number.POSITIVE_INFINITY : Math.max(0, 60 * budget.minutes - seconds);
  let done = 0;
  let begun = 0;
  for (const t of trials) {
    done += t.step;
    begun += hasEnded(t) ? t.step : stepsOf(state, t);
  }
  const all = stopped
    ? begun
    : plan.trials === null
      ? (budget.steps ?? Number.POSITIVE_INFINITY)
      : begun + Math.max(0, plan.trials - trials.length) * plan.each;
  const most = budget.steps === undefined ? all : Math.max(begun, Math.min(all, budget.steps));
  const left = Math.min((most - done) / pace, Math.max(timed, stopped ? (begun - done) / pace : 0));
  return Number.isFinite(left) ? left : null;
}
