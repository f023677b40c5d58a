import { levelsOf } from '../levels';
import { isRange, type SweepState, type SweptField } from '../types';
import { axisOf, type FieldAxis } from './axis';
import { type Group, groupsOf } from './groups';
import { type Measured, smooth } from './smooth';

/** One side of a surface. */
export interface SurfaceAxis extends FieldAxis {
  /** Boundaries of the cells in axis values, ascending: one more than cells. */
  edges: readonly number[];
}

/** The objective over two fields, all others averaged over. */
export interface Surface {
  x: SurfaceAxis;
  y: SurfaceAxis;
  /** `cells`: means of the points in each; `smooth`: a local fit through scattered points. */
  kind: 'cells' | 'smooth';
  /** [cells of y][cells of x]; null where nothing was measured, or outside what points enclose. */
  values: readonly (readonly (number | null)[])[];
  /** Where the points lie, in axis values; without a value those that have none yet or were pruned. */
  points: readonly { point: number; x: number; y: number; value: number | null }[];
}

/** Cells along a continuum. */
const SIZE = 32;

const levelAxis = (axis: FieldAxis, levels: readonly number[]): SurfaceAxis => {
  if (axis.scale === 'choice') return { ...axis, edges: Array.from({ length: levels.length + 1 }, (_, i) => i - 0.5) };
  const u = levels.map(axis.unit);
  const first = u.length > 1 ? (u[1] - u[0]) / 2 : 0.5;
  const last = u.length > 1 ? (u[u.length - 1] - u[u.length - 2]) / 2 : 0.5;
  const inner = u.slice(1).map((v, i) => (v + u[i]) / 2);
  return { ...axis, edges: [u[0] - first, ...inner, u[u.length - 1] + last].map(axis.fromUnit) };
};

const evenAxis = (axis: FieldAxis, size: number): SurfaceAxis =>
  axis.scale === 'choice'
    ? levelAxis(
        axis,
        axis.names.map((_, i) => i),
      )
    : { ...axis, edges: Array.from({ length: size + 1 }, (_, i) => axis.fromUnit(i / size)) };

/** A field's levels as axis values, ascending; null for a continuum. */
function levelsAlong(f: SweptField, axis: FieldAxis): number[] | null {
  const levels = levelsOf(f);
  if (!levels || (isRange(f) && levels.length > SIZE)) return null;
  return [...new Set(levels.map(axis.at))].sort((a, b) => a - b);
}

/** Means of the points at each pair of levels; null when less than half of the pairs have any and the sweep is no grid. */
function cellMeans(xs: readonly number[], ys: readonly number[], measured: readonly Measured[], grid: boolean) {
  const sums = ys.map(() => xs.map(() => ({ sum: 0, n: 0 })));
  for (const { x, y, value } of measured) {
    const cell = sums[ys.indexOf(y)]?.[xs.indexOf(x)];
    if (!cell) continue;
    cell.sum += value;
    cell.n++;
  }
  const filled = sums.flat().filter((c) => c.n).length;
  if (!filled || (!grid && filled < (xs.length * ys.length) / 2)) return null;
  return sums.map((row) => row.map(({ sum, n }) => (n ? sum / n : null)));
}

/**
 * The objective's mean over seeds as a surface over two swept fields: where both have levels, as in a grid, the cells themselves; else a
 * local linear fit on `size` cells a side, which stays within the values measured and goes no further than the points enclose.
 * @throws Error for a field that is not swept
 */
export function surface(
  state: SweepState,
  xField: string,
  yField: string,
  size = SIZE,
  groups: readonly Group[] = groupsOf(state),
): Surface {
  const { fields, sampler } = state.spec;
  const [fx, fy] = [xField, yField].map((name) => {
    const found = fields.find((f) => f.field === name);
    if (!found) throw new Error(`${name} is not swept (${fields.map((f) => f.field).join(', ')})`);
    return found;
  });
  const [x, y] = [axisOf(fx), axisOf(fy)];
  const points = groups
    .map(({ point, values, mean }) => ({ point, x: x.at(values[xField]), y: y.at(values[yField]), value: mean }))
    .filter((p) => Number.isFinite(p.x) && Number.isFinite(p.y));
  const measured = points.flatMap((p) => (p.value === null ? [] : [{ x: p.x, y: p.y, value: p.value }]));
  const [xs, ys] = [levelsAlong(fx, x), levelsAlong(fy, y)];
  const cells = xs && ys && cellMeans(xs, ys, measured, sampler.kind === 'grid');
  if (cells) return { x: levelAxis(x, xs), y: levelAxis(y, ys), kind: 'cells', values: cells, points };
  const [ax, ay] = [evenAxis(x, size), evenAxis(y, size)];
  return { x: ax, y: ay, kind: 'smooth', values: smooth(ax, ay, measured), points };
}
