import { useMemo } from 'react';
import { valueSpan } from '../../charts/lineChart';
import { Chart, type Plot } from '../Chart';
import { metric } from '../curves';
import { chartFigure } from '../figure';
import { percent } from '../format';
import { lanesPlot, type Setting } from '../overview/lanePlot';
import { type LaneView, smoothingText, useLanes } from '../overview/lanes';
import { useSettingAt } from '../overview/useSetting';
import { Panel } from '../Panel';
import { useTurn } from './useTurn';

const HINT =
  'Of all pairs of domains in all parameter tensors, the share whose gradients point against each other. Half is what directions drawn at random would give.';

/** The share of conflicting pairs of each lane. */
function conflictPlot(lanes: readonly LaneView[], setting: Setting): Plot {
  const plot = lanesPlot(lanes, metric('gradient/conflicts'), setting);
  const { ink: color } = setting.palette;
  const alone = lanes.length === 1;
  return {
    ...plot,
    // One lane has no one to be told from.
    lines: alone ? plot.lines.map((l) => ({ ...l, label: 'In conflict', color })) : plot.lines,
    ...(alone ? { bands: plot.bands?.map((b) => ({ ...b, color })) ?? [] } : {}),
    yScale: 'linear',
    y: (curves) => {
      const [low, high] = valueSpan(curves, [0, 0.5], 0.2);
      return [Math.max(0, low), Math.min(1, high)];
    },
    levels: [{ value: 0.5, label: '' }],
    format: percent,
    empty: 'press Play, or the space bar, to train',
  };
}

/** Share of conflicting pairs over training, a line for each lane. */
export function ConflictChart() {
  const lanes = useLanes();
  const setting = useSettingAt(useTurn(3));
  const chart = useMemo(() => conflictPlot(lanes, setting), [lanes, setting]);
  return (
    <Panel
      name="chart conflicts"
      title="Share of pairs in conflict"
      hint={`${HINT} Curves are ${smoothingText(setting.window)}.`}
      aside="dashed: as by chance"
      figure={() => chartFigure('Share of pairs in conflict', (palette) => conflictPlot(lanes, { ...setting, palette }))}
    >
      <Chart label="Share of conflicting pairs" chart={chart} />
    </Panel>
  );
}
