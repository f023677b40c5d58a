import type { Palette } from '../../../charts/palette';
import type { ParallelAxis, ParallelChart } from '../../../charts/sweep/parallel';
import { goodColor, shareOf } from './colors';
import type { Model, PointView } from './model';

/** Name of the objective's axis among those of the fields. */
export const OBJECTIVE = 'objective';
/** Brushes by axis, in axis values, ascending. */
export type Brushes = Readonly<Record<string, readonly [number, number]>>;

/** Axes of a sweep: its fields, then the objective. */
export const axisKeys = ({ fields }: Pick<Model, 'fields'>): string[] => [...fields.map((f) => f.path), OBJECTIVE];

const axisOf = (model: Model, key: string) => (key === OBJECTIVE ? model.axis : model.fields.find((f) => f.path === key)?.axis);

/** A point's place on an axis; NaN for none. */
export function valueOn(model: Model, p: PointView, key: string): number {
  if (key === OBJECTIVE) return p.shown;
  return p.at[model.fields.findIndex((f) => f.path === key)] ?? Number.NaN;
}

/** Known axes in the order asked for, then those that the order leaves out. */
export function inOrder(keys: readonly string[], order: readonly string[]): string[] {
  const asked = order.filter((k) => keys.includes(k));
  return [...asked, ...keys.filter((k) => !asked.includes(k))];
}

/** The axis moved to another place. */
export function moved(order: readonly string[], from: number, to: number): string[] {
  const out = [...order];
  const [key] = out.splice(from, 1);
  out.splice(Math.min(out.length, Math.max(0, to)), 0, key);
  return out;
}

/** Brush of the objective's axis around the best share of the ranked points, at least one; null without any. */
export function topBrush({ ranked, points }: Pick<Model, 'ranked' | 'points'>, percent: number): [number, number] | null {
  if (!ranked.length) return null;
  const top = ranked.slice(0, Math.max(1, Math.round((percent / 100) * ranked.length))).map((p) => points[p].mean as number);
  return [Math.min(...top), Math.max(...top)];
}

/** Points within all brushes; a point without a value on a brushed axis is not. Null: nothing is brushed. */
export function withinBrushes(model: Model, brushes: Brushes): number[] | null {
  const asked = Object.entries(brushes);
  if (!asked.length) return null;
  // Ends as they come back from the canvas.
  const near = (low: number, high: number) => 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  return model.points
    .filter((p) =>
      asked.every(([key, [low, high]]) => {
        const v = valueOn(model, p, key);
        return v >= low - near(low, high) && v <= high + near(low, high);
      }),
    )
    .map((p) => p.point);
}

/** A brush after a key: `up` raises its lower end, or with `back` lowers it again; otherwise the same with its upper end. Null: all. */
export function nudged(
  brush: readonly [number, number] | null,
  unit: { at(value: number): number; from(share: number): number },
  up: boolean,
  back: boolean,
  step = 0.05,
): [number, number] | null {
  let [low, high] = brush ? brush.map(unit.at) : [0, 1];
  if (up) low = Math.min(high, Math.max(0, low + (back ? -step : step)));
  else high = Math.max(low, Math.min(1, high + (back ? step : -step)));
  if (low <= 1e-9 && high >= 1 - 1e-9) return null;
  return [unit.from(low), unit.from(high)];
}

/** The chart: lines of all points, the best on top. */
export function parallelChart(
  model: Model,
  order: readonly string[],
  brushes: Brushes,
  kept: (point: number) => boolean,
  palette: Palette,
): Omit<ParallelChart, 'focus' | 'moving'> {
  const share = shareOf(model);
  const axes = order.flatMap((key): ParallelAxis[] => {
    const axis = axisOf(model, key);
    return axis ? [{ key, axis, brush: brushes[key] ?? null }] : [];
  });
  const rank = new Map(model.ranked.map((point, i) => [point, model.ranked.length - i]));
  const lines = model.points
    .map((p) => ({
      point: p.point,
      values: axes.map(({ key }) => valueOn(model, p, key)),
      color: Number.isFinite(p.shown) ? goodColor(palette, share(p.shown)) : palette.quiet,
      kept: kept(p.point),
    }))
    .sort((a, b) => (rank.get(a.point) ?? 0) - (rank.get(b.point) ?? 0) || a.point - b.point);
  return { axes, lines, empty: 'a line for every point, from its values to its objective' };
}
