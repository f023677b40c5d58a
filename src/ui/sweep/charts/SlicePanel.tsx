import { useMemo } from 'react';
import { LIGHT } from '../../../charts/palette';
import { dotTable, drawDots } from '../../../charts/sweep/dots';
import { type Figure, tiledFigure } from '../../figure';
import { Panel } from '../../Panel';
import { usePalette } from '../../usePalette';
import { DOTS } from './kits';
import { Layers } from './Layers';
import { type Model, sayPoint } from './model';
import { sliceChart } from './slice';
import { useSelected } from './useSelected';

const HINT =
  'The objective against each swept field, whatever the others were. Dots are seeds; strokes are means with 95 % intervals: over the seeds of a point, or over the points that share a value.';
const everyone = () => true;

function Slice({ model, index }: { model: Model; index: number }) {
  const palette = usePalette();
  const selected = useSelected();
  const chart = useMemo(() => sliceChart(model, index, selected, palette), [model, index, selected, palette]);
  const order = useMemo(
    () =>
      model.points
        .filter((p) => Number.isFinite(p.shown) && Number.isFinite(p.at[index]))
        .sort((a, b) => a.at[index] - b.at[index] || a.point - b.point)
        .map((p) => p.point),
    [model, index],
  );
  return (
    <Layers
      label={`${model.objective} over ${model.fields[index].title}`}
      kit={DOTS}
      chart={chart}
      order={order}
      words={(point) => sayPoint(model, point)}
    />
  );
}

/** Objective against each swept field. */
export function SlicePanel({ model }: { model: Model }) {
  const count = model.fields.length;
  if (!count) return null;
  const figure = (): Figure => {
    const parts = model.fields.map(
      (f, i): Figure => ({
        title: f.title,
        draw: (context, size, colors) => drawDots(context, size, sliceChart(model, i, everyone, colors), colors),
        table: dotTable(sliceChart(model, i, everyone, LIGHT)),
        runs: [],
      }),
    );
    const [first] = parts;
    if (count === 1)
      return { ...first, title: `${model.objective} over ${first.title}`, description: sayPoint(model, model.best) };
    const table = {
      columns: ['field', 'point', 'what', 'value', model.objective, 'low', 'high'],
      rows: parts.flatMap((p) => p.table.rows.map((row) => [p.title, ...row])),
    };
    return { ...tiledFigure(`${model.objective} over each field`, parts, Math.min(count, 2)), table, runs: [] };
  };
  return (
    <Panel name={`chart slices slices-${Math.min(count, 4)}`} title="Slices" hint={HINT} figure={figure}>
      <div className="tiles">
        {model.fields.map((f, i) => (
          <Slice key={f.path} model={model} index={i} />
        ))}
      </div>
    </Panel>
  );
}
