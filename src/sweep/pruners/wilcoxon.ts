import { leastSignedRankP, signedRank } from '../../math/wilcoxon';
import { newestStep, type PairedMeans, pairedMeans, reportedAt, signOf } from '../reports';
import type { Pruner, Standing, SweepSpec } from '../types';
import { apart, stepsOf, worseSide } from './words';

/** p as a reader has it: two digits. */
const short = (p: number): string => String(Number(p.toPrecision(2)));

/**
 * Ends a point that is worse than the best one on the same seeds by a one-sided signed-rank test, zeros split (as Optuna's
 * `WilcoxonPruner` tests): p below the given one and a worse mean. Best is the finished or running point that has most over this one on
 * their common seeds after the same steps; `startup` such seeds must be there. n pairs give p = 2⁻ⁿ at least, so few seeds never end
 * anything; asking after every round makes false ends more frequent than p.
 */
export function wilcoxonPruner({ objective }: Pick<SweepSpec, 'objective'>, p: number, startup: number): Pruner {
  const sign = signOf(objective);
  return {
    judge(point, standings) {
      const me = standings[point];
      const step = newestStep(me);
      if (step === null) return null;
      let best: { other: Standing; pair: PairedMeans } | null = null;
      let most = 0;
      standings.forEach((other, i) => {
        if (i === point || (other.state !== 'finished' && other.state !== 'running')) return;
        const pair = pairedMeans(me, other, (r) => reportedAt(r, step));
        if (!pair || pair.seeds.length < Math.max(1, startup)) return;
        const lead = sign * (pair.theirs - pair.mine);
        if (!Number.isFinite(lead) || lead <= most) return;
        most = lead;
        best = { other, pair };
      });
      if (!best) return null;
      const { other, pair } = best as { other: Standing; pair: PairedMeans };
      const valueFor = (of: Standing, seed: number) => reportedAt(of.reports.get(seed), step) as number;
      const differences = pair.seeds.map((seed) => sign * (valueFor(me, seed) - valueFor(other, seed)));
      const test = signedRank(differences, 'less');
      if (test.p >= p) return null;
      const n = pair.seeds.length;
      const [mine, theirs] = apart(pair.mine, pair.theirs);
      const side = worseSide(objective);
      const least = short(leastSignedRankP(n));
      return `its ${objective.metric} ${mine} after ${stepsOf(step)} is ${side} point ${other.point}'s ${theirs} on ${n} common ${n === 1 ? 'seed' : 'seeds'} (signed-rank p ${short(test.p)} is below ${p}; the least that ${n} can give is ${least})`;
    },
  };
}
