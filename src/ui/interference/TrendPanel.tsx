import { useCallback, useMemo } from 'react';
import { stepSpan } from '../../charts/lineChart';
import { drawMatrixTrend, type MatrixTrend, trendCellAt } from '../../charts/matrixTrend';
import { shownStep } from '../../store/state';
import { windowOf } from '../chart/plot';
import { curveOf, metric } from '../curves';
import { figureOf } from '../figure';
import { smoothingText, useSmoothing } from '../overview/lanes';
import { Empty, Panel } from '../Panel';
import { useFocused, useLab } from '../useLab';
import { usePalette } from '../usePalette';
import { useTraced } from '../useTraced';
import { CellCanvas } from './CellCanvas';
import { cosineOf, cosineText, pairsOf, sayPair } from './pairs';
import { useCells } from './useCells';
import { entryOf, useRunName, valueAt } from './useRun';
import { useTurn } from './useTurn';

const HINT =
  'The same cosines over training. Blue area: the pair helped each other, orange: it was in conflict. Click a cell to see it large.';

/** Domain × domain: small curves of the cosines over training. */
export function TrendPanel() {
  const version = useTurn(1);
  const palette = usePalette();
  const domains = useLab((s) => s.domains);
  const { shown, sides, pair, cell } = useCells();
  const { trace } = useFocused();
  const at = useLab(shownStep);
  const zoom = useLab((s) => s.zoom);
  const steps = useLab((s) => s.config.steps);
  const window = useSmoothing();
  const name = useRunName();
  const curves = useTraced(version, () => {
    const rows: (Float64Array | null)[][] = shown.map(() => shown.map(() => null));
    let most = 0;
    for (const [a, b] of pairsOf(shown.length)) {
      const curve = curveOf(trace, metric(cosineOf([shown[a], shown[b]])), window);
      rows[a][b] = curve;
      rows[b][a] = curve;
      for (const v of curve) if (Math.abs(v) > most) most = Math.abs(v);
    }
    return { rows, end: Math.max(0.05, 1.1 * most) };
  }, [shown, trace, window]);
  const chart = useMemo(
    (): MatrixTrend => ({
      rows: sides,
      columns: sides,
      steps: trace.steps,
      values: curves.rows,
      x: windowOf(stepSpan(steps, trace.lastStep), zoom),
      y: [-curves.end, curves.end],
      cursor: at,
      selected: cell,
      format: cosineText,
    }),
    [sides, trace, curves, steps, zoom, at, cell],
  );
  const paint = useCallback<Parameters<typeof CellCanvas>[0]['paint']>(
    (context, size) => drawMatrixTrend(context, size, chart, palette),
    [chart, palette],
  );
  const hit = useCallback<Parameters<typeof CellCanvas>[0]['cellAt']>(
    (context, size, x, y) => trendCellAt(context, size, chart, x, y),
    [chart],
  );
  const now = valueAt(trace, cosineOf(pair), entryOf(trace, at), window);
  return (
    <Panel
      name="chart trends"
      title="Over training"
      hint={`${HINT} Curves are ${smoothingText(window)}.`}
      aside={trace.length > 0 ? `${name && `${name}, `}scale ±${cosineText(curves.end)}` : undefined}
      figure={
        trace.length > 0 &&
        (() =>
          figureOf('Cosines of the domains’ gradients', { ...chart, selected: null }, drawMatrixTrend, {
            size: { width: 640, height: 480 },
          }))
      }
    >
      {trace.length === 0 ? (
        <Empty>Here the cosine of every pair is drawn step by step.</Empty>
      ) : (
        <CellCanvas
          label="Cosines of the domains’ gradients over training"
          shown={shown}
          pair={pair}
          words={sayPair(domains[pair[0]].label, domains[pair[1]].label, now)}
          paint={paint}
          cellAt={hit}
        />
      )}
    </Panel>
  );
}
