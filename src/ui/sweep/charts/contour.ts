import type { Axis } from '../../../charts/sweep/axis';
import type { SurfaceChart } from '../../../charts/sweep/surface';
import { type Surface, type SurfaceAxis, surface as surfaceOf } from '../../../sweep/analysis/surface';
import { shownValue } from '../metrics';
import { type FieldView, type Model, markOf } from './model';

/** Cells along a continuum: enough to see the shape. */
const CELLS = 28;

function axisFor(field: FieldView, { edges, scale, names }: SurfaceAxis): Axis {
  const base = { label: field.title, integer: field.axis.integer ?? false, format: field.axis.format };
  if (scale === 'choice')
    return { ...base, scale, domain: field.axis.domain, names: (field.axis.names ?? names).slice(0, names.length) };
  return { ...base, scale, domain: [edges[0], edges[edges.length - 1]] };
}

/** Smallest and largest of the cells and points; [0, 1] without any. */
function spanOf({ values, points }: Surface): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of [...values.flat(), ...points.map((p) => p.value)]) {
    if (v === null) continue;
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  return low <= high ? [low, high] : [0, 1];
}

/** The objective over two fields; fields by their place in the model. */
export function contourChart(model: Model, x: number, y: number): SurfaceChart {
  const [fx, fy] = [model.fields[x], model.fields[y]];
  const found = surfaceOf(model.state, fx.path, fy.path, CELLS, model.groups);
  return {
    x: axisFor(fx, found.x),
    y: axisFor(fy, found.y),
    columns: found.x.edges,
    rows: found.y.edges,
    values: found.values.map((row) => row.map((v) => v ?? Number.NaN)),
    points: found.points.map((p) => ({
      point: p.point,
      x: p.x,
      y: p.y,
      value: p.value ?? Number.NaN,
      words: p.value === null ? model.points[p.point].state : shownValue(model.measure, p.value),
      mark: markOf(model.points[p.point].state),
    })),
    span: spanOf(found),
    descending: model.state.spec.objective.direction === 'min',
    title: model.objective,
    empty: 'points show here, and what lies between them',
    format: (v) => shownValue(model.measure, v),
  };
}
