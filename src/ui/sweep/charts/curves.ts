import { extentOf, valueSpan } from '../../../charts/lineChart';
import type { Palette } from '../../../charts/palette';
import type { CurveChart, CurveLine } from '../../../charts/sweep/curves';
import type { DomainInfo } from '../../../store/state';
import { type Curve, curvesOf } from '../../../sweep/analysis/curves';
import { HELD_OUT, heldOutValue } from '../../../sweep/objective';
import type { SweepState, Trial } from '../../../sweep/types';
import { type Measure, measures, measureTitle, shownValue } from '../metrics';
import type { Model, PointView } from './model';

const kept = new WeakMap<Trial, Map<string, { trials: readonly Trial[]; curve: Curve | undefined }>>();

/** A point's mean over seeds with its interval, made again only where a trial has changed; undefined without a value. */
export function pointCurve(
  state: SweepState,
  { point, trials }: Pick<PointView, 'point' | 'trials'>,
  metric: string,
): Curve | undefined {
  const mine = kept.get(trials[0]) ?? new Map<string, { trials: readonly Trial[]; curve: Curve | undefined }>();
  kept.set(trials[0], mine);
  const known = mine.get(metric);
  if (known?.trials.every((t, i) => t === trials[i])) return known.curve;
  const [curve] = curvesOf({ ...state, points: [state.points[point]] }, metric);
  mine.set(metric, { trials, curve });
  return curve;
}

/** Ends of a curve's interval; NaN where it has none. */
export const edgesOf = ({ mean, halfWidth }: Pick<Curve, 'mean' | 'halfWidth'>): { low: number[]; high: number[] } => ({
  low: mean.map((m, i) => m - (halfWidth[i] ?? Number.NaN)),
  high: mean.map((m, i) => m + (halfWidth[i] ?? Number.NaN)),
});

/** What there are curves of, known ones first. */
export function curveMeasures({ state, measure }: Model, domains: readonly DomainInfo[]): Measure[] {
  const names = new Set<string>();
  let evaluated: Trial | undefined;
  for (const t of state.trials) {
    for (const name of Object.keys(t.curves)) names.add(name);
    evaluated ??= t.evaluations.length ? t : undefined;
  }
  const result = evaluated?.evaluations[0].result;
  const has = (metric: string) =>
    metric.startsWith(HELD_OUT) ? result !== undefined && heldOutValue(metric, result) !== null : names.has(metric);
  const known = measures(domains).filter((m) => m.metric === measure.metric || has(m.metric));
  if (!known.some((m) => m.metric === measure.metric)) known.unshift(measure);
  const told = new Set(known.map((m) => m.metric));
  const others = [...names].filter((n) => !told.has(n)).sort();
  return [
    ...known,
    ...others.map((metric) => ({ metric, label: metric, group: 'Other', hint: '', direction: 'max', share: false }) as const),
  ];
}

/** Curves of all points: pruned ones in grey, the best in ink. */
export function curveChart(
  { points, best, state }: Model,
  measure: Measure,
  selected: (point: number) => boolean,
  palette: Palette,
): CurveChart {
  const rank = (p: PointView) => (p.point === best ? 3 : p.state === 'finished' ? 2 : p.state === 'running' ? 1 : 0);
  const many = points.length > 150;
  const lines = [...points]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((p): CurveLine[] => {
      const curve = pointCurve(state, p, measure.metric);
      if (!curve) return [];
      const grey = p.state === 'pruned' || p.state === 'failed' || p.state === 'stopped';
      const top = p.point === best;
      return [
        {
          point: p.point,
          name: p.name,
          steps: curve.steps,
          values: curve.mean,
          ...edgesOf(curve),
          color: top ? palette.ink : grey ? palette.quiet : palette.sequentialStops[3],
          width: top ? 2.5 : many ? 1 : 1.4,
          alpha: (top ? 1 : grey ? 0.3 : many ? 0.4 : 0.6) * (selected(p.point) ? 1 : 0.18),
          ...(p.state === 'running' ? { dash: [4, 2.5] } : {}),
        },
      ];
    });
  const steps = Math.max(2, ...state.trials.map((t) => t.step));
  return {
    lines,
    x: [0, steps],
    y: valueSpan(extentOf(lines), [0, 1], measure.share ? 0.05 : 1e-6),
    yLabel: measureTitle(measure),
    labels: 'none',
    cursor: null,
    empty: 'curves grow here with the first round',
    format: (v) => shownValue(measure, v),
  };
}
