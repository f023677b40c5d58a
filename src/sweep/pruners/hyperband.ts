import { configOf } from '../configs';
import { isRange, type Pruner, type SweepSpec } from '../types';
import { ashaPruner } from './asha';

/** Most steps that a trial of the sweep may do. @throws ConfigError for a specification that makes no configuration */
export function longestTraining(spec: SweepSpec): number {
  const swept = spec.fields.find((f) => f.field === 'steps');
  if (!swept) return configOf(spec, {}, spec.seeds[0]).steps;
  return isRange(swept) ? swept.to : Math.max(...swept.values.map(Number));
}

/**
 * Hyperband's shares of the points (Li et al. 2018), as Optuna's `HyperbandPruner` has them: one bracket for every rung up to `longest`
 * steps, the first begins at the lowest; with B brackets and s rungs more, ⌈B · factorˢ / (s + 1)⌉ points.
 */
export function bracketShares(min: number, longest: number, factor: number): number[] {
  let brackets = 1;
  for (let rung = min * factor; rung <= longest; rung *= factor) brackets++;
  return Array.from({ length: brackets }, (_, b) => {
    const s = brackets - 1 - b;
    return Math.ceil((brackets * factor ** s) / (s + 1));
  });
}

/** The bracket of each point number, so that after any number of points every bracket has its share but for one or so. */
export function brackets(shares: readonly number[]): (point: number) => number {
  const total = shares.reduce((a, b) => a + b, 0);
  const given: number[] = [];
  const counts = shares.map(() => 0);
  return (point) => {
    while (given.length <= point) {
      const lacks = shares.map((share, b) => (share * (given.length + 1)) / total - counts[b]);
      const next = lacks.indexOf(Math.max(...lacks));
      counts[next]++;
      given.push(next);
    }
    return given[point];
  };
}

/** Points are dealt to brackets by their number; bracket b halves successively from rung min · factorᵇ on, among its own points. */
export function hyperbandPruner(spec: SweepSpec, min: number, factor: number): Pruner {
  const shares = bracketShares(min, longestTraining(spec), factor);
  const bracketOf = brackets(shares);
  const pruners = shares.map((_, b) =>
    ashaPruner(spec, { first: min * factor ** b, factor, has: ({ point }) => bracketOf(point) === b }),
  );
  return {
    judge(point, standings) {
      const b = bracketOf(standings[point].point);
      const why = pruners[b].judge(point, standings);
      return why && pruners.length > 1 ? `${why} (bracket ${b + 1} of ${pruners.length})` : why;
    },
  };
}
