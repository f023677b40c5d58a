import { useMemo, useState } from 'react';
import { drawSurface, surfaceTable } from '../../../charts/sweep/surface';
import { Panel } from '../../Panel';
import { contourChart } from './contour';
import { SURFACE } from './kits';
import { Layers } from './Layers';
import { Marks } from './Marks';
import { type Model, sayPoint } from './model';

const HINT =
  'The mean objective over two swept fields, whatever the others were: the better, the stronger the colour. Cells of a grid are means of their points; between scattered points a local fit is shown, no further than they enclose. Points lie on top; open ones have not finished.';

/** Objective over two swept fields; nothing with fewer. */
export function ContourPanel({ model }: { model: Model }) {
  const paths = model.fields.map((f) => f.path);
  const [chosen, choose] = useState<readonly [string | null, string | null]>([null, null]);
  const place = (path: string | null, other: number) => (path !== null && paths.includes(path) ? paths.indexOf(path) : other);
  const x = place(chosen[0], 0);
  const wanted = place(chosen[1], 1);
  const y = wanted === x ? (x === 0 ? 1 : 0) : wanted;
  const two = paths.length > 1;
  const chart = useMemo(() => (two ? contourChart(model, x, y) : null), [model, x, y, two]);
  const order = useMemo(
    () => (chart ? [...chart.points].sort((a, b) => a.x - b.x || a.y - b.y).map((p) => p.point) : []),
    [chart],
  );
  if (!chart) return null;
  const pick = (side: 0 | 1) => (
    <select
      className="choice"
      aria-label={side ? 'Field upwards' : 'Field to the right'}
      value={paths[side ? y : x]}
      onChange={(e) => {
        const now = [paths[x], paths[y]];
        const other = now[1 - side] === e.target.value ? now[side] : now[1 - side];
        choose(side ? [other, e.target.value] : [e.target.value, other]);
      }}
    >
      {model.fields.map((f) => (
        <option key={f.path} value={f.path}>
          {f.name}
        </option>
      ))}
    </select>
  );
  const title = `${model.objective} over ${model.fields[x].title} and ${model.fields[y].title}`;
  return (
    <Panel
      name="chart contour"
      title="Two fields"
      hint={HINT}
      aside={
        paths.length > 2 ? (
          <span className="picks">
            {pick(0)} × {pick(1)}
          </span>
        ) : undefined
      }
      figure={() => ({
        title,
        size: { width: 560, height: 460 },
        draw: (context, size, colors) => drawSurface(context, size, chart, colors),
        table: surfaceTable(chart),
        description: sayPoint(model, model.best),
        runs: [],
      })}
    >
      <Layers label={title} kit={SURFACE} chart={chart} order={order} words={(point) => sayPoint(model, point)} />
      <Marks states={chart.points.map((p) => model.points[p.point].state)} />
    </Panel>
  );
}
