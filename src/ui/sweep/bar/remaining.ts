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

/** Training steps done, of the trials that have begun, and of all in the end: infinite where no end is in sight. */
export function stepsOfAll(state: SweepState): { done: number; begun: number; all: number } {
  const { budget, trials, stopped } = state;
  const plan = planNow(state);
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
  return { done, begun, all: budget.steps === undefined ? all : Math.max(begun, Math.min(all, budget.steps)) };
}

/** Share of the sweep that is done, by steps or by minutes; null where no end is in sight. */
export function shareDone(state: SweepState): number | null {
  const { minutes } = state.budget;
  const { done, all } = stepsOfAll(state);
  const share = Math.max(all === 0 ? 0 : done / all, minutes === undefined ? 0 : state.seconds / (60 * minutes));
  return Number.isFinite(all) || minutes !== undefined ? Math.min(1, share) : null;
}

/** Seconds of training until the sweep ends, at a pace in steps per second; null where it has no end in sight. */
export function secondsLeft(state: SweepState, pace: number): number | null {
  const { minutes } = state.budget;
  const { done, all } = stepsOfAll(state);
  const timed = minutes === undefined || state.stopped ? Number.POSITIVE_INFINITY : Math.max(0, 60 * minutes - state.seconds);
  const left = Math.min((all - done) / pace, timed);
  return Number.isFinite(left) ? left : null;
}
