import { useState } from 'react';
import type { Palette } from '../../../charts/palette';
import { drawParallel, type ParallelChart, parallelTable } from '../../../charts/sweep/parallel';
import { Panel } from '../../Panel';
import { usePalette } from '../../usePalette';
import { goodColor } from './colors';
import { type Model, sayPoint } from './model';
import { ParallelCanvas } from './ParallelCanvas';
import { OBJECTIVE, parallelChart } from './parallel';
import { useParallel } from './useParallel';
import { useSelected } from './useSelected';

const HINT =
  'Every point is a line from its values to its objective; the better, the stronger its colour. Drag along an axis to keep the points in between, everywhere on the page; click the brush to let them go. Drag an axis by its name to another place. With keys: ← → choose an axis, with shift they move it; ↑ cuts from below, ↓ from above, with shift they take back; Escape lets all go.';
const TOPS = [
  [null, 'All'],
  [25, 'Best 25 %'],
  [10, 'Best 10 %'],
] as const;

/** Worst to best in the lines' colours. */
function Scale({ palette }: { palette: Palette }) {
  const colors = [0, 0.25, 0.5, 0.75, 1].map((t) => goodColor(palette, t));
  return (
    <span className="scale">
      worst
      <i style={{ background: `linear-gradient(to right, ${colors.join(', ')})` }} />
      best
    </span>
  );
}

/** Parallel coordinates over the swept fields and the objective. */
export function ParallelPanel({ model }: { model: Model }) {
  const palette = usePalette();
  const parallel = useParallel(model);
  const selected = useSelected();
  const [moved, setMoved] = useState<string | null>(null);
  const { order, brushes, within, top, focus } = parallel;
  if (focus !== null && focus !== moved) setMoved(focus);
  const axes = order.length;
  const name = moved === OBJECTIVE ? model.objective : (model.fields.find((f) => f.path === moved)?.title ?? '');
  const paper = (colors: Palette): ParallelChart => {
    const inside = within && new Set(within);
    const kept = (p: number) => (inside ? inside.has(p) : selected(p));
    return { ...parallelChart(model, order, brushes, kept, colors), focus: null, moving: null };
  };
  return (
    <Panel
      name="chart parallel-axes"
      title="Parallel axes"
      hint={HINT}
      aside={within ? `${within.length} of ${model.points.length} points kept` : <Scale palette={palette} />}
      figure={() => ({
        title: 'Points of the sweep over parallel axes',
        size: { width: Math.max(640, 130 * axes), height: 340 },
        draw: (context, size, colors) => drawParallel(context, size, paper(colors), colors),
        table: parallelTable(paper(palette)),
        description: `${within?.length ?? model.points.length} of ${model.points.length} points are kept. ${sayPoint(model, model.best)}`,
        runs: [],
      })}
    >
      <div className="axis-tools">
        <fieldset className="segments" aria-label="Points that are kept">
          {TOPS.map(([percent, label]) => (
            <label key={label}>
              <input type="radio" name="sweep-top" checked={top === percent} onChange={() => parallel.setTop(percent)} />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
        {within && (
          <button type="button" onClick={parallel.clear}>
            Keep all
          </button>
        )}
        {moved !== null && axes > 1 && (
          <span className="mover">
            {name}
            {([-1, 1] as const).map((by) => (
              <button
                key={by}
                type="button"
                aria-label={`Move the axis ${name} ${by < 0 ? 'towards the front' : 'towards the end'}`}
                disabled={order.indexOf(moved) + by < 0 || order.indexOf(moved) + by >= axes}
                onClick={() => parallel.move(moved, order.indexOf(moved) + by)}
              >
                {by < 0 ? '←' : '→'}
              </button>
            ))}
          </span>
        )}
      </div>
      <div className="tall" style={{ '--axes': axes } as React.CSSProperties}>
        <ParallelCanvas model={model} parallel={parallel} />
      </div>
    </Panel>
  );
}
