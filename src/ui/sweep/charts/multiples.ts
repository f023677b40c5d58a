import { type Band, extentOf, type Line, type LineChart, valueSpan } from '../../../charts/lineChart';
import type { Palette } from '../../../charts/palette';
import { fixed } from '../../format';
import { ROLES, roleStyles } from '../../logits/roles';
import { edgesOf, pointCurve } from './curves';
import type { Model, PointView } from './model';

/** Tiles that are shown at most. */
export const MOST_TILES = 12;

/** Points of the tiles: those that are selected and hold what is shown, or else the best. */
export function tilePoints(
  { ranked, points }: Model,
  selected: readonly number[],
  mode: 'best' | 'selected',
  has: (p: PointView) => boolean,
  most: number,
): number[] {
  const place = new Map(ranked.map((p, i) => [p, i]));
  const chosen = new Set(selected);
  return points
    .filter((p) => has(p) && (mode === 'best' ? p.state !== 'failed' : chosen.has(p.point)))
    .sort(
      (a, b) =>
        (place.get(a.point) ?? Number.POSITIVE_INFINITY) - (place.get(b.point) ?? Number.POSITIVE_INFINITY) || a.point - b.point,
    )
    .slice(0, most)
    .map((p) => p.point);
}

/** Whether a point has logits of pairs. */
export const hasLogits = ({ trials }: PointView): boolean =>
  trials.some((t) => ROLES.some((role) => t.curves[`logit/${role}`]?.some((v) => v !== null)));

/** The logits of a point's pairs over the steps, mean over seeds; all tiles are to share `x` and `y`. */
export function logitTile(model: Model, point: number, palette: Palette): Omit<LineChart, 'x' | 'y'> {
  const styles = roleStyles(palette);
  const lines: Line[] = [];
  const bands: Band[] = [];
  for (const role of ROLES) {
    const curve = pointCurve(model.state, model.points[point], `logit/${role}`);
    if (!curve) continue;
    const { label, color, dash } = styles[role];
    lines.push({ label, color, dash, steps: curve.steps, values: curve.mean, width: 1.6 });
    bands.push({ label, color, steps: curve.steps, ...edgesOf(curve), alpha: 0.14 });
  }
  return { lines, bands, labels: 'none', cursor: null, format: (v) => fixed(v, 1) };
}

/** The spans that all tiles share. */
export function tileSpans({ state }: Model, tiles: readonly Pick<LineChart, 'lines'>[]): Pick<LineChart, 'x' | 'y'> {
  const steps = Math.max(2, ...state.trials.map((t) => t.step));
  return { x: [0, steps], y: valueSpan(extentOf(tiles.flatMap((t) => t.lines)), [0, 4]) };
}

/** The trial of a point that a map is shown of: the first seed that has one. */
export const mapTrial = ({ trials }: PointView) => trials.find((t) => t.map !== null);
