import { overRuns } from '../../../charts/intervals';
import type { Palette } from '../../../charts/palette';
import { logSpanAround, spanAround } from '../../../charts/sweep/axis';
import type { Dot, DotChart, Whisker } from '../../../charts/sweep/dots';
import { type FieldView, type Model, type PointView, withIntervals } from './model';

/** With more points their intervals would hide each other. */
const CROWD = 48;
/** Share of the way to the next value over which points of one value are spread. */
const SPREAD = 0.56;

const finite = (p: PointView) => Number.isFinite(p.shown);

/** The axis with a little room at both ends, so that no dot lies on the frame. */
function roomy({ axis }: FieldView, dots: readonly Dot[]): FieldView['axis'] {
  if (axis.scale === 'choice') return axis;
  let [low, high] = axis.domain;
  for (const { x } of dots) [low, high] = [Math.min(low, x), Math.max(high, x)];
  return { ...axis, domain: axis.scale === 'log' ? logSpanAround(low, high, 0.04) : spanAround([low, high], 0.04) };
}

/** Values that several points share, with their points; none where every point has its own. */
function shared(points: readonly PointView[], index: number): Map<number, PointView[]> {
  const by = new Map<number, PointView[]>();
  for (const p of points) {
    if (p.mean === null || !Number.isFinite(p.at[index])) continue;
    const same = by.get(p.at[index]);
    if (same) same.push(p);
    else by.set(p.at[index], [p]);
  }
  return [...by.values()].some((same) => same.length > 1) && by.size <= CROWD ? by : new Map();
}

/** Values spread around those that several points share, the same each time, by less than their distance. */
function spreader({ axis }: FieldView, values: readonly number[]): (value: number, point: number) => number {
  const log = axis.scale === 'log';
  const scaled = [...new Set(values)].map((v) => (log ? Math.log(v) : v)).sort((a, b) => a - b);
  const gaps = scaled.slice(1).map((v, i) => v - scaled[i]);
  const gap = axis.scale === 'choice' ? 1 : gaps.length ? Math.min(...gaps) : 0;
  return (value, point) => {
    // The golden ratio fills the room evenly.
    const by = SPREAD * gap * (((point * 0.61803398875) % 1) - 0.5);
    return log ? value * Math.exp(by) : value + by;
  };
}

/** The objective over one swept field: seeds as dots; means with intervals of points, or of values that several points share. */
export function sliceChart(model: Model, index: number, selected: (point: number) => boolean, palette: Palette): DotChart {
  const field = model.fields[index];
  const color = palette.sequentialStops[3];
  const points = model.points.filter(finite);
  const common = shared(points, index);
  const spread = spreader(field, [...common.keys()]);
  const dots: Dot[] = [];
  const whiskers: Whisker[] = [];
  for (const p of points) {
    const at = p.at[index];
    if (!Number.isFinite(at)) continue;
    const x = common.size ? spread(at, p.point) : at;
    const chosen = selected(p.point);
    const ended = p.state === 'finished';
    const tone = ended ? color : palette.quiet;
    p.had.forEach((y, k) => {
      if (Number.isFinite(y))
        dots.push({
          point: p.point,
          x,
          y,
          mark: ended ? 'disc' : 'down',
          color: tone,
          radius: p.had.length > 1 && !common.size ? 2 : 2.75,
          alpha: (chosen ? 0.6 : 0.12) * (ended ? 1 : 0.7),
          kind: `seed ${p.trials[k].seed}`,
        });
    });
    if (!common.size && points.length <= CROWD && p.mean !== null && p.trials.length > 1)
      whiskers.push({
        point: p.point,
        x,
        mean: p.mean,
        low: p.mean - (p.half ?? Number.NaN),
        high: p.mean + (p.half ?? Number.NaN),
        color: tone,
        alpha: chosen ? 1 : 0.25,
      });
  }
  for (const [x, same] of common) {
    const { mean, halfWidth } = overRuns(same.map((p) => p.mean as number));
    const half = (same.length === 1 ? same[0].half : halfWidth) ?? Number.NaN;
    if (mean === null) continue;
    // The interval of a value belongs to no point.
    whiskers.push({
      point: same.length === 1 ? same[0].point : -1,
      x,
      mean,
      low: mean - half,
      high: mean + half,
      color: palette.ink,
    });
  }
  const shown = whiskers.map(({ mean, high }) => ({ mean, half: high - mean }));
  return {
    x: roomy(field, dots),
    y: { ...model.axis, domain: withIntervals(model.axis.domain, shown, model.measure.share) },
    dots,
    whiskers,
    empty: 'values show here as trials end',
  };
}
