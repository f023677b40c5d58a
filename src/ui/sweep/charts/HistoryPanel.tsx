import { useMemo } from 'react';
import { dotTable, drawDots } from '../../../charts/sweep/dots';
import { Panel } from '../../Panel';
import { usePalette } from '../../usePalette';
import { shownValue } from '../metrics';
import { plural } from '../words';
import { completions, historyChart } from './history';
import { DOTS } from './kits';
import { Layers } from './Layers';
import { Marks } from './Marks';
import { type Model, sayPoint } from './model';
import { useSelected } from './useSelected';

const HINT =
  'Every point when its last seed has ended: mean with 95 % interval, small dots are seeds. The line is the best mean so far. Shapes tell pruned, stopped and failed points; those without a value lie under the axis.';
const everyone = () => true;

/** Objective by order of completion, and the best so far. */
export function HistoryPanel({ model }: { model: Model }) {
  const palette = usePalette();
  const selected = useSelected();
  const chart = useMemo(() => historyChart(model, selected, palette), [model, selected, palette]);
  const order = useMemo(() => completions(model), [model]);
  const best = model.best === null ? null : model.points[model.best];
  return (
    <Panel
      name="chart history"
      title="History"
      hint={HINT}
      aside={best ? `best ${shownValue(model.measure, best.mean)}` : undefined}
      figure={() => ({
        title: 'History of the sweep',
        draw: (context, size, colors) => drawDots(context, size, historyChart(model, everyone, colors), colors),
        table: dotTable(chart),
        description: `${plural(order.length, 'ended point')}. ${best ? `Best: ${sayPoint(model, model.best)}` : ''}`,
        runs: [],
      })}
    >
      <Layers
        label={`${model.objective} by order of completion`}
        kit={DOTS}
        chart={chart}
        order={order}
        words={(point) => (point === null ? `${plural(order.length, 'ended point')}` : sayPoint(model, point))}
      />
      <Marks states={order.map((p) => model.points[p].state)} />
    </Panel>
  );
}
