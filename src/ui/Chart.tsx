import { useCallback, useMemo, useRef } from 'react';
import { drawLineChart, type LineChart, type Size } from '../charts/lineChart';
import { shownStep } from '../store/state';
import { Canvas, type Draw } from './Canvas';
import { chartOf, inWords, type Plot } from './chart/plot';
import { type Drawn, useGestures } from './chart/useGestures';
import { useLab, useOption } from './useLab';
import { usePalette } from './usePalette';

export type { Plot } from './chart/plot';

interface Props {
  label: string;
  chart: Plot;
  /** Puts the chart on the canvas; a plain line chart when left out. */
  paint?: typeof drawLineChart;
}

/**
 * A line chart that shares cursor, zoom, axis and highlight with all others. Pointer: hover for the cursor, click to pin the step,
 * drag to zoom, double click for all steps. Keys: ← → Home End, Enter pins, + − 0 zoom, shift ← → moves the window.
 */
export function Chart({ label, chart: plot, paint = drawLineChart }: Props) {
  const palette = usePalette();
  const trained = useLab((s) => s.step);
  const reached = plot.reach ?? trained;
  const zoom = useLab((s) => s.zoom);
  const cursor = useLab(shownStep);
  const highlight = useLab((s) => s.highlight);
  const axis = useOption('curves.axis');
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const started = reached > 0;
  const { brush, handlers } = useGestures(drawn, place);
  const chart = useMemo(
    (): LineChart => chartOf(plot, { zoom, cursor: started ? cursor : null, axis, highlight, brush }),
    [plot, zoom, cursor, started, axis, highlight, brush],
  );
  const draw: Draw = useCallback(
    (context, size: Size) => {
      drawn.current = { plot, chart, size };
      paint(context, size, chart, palette);
    },
    [plot, chart, palette, paint],
  );
  return (
    <div className="plot" ref={place}>
      <Canvas
        draw={draw}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(reached, chart.cursor ?? 0)}
        aria-valuenow={chart.cursor ?? reached}
        aria-valuetext={inWords(chart)}
        {...handlers}
      />
    </div>
  );
}
