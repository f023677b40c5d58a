import { useCallback, useMemo, useState } from 'react';
import { drawLineChart, type LineChart } from '../../../charts/lineChart';
import type { Palette } from '../../../charts/palette';
import { chartTable } from '../../../charts/table';
import { Canvas, type Draw } from '../../Canvas';
import { type Figure, tiledFigure } from '../../figure';
import { ROLES, roleStyles } from '../../logits/roles';
import { Empty, Panel } from '../../Panel';
import { usePalette } from '../../usePalette';
import { useSweep } from '../useSweep';
import { type Model, valueText } from './model';
import { hasLogits, logitTile, MOST_TILES, tilePoints, tileSpans } from './multiples';
import { TileChoice, Tiles } from './Tiles';

const HINT =
  'Mean logits of pairs of rollouts over training, as in the paper’s Figure 3: positives across domains, positives within a domain, negatives; mean over seeds with 95 % intervals. All tiles share their axes.';

function Tile({ chart, label }: { chart: LineChart; label: string }) {
  const palette = usePalette();
  const draw: Draw = useCallback((context, size) => drawLineChart(context, size, chart, palette), [chart, palette]);
  return (
    <div className="plot">
      <Canvas draw={draw} role="img" aria-label={label} />
    </div>
  );
}

function chartsOf(model: Model, points: readonly number[], palette: Palette): Map<number, LineChart> {
  const tiles = points.map((p) => logitTile(model, p, palette));
  const spans = tileSpans(model, tiles);
  return new Map(points.map((p, i) => [p, { ...tiles[i], ...spans }]));
}

/** The last values in words. */
const ends = ({ lines, format }: LineChart): string =>
  lines.map((l) => `${l.label} ${l.values.length ? format(l.values[l.values.length - 1]) : '–'}`).join(', ');

/** Logits of pairs over training, a tile a point. */
export function LogitTiles({ model }: { model: Model }) {
  const palette = usePalette();
  const selected = useSweep((s) => s.selected);
  const [mode, choose] = useState<'best' | 'selected'>('best');
  const points = useMemo(() => tilePoints(model, selected, mode, hasLogits, MOST_TILES), [model, selected, mode]);
  const charts = useMemo(() => chartsOf(model, points, palette), [model, points, palette]);
  const styles = roleStyles(palette);
  const figure = (): Figure => {
    const paper = (colors: Palette) => chartsOf(model, points, colors);
    const parts = points.map(
      (p): Figure => ({
        title: model.points[p].name,
        draw: (context, size, colors) =>
          drawLineChart(context, size, { ...(paper(colors).get(p) as LineChart), labels: 'below' }, colors),
        table: chartTable(charts.get(p) as LineChart),
        description: valueText(model, model.points[p]),
      }),
    );
    return { ...tiledFigure('Logits of pairs by point', parts, Math.min(3, points.length)), runs: [] };
  };
  return (
    <Panel
      name="multiples logit-tiles"
      title="Logits by point"
      hint={HINT}
      aside={<TileChoice name="the logits" mode={mode} choose={choose} />}
      figure={points.length > 0 && figure}
    >
      {points.length ? (
        <>
          <Tiles
            model={model}
            points={points}
            tile={(p) => {
              const chart = charts.get(p);
              return chart && <Tile chart={chart} label={`Logits of point ${p}: ${ends(chart)}`} />;
            }}
          />
          <p className="legend">
            {ROLES.map((role) => (
              <span key={role}>
                <svg className="dash" viewBox="0 0 18 4" aria-hidden="true">
                  <line
                    x1="0"
                    y1="2"
                    x2="18"
                    y2="2"
                    stroke={styles[role].color}
                    strokeWidth="2"
                    strokeDasharray={styles[role].dash.join(' ')}
                  />
                </svg>
                {styles[role].label}
              </span>
            ))}
          </p>
        </>
      ) : (
        <Empty>
          {mode === 'selected'
            ? 'Select points by a brush on the parallel axes, or in the table: their logits show here.'
            : 'Logits of positive and negative pairs, once a point trains an embedding.'}
        </Empty>
      )}
    </Panel>
  );
}
