import { memo, type PointerEvent, useCallback, useMemo, useRef } from 'react';
import type { Size } from '../../charts/drawContext';
import { cellAt, drawMatrix, type MatrixChart } from '../../charts/matrixChart';
import { domainColor, type Palette } from '../../charts/palette';
import { chartTable } from '../../charts/table';
import type { Summary } from '../../store/analysis';
import { setHighlight } from '../../store/look';
import type { DomainInfo, Frame } from '../../store/state';
import { Canvas, type Draw } from '../Canvas';
import { fixed } from '../format';
import { Empty, Panel } from '../Panel';
import { useLab } from '../useLab';
import { usePalette } from '../usePalette';
import { frameNames } from './source';

const HINT =
  'How far the means of two domains’ correct rollouts point apart: 1 − cosine, 0 for the same direction, 1 for a right angle. MCPO pulls them together where prompts are compatible.';

/** A frame with its figures. */
interface Measured {
  frame: Frame;
  summary: Summary;
}

/** Domains of the frame that have rollouts. */
const present = (frame: Frame): number[] => [...new Set(frame.domain)].sort((a, b) => a - b);

function chartOf(
  { frame, summary: { centroidDistance } }: Measured,
  known: readonly DomainInfo[],
  palette: Palette,
): MatrixChart {
  const names = frameNames(frame, known);
  const domains = present(frame);
  const sides = domains.map((d) => ({
    label: names.domains[d],
    symbol: names.marks[d],
    color: domainColor(palette, names.marks[d]),
  }));
  const values = domains.map((a) => domains.map((b) => centroidDistance[a][b]));
  const most = Math.max(...values.flat().map((v) => v ?? 0), 0.1);
  return { rows: sides, columns: sides, values, scale: 'sequential', span: [0, most], format: (v) => fixed(v, 2) };
}

/** Largest distance between two domains, in words. */
function words(chart: MatrixChart): string {
  const pairs = chart.rows.flatMap((r, i) =>
    chart.columns.flatMap((c, k) => {
      const value = chart.values[i][k];
      return i < k && value !== null ? [`${r.label} and ${c.label} ${fixed(value, 2)}`] : [];
    }),
  );
  return pairs.length ? pairs.join(', ') : 'fewer than two domains have correct rollouts';
}

/** Distances between the domains' means. */
export const CentroidPanel = memo(function CentroidPanel({ measured }: { measured: Measured | null }) {
  const domains = useLab((s) => s.domains);
  const palette = usePalette();
  const lit = useLab((s) => s.highlight.domain);
  const drawn = useRef<{ context: CanvasRenderingContext2D; size: Size } | null>(null);
  const chart = useMemo(() => measured && chartOf(measured, domains, palette), [measured, domains, palette]);
  const row = chart ? chart.rows.findIndex((r) => r.symbol === lit) : -1;
  const draw: Draw = useCallback(
    (context, size) => {
      drawn.current = { context, size };
      if (chart) drawMatrix(context, size, { ...chart, selected: row >= 0 ? { row, column: row } : null }, palette);
    },
    [chart, row, palette],
  );
  const onMove = ({ nativeEvent: { offsetX, offsetY } }: PointerEvent) => {
    if (!chart || !drawn.current) return;
    const cell = cellAt(drawn.current.context, drawn.current.size, chart, offsetX, offsetY);
    const domain = cell && chart.rows[cell.row].symbol;
    setHighlight(domain === null || domain === undefined ? {} : { domain });
  };
  const title = 'Distance of the domains';
  return (
    <Panel
      name="geo-centroids"
      title={title}
      hint={HINT}
      figure={
        chart !== null &&
        measured !== null &&
        (() => ({
          title,
          size: { width: 480, height: 320 },
          draw: (context, size, colors) => drawMatrix(context, size, chartOf(measured, domains, colors), colors),
          table: chartTable(chart),
          description: words(chart),
        }))
      }
    >
      {chart ? (
        <div className="plot">
          <Canvas
            draw={draw}
            role="img"
            aria-label={`${title}: ${words(chart)}`}
            onPointerMove={onMove}
            onPointerLeave={() => setHighlight({})}
          />
        </div>
      ) : (
        <Empty>Measuring…</Empty>
      )}
    </Panel>
  );
});
