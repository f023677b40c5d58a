import { firstFrom, justReached, newestStep, pairedMeans, type Reports, signOf } from '../reports';
import type { Pruner, Standing, SweepSpec } from '../types';
import { apart, stepsOf } from './words';

/** How a ladder of rungs stands. */
export interface Ladder {
  /** Steps of the first rung; the next ones are `factor` times as high each. */
  first: number;
  factor: number;
  /** The points that climb it; all when left out. */
  has?(standing: Standing): boolean;
}

/** The highest rung at or below a step; null below the first. */
export function rungBelow({ first, factor }: Ladder, step: number): number | null {
  if (step < first) return null;
  let rung = first;
  while (rung * factor <= step) rung *= factor;
  return rung;
}

/**
 * Asynchronous successive halving (Li et al. 2020; Optuna's `SuccessiveHalvingPruner`): a point is judged once a rung, at its first
 * report there or past it, and goes on when it is among the best ⌊n/factor⌋ of the n points that came so far, or the best one while n is
 * below the factor. Rungs passed by one report are one. With each other point it is compared on the seeds that both have.
 */
export function ashaPruner({ objective }: Pick<SweepSpec, 'objective'>, ladder: Ladder): Pruner {
  const sign = signOf(objective);
  return {
    judge(point, standings) {
      const me = standings[point];
      const step = newestStep(me);
      const rung = step === null ? null : rungBelow(ladder, step);
      if (step === null || rung === null || !justReached(me, rung)) return null;
      const at = (reports: Reports) => firstFrom(reports, rung)?.[1];
      const mine = pairedMeans(me, me, at)?.mine ?? Number.NaN;
      if (Number.isNaN(mine)) return `its ${objective.metric} is not a number after ${stepsOf(step)}`;
      let entrants = 1;
      let better = 0;
      standings.forEach((other, i) => {
        const pair = i === point || ladder.has?.(other) === false ? null : pairedMeans(me, other, at);
        if (!pair) return;
        entrants++;
        if (sign * pair.theirs > sign * pair.mine) better++;
      });
      const go = Math.max(1, Math.floor(entrants / ladder.factor));
      if (better < go) return null;
      const best = go === 1 ? 'only the best goes on' : `the best ${go} go on`;
      return `its ${objective.metric} ${apart(mine, mine)[0]} after ${stepsOf(step)} is number ${better + 1} of ${entrants} points, and ${best}`;
    },
  };
}
