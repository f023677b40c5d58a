import { newestStep, pairedMeans, reportedAt, signOf } from '../reports';
import type { Pruner, Standing, SweepSpec } from '../types';
import { apart, points, stepsOf, worseSide } from './words';

const middle = (values: number[]): number => {
  const sorted = values.sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

/** The best of a point's means over some seeds, up to a step, and where; gains, so that more is better. −∞ when there is no number. */
function bestGain({ reports }: Standing, seeds: readonly number[], step: number, sign: number): { gain: number; at: number } {
  let best = { gain: -Infinity, at: step };
  for (const [at] of reports.get(seeds[0]) ?? []) {
    if (at > step) break;
    let sum = 0;
    for (const seed of seeds) sum += reportedAt(reports.get(seed), at) ?? Number.NaN;
    const gain = (sign * sum) / seeds.length;
    if (gain >= best.gain) best = { gain, at };
  }
  return best;
}

/**
 * The median rule (Golovin et al. 2017; Optuna's `MedianPruner`): a point ends when the best that it had so far is worse than the median
 * of what the other finished and running points had after as many steps. With each it is compared on the seeds that both have: the
 * rule is that the median of those differences is against it. `startup` others must be there, and more than `warmup` steps done.
 */
export function medianPruner({ objective }: Pick<SweepSpec, 'objective'>, startup: number, warmup: number): Pruner {
  const sign = signOf(objective);
  return {
    judge(point, standings) {
      const me = standings[point];
      const step = newestStep(me);
      if (step === null || step <= warmup) return null;
      const leads: number[] = [];
      standings.forEach((other, i) => {
        if (i === point || (other.state !== 'finished' && other.state !== 'running')) return;
        const pair = pairedMeans(me, other, (r) => reportedAt(r, step));
        if (!pair || !Number.isFinite(pair.theirs)) return;
        leads.push(bestGain(me, pair.seeds, step, sign).gain - sign * pair.theirs);
      });
      if (leads.length < Math.max(1, startup)) return null;
      const lead = middle(leads);
      if (lead >= 0) return null;
      const seeds = [...me.reports].filter(([, r]) => reportedAt(r, step) !== undefined).map(([seed]) => seed);
      const { gain, at } = bestGain(me, seeds, step, sign);
      if (gain === -Infinity) return `its ${objective.metric} is not a number in ${stepsOf(step)}`;
      const [mine, theirs] = apart(sign * gain, sign * (gain - lead));
      const what = at === step ? `${objective.metric} ${mine} after` : `best ${objective.metric} ${mine} in`;
      return `its ${what} ${stepsOf(step)} is ${worseSide(objective)} the median ${theirs} of ${points(leads.length)}`;
    },
  };
}
