import { interval } from '../../math/statistics';
import type { CurveLine, CurveResult } from './result';
import type { Curve, Experiment, RunRecord } from './types';
import { meanOf, tenth, valueIn } from './values';

/** Points of a drawn curve at most: steps are averaged in bins, run by run, before seeds are. */
const BINS = 50;

/** Bounds of `bins` equal parts of n steps, [from, to). */
const parts = (n: number, bins: number) =>
  Array.from({ length: bins }, (_, i) => [Math.floor((i * n) / bins), Math.floor(((i + 1) * n) / bins)] as const);

function lineOf(values: (number | null)[][], steps: number[]): Pick<CurveLine, 'steps' | 'mean' | 'halfWidth'> {
  const summaries = steps.map((_, i) => interval(values.flatMap((v) => v[i] ?? [])));
  return { steps, mean: summaries.map((s) => s.mean), halfWidth: summaries.map((s) => s.halfWidth) };
}

/** A curve of every variant: mean and 95 % interval over its seeds, in at most 50 points; distances have a start and an end. */
export function curveResult(
  { variants }: Experiment,
  curve: Curve,
  runs: ReadonlyMap<string, ReadonlyMap<number, RunRecord>>,
): CurveResult {
  const lines = variants.flatMap(({ id, label }): CurveLine[] => {
    const records = [...(runs.get(id)?.values() ?? [])];
    if (records.length === 0) return [];
    const n = records[0].steps;
    if (curve.metric.startsWith('distance/')) {
      const ends = records.map((r) => ['start', 'end'].map((w) => valueIn(r, `${curve.metric}:${w}`, 'sampled')));
      const half = (tenth(n) - 1) / 2;
      return [{ variant: id, label, ...lineOf(ends, [1 + half, n - half]) }];
    }
    const bins = parts(n, Math.min(BINS, n));
    const binned = records.map((r) => bins.map(([from, to]) => meanOf((r.curves[curve.metric] ?? []).slice(from, to))));
    return [
      {
        variant: id,
        label,
        ...lineOf(
          binned,
          bins.map(([from, to]) => (from + 1 + to) / 2),
        ),
      },
    ];
  });
  return { curve, lines };
}
