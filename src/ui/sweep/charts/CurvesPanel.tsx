import { useMemo, useState } from 'react';
import { curveTable, drawCurves } from '../../../charts/sweep/curves';
import { Panel } from '../../Panel';
import { useLab } from '../../useLab';
import { usePalette } from '../../usePalette';
import { measureTitle } from '../metrics';
import { curveChart, curveMeasures } from './curves';
import { CURVES } from './kits';
import { Layers } from './Layers';
import { type Model, sayPoint } from './model';
import { useSelected } from './useSelected';

const HINT =
  'A curve for every point: its mean over the seeds at each step. The best is black (white in the dark), running ones are dashed, ended ones grey. Under the pointer a curve shows its 95 % interval over seeds.';
const everyone = () => true;

/** Learning curves of all points. */
export function CurvesPanel({ model }: { model: Model }) {
  const palette = usePalette();
  const domains = useLab((s) => s.domains);
  const selected = useSelected();
  const [metric, setMetric] = useState<string | null>(null);
  const list = useMemo(() => curveMeasures(model, domains), [model, domains]);
  const measure = list.find((m) => m.metric === (metric ?? model.measure.metric)) ?? model.measure;
  const chart = useMemo(() => curveChart(model, measure, selected, palette), [model, measure, selected, palette]);
  const order = useMemo(() => chart.lines.map((l) => l.point).sort((a, b) => a - b), [chart]);
  const groups = [...new Set(list.map((m) => m.group))];
  return (
    <Panel
      name="chart curves"
      title="Learning curves"
      hint={HINT}
      aside={
        <select
          className="choice"
          aria-label="Metric of the learning curves"
          value={measure.metric}
          onChange={(e) => setMetric(e.target.value)}
        >
          {groups.map((group) => (
            <optgroup key={group} label={group}>
              {list
                .filter((m) => m.group === group)
                .map((m) => (
                  <option key={m.metric} value={m.metric}>
                    {measureTitle(m)}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      }
      figure={() => {
        const paper = (colors: typeof palette) => curveChart(model, measure, everyone, colors);
        return {
          title: `${measureTitle(measure)} of all points`,
          draw: (context, size, colors) => drawCurves(context, size, paper(colors), colors),
          table: curveTable(chart),
          description: `${measureTitle(measure)} over the steps, mean over seeds. ${sayPoint(model, model.best)}`,
          runs: [],
        };
      }}
    >
      <Layers
        label={`${measureTitle(measure)} over the steps, a curve a point`}
        kit={CURVES}
        chart={chart}
        order={order}
        words={(point) => sayPoint(model, point)}
      />
    </Panel>
  );
}
