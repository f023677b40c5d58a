import { useMemo } from 'react';
import { type Line, stepSpan, valueSpan } from '../../charts/lineChart';
import { setOption } from '../../store/look';
import { shownStep } from '../../store/state';
import { OPTIONS, type OptionValue } from '../../store/view';
import { Chart, type Plot } from '../Chart';
import { bandOf, curveOf, metric } from '../curves';
import { DomainMark } from '../DomainMark';
import { chartFigure, tiledFigure } from '../figure';
import { fixed } from '../format';
import { Hint } from '../Hint';
import { lanesPlot, type Setting } from '../overview/lanePlot';
import { type LaneView, smoothingText, useLanes, useSmoothing } from '../overview/lanes';
import { useSettingAt } from '../overview/useSetting';
import { Empty, Panel } from '../Panel';
import { useFocused, useLab, useOption } from '../useLab';
import { cosineOf, cosineText, distanceOf, type Pair, pairOf, pairsOf, relation } from './pairs';
import { entryOf, valueAt } from './useRun';
import { useTurn } from './useTurn';

const HINT =
  'Cosine of the two domains’ gradients at every update. In a race there is a line for each lane; over several seeds a line is their mean, with its 95 % interval.';

/** A metric of the lanes over training; one run's also as it was measured. */
function plotOf(
  lanes: readonly LaneView[],
  name: string,
  label: string,
  setting: Setting,
  rest: Pick<Plot, 'y' | 'levels'>,
): Plot {
  const reading = metric(name);
  const [{ traces }] = lanes;
  const [first] = traces;
  const { palette, window, steps } = setting;
  const common = { yScale: 'linear', format: cosineText, empty: 'no steps yet', ...rest } as const;
  if (lanes.length > 1) return { ...lanesPlot(lanes, reading, setting), ...common };
  const lines: Line[] = [];
  if (window > 1 && traces.length === 1)
    lines.push({ steps: first.steps, values: curveOf(first, reading, 0), color: palette.ink, width: 1, alpha: 0.25 });
  const band = traces.length > 1 ? bandOf(traces, reading, window) : null;
  lines.push({
    label,
    steps: first.steps,
    values: band?.mean ?? curveOf(first, reading, window),
    color: palette.ink,
    width: 2,
  });
  return {
    x: stepSpan(steps, first.lastStep),
    // The number stands above the picture.
    labels: 'none',
    lines,
    ...(band ? { bands: [{ steps: first.steps, low: band.low, high: band.high, color: palette.ink, label: 'mean' }] } : {}),
    ...common,
  };
}

/** A pair's cosine of gradients, and the distance of its embeddings. */
const pairPlots = (lanes: readonly LaneView[], pair: Pair, setting: Setting): [cosine: Plot, distance: Plot] => [
  plotOf(lanes, cosineOf(pair), 'Cosine', setting, {
    y: (curves) => {
      const [low, high] = valueSpan(curves, [-0.1, 0.1], 0.2);
      return [Math.min(low, -0.05), Math.max(high, 0.05)];
    },
    levels: [{ value: 0, label: '' }],
  }),
  plotOf(lanes, distanceOf(pair), 'Distance', setting, { y: (curves) => valueSpan(curves, [0, 1], 0.2) }),
];

/** The chosen pair, and every other one. */
function PairChoice({ pair }: { pair: OptionValue<'interference.pair'> }) {
  const domains = useLab((s) => s.domains);
  return (
    <select
      className="choice"
      aria-label="Pair of domains"
      value={pair}
      onChange={(e) => {
        const value = OPTIONS['interference.pair'].find((v) => v === e.target.value);
        if (value) setOption('interference.pair', value);
      }}
    >
      {pairsOf(domains.length).map(([a, b]) => (
        <option key={`${a}-${b}`} value={`${a}-${b}`}>
          {domains[a].label} × {domains[b].label}
        </option>
      ))}
    </select>
  );
}

/** The shown step's numbers of the focused run. */
function useNow(pair: Pair): { cosine: number; distance: number } {
  const { trace } = useFocused();
  const entry = entryOf(trace, useLab(shownStep));
  const window = useSmoothing();
  return { cosine: valueAt(trace, cosineOf(pair), entry, window), distance: valueAt(trace, distanceOf(pair), entry, window) };
}

function Relation({ pair, cosine }: { pair: Pair; cosine: number }) {
  const domains = useLab((s) => s.domains);
  const [a, b] = pair;
  return (
    <p className="read-out">
      <DomainMark domain={a} /> {domains[a].label} and <DomainMark domain={b} /> {domains[b].label}{' '}
      {Number.isFinite(cosine) ? (
        <>
          {relation(cosine)}: <b>{cosineText(cosine)}</b>
        </>
      ) : (
        'have no gradient to compare'
      )}
    </p>
  );
}

/** One pair of domains over training: cosine of their gradients, distance of their embeddings. */
export function PairPanel() {
  const chosen = useOption('interference.pair');
  const pair = useMemo(() => pairOf(chosen), [chosen]);
  const lanes = useLanes();
  const setting = useSettingAt(useTurn(2));
  const near = lanes.some((l) => l.config.contrast.lambda > 0);
  const [cosine, distance] = useMemo(() => pairPlots(lanes, pair, setting), [lanes, pair, setting]);
  const now = useNow(pair);
  const started = lanes[0].traces[0].length > 0;
  const domains = useLab((s) => s.domains);
  const figure = () => {
    const part = (title: string, k: 0 | 1) => chartFigure(title, (palette) => pairPlots(lanes, pair, { ...setting, palette })[k]);
    const parts = [part('Cosine of their gradients', 0), ...(near ? [part('Distance of their embeddings', 1)] : [])];
    return tiledFigure(`${domains[pair[0]].label} and ${domains[pair[1]].label}`, parts, 1);
  };
  return (
    <Panel
      name="chart pair"
      title="One pair"
      hint={`${HINT} Curves are ${smoothingText(setting.window)}.`}
      aside={<PairChoice pair={chosen} />}
      figure={started && figure}
    >
      {started ? (
        <>
          <Relation pair={pair} cosine={now.cosine} />
          <Chart label="Cosine of the pair’s gradients" chart={cosine} />
          {near && (
            <>
              <p className="caption">
                <Hint text="1 − cosine of the means of the two domains’ correct rollouts: 0 the same direction, 1 a right angle.">
                  Distance of their embeddings
                </Hint>
                {Number.isFinite(now.distance) && (
                  <>
                    : <b>{fixed(now.distance, 2)}</b>
                  </>
                )}
              </p>
              <Chart label="Distance of the pair’s centroids" chart={distance} />
            </>
          )}
        </>
      ) : (
        <Empty>Choose a pair in one of the matrices; here it is drawn large.</Empty>
      )}
    </Panel>
  );
}
