import { neighbourPurity, trustworthiness } from '../../math/neighbours';
import { procrustes } from '../../math/procrustes';
import { tsne } from '../../math/tsne';
import type { MapResult } from './result';
import { NEIGHBOURS, unitStates } from './states';
import type { Experiment, RunRecord } from './types';

/**
 * Figure 4's panels: the t-SNE map of each variant's first seed with states, all with the same settings and random numbers. Maps of
 * equally many responses are turned and mirrored onto the first, since their orientation means nothing.
 */
export function maps({ variants }: Experiment, runs: ReadonlyMap<string, ReadonlyMap<number, RunRecord>>): MapResult[] {
  let target: Float64Array | null = null;
  return variants.flatMap(({ id, label }): MapResult[] => {
    const record = [...(runs.get(id)?.values() ?? [])].find((r) => r.states && unitStates(r.states));
    const unit = record?.states && unitStates(record.states);
    if (!record?.states || !unit) return [];
    const { domain } = record.states;
    const map = tsne(unit.rows, unit.width);
    if (!map) return [];
    target ??= map.points;
    const points = target.length === map.points.length ? procrustes(map.points, target).points : map.points;
    return [
      {
        variant: id,
        label,
        seed: record.seed,
        points: domain.map((_, i) => [points[2 * i], points[2 * i + 1]]),
        domain,
        trustworthiness: trustworthiness(unit.rows, unit.width, points, NEIGHBOURS),
        purity: neighbourPurity(points, 2, domain, NEIGHBOURS),
      },
    ];
  });
}
