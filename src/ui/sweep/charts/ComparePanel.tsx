import { useCallback, useMemo } from 'react';
import { dotTable, drawDots } from '../../../charts/sweep/dots';
import { comparePoints } from '../../../sweep/analysis/compare';
import { Canvas, type Draw } from '../../Canvas';
import { Empty, Panel } from '../../Panel';
import { usePalette } from '../../usePalette';
import { differenceChart, rivals } from './compare';
import { type Model, valueText } from './model';
import { comparePair, useOpened } from './opened';

const HINT =
  'Both points were trained on the same seeds: what a seed’s two trainings differ in is the settings’ doing. A dot is a seed’s difference, A minus B; the strip is the 95 % interval of their mean. p is from the exact sign-flip test and is not corrected for having picked these two among many points.';
/** Points to choose from at most. */
const MOST = 300;

/** Is A better than B, on the seeds that both have? */
export function ComparePanel({ model }: { model: Model }) {
  const palette = usePalette();
  const chosen = useOpened((s) => s.pair);
  const first = useMemo(() => rivals(model), [model]);
  const pair = chosen?.every((p) => p < model.points.length) ? chosen : first;
  const found = useMemo(
    () => pair && comparePoints(model.state, pair[0], pair[1], ['A', 'B'], model.measure.share),
    [model, pair],
  );
  const chart = useMemo(
    () => (pair && found ? differenceChart(model, pair[0], found, palette) : null),
    [model, pair, found, palette],
  );
  const draw: Draw = useCallback((context, size) => chart && drawDots(context, size, chart, palette), [chart, palette]);
  if (!pair || !found || !chart)
    return (
      <Panel name="chart compare" title="Is A better than B?" hint={HINT} figure={false}>
        <Empty>Two points are compared seed by seed here, once two have finished.</Empty>
      </Panel>
    );
  const names = pair.map((p) => `point ${p} (${model.points[p].name})`);
  const options = [...model.ranked.slice(0, MOST), ...pair.filter((p) => !model.ranked.slice(0, MOST).includes(p))];
  const pick = (side: 0 | 1) => (
    <label className="rival">
      <b>{side ? 'B' : 'A'}</b>
      <select
        className="choice"
        aria-label={side ? 'Point B' : 'Point A'}
        value={pair[side]}
        onChange={(e) => comparePair(side ? [pair[0], Number(e.target.value)] : [Number(e.target.value), pair[1]])}
      >
        {options.map((p) => (
          <option key={p} value={p}>
            {`${p}: ${model.points[p].name}`}
          </option>
        ))}
      </select>
      <span className="quiet">{valueText(model, model.points[pair[side]])}</span>
    </label>
  );
  const sentence = `${found.sentence[0].toUpperCase()}${found.sentence.slice(1)}.`;
  return (
    <Panel
      name="chart compare"
      title="Is A better than B?"
      hint={HINT}
      aside={
        chosen && (
          <button type="button" className="text" onClick={() => comparePair(null)}>
            Best and its rival
          </button>
        )
      }
      figure={() => ({
        title: `${model.objective}: ${names.join(' minus ')}`,
        size: { width: 560, height: 320 },
        draw: (context, size, colors) => drawDots(context, size, differenceChart(model, pair[0], found, colors), colors),
        table: dotTable(chart),
        description: `A is ${names[0]}, B is ${names[1]}. ${sentence}`,
        runs: [],
      })}
    >
      <div className="compare-body">
        <div className="rivals">
          {pick(0)}
          {pick(1)}
          <p className="verdict" data-verdict={found.verdict}>
            {sentence}
          </p>
        </div>
        <div className="plot">
          <Canvas
            draw={draw}
            role="img"
            aria-label={`Differences of point ${pair[0]} and point ${pair[1]} by seed. ${sentence}`}
          />
        </div>
      </div>
    </Panel>
  );
}
