import { type KeyboardEvent, type PointerEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { Size } from '../../charts/drawContext';
import { binAt, drawHistogram, type Histogram } from '../../charts/histogram';
import { Canvas, type Draw } from '../Canvas';
import { percent } from '../format';
import { usePalette } from '../usePalette';

/** A histogram that reads out its bins: pointer, or ← → Home End; Escape goes back to the means. */
export function HistogramPlot({ label, chart }: { label: string; chart: Histogram }) {
  const palette = usePalette();
  const bins = chart.edges.length - 1;
  const [at, setBin] = useState<number | null>(null);
  const hover = at !== null && at < bins ? at : null;
  const size = useRef<Size>({ width: 0, height: 0 });
  const shown = useMemo(() => ({ ...chart, hover }), [chart, hover]);
  const draw: Draw = useCallback(
    (context, room) => {
      size.current = room;
      drawHistogram(context, room, shown, palette);
    },
    [shown, palette],
  );
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    const context = event.currentTarget.getContext('2d');
    if (context) setBin(binAt(context, size.current, chart, event.nativeEvent.offsetX));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const now = hover ?? Math.floor(bins / 2);
    const next = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: bins - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setBin(Math.min(bins - 1, Math.max(0, next)));
  };
  return (
    <div className="plot">
      <Canvas
        draw={draw}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={bins - 1}
        aria-valuenow={hover ?? Math.floor(bins / 2)}
        aria-valuetext={binText(chart, hover)}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setBin(null)}
        onBlur={() => setBin(null)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

/** A bin in words; without one the means. */
export function binText({ series, edges, format, margin }: Histogram, bin: number | null): string {
  if (bin === null) {
    const means = series.map(({ label, mean }) => `${label} mean ${mean === null ? 'unknown' : format(mean)}`);
    return [...means, ...(margin ? [margin.label] : [])].join(', ');
  }
  const shares = series.map(({ label, counts }) => {
    const total = Array.from(counts).reduce((s, c) => s + c, 0);
    return `${label} ${percent(total ? counts[bin] / total : 0)}`;
  });
  return `${format(edges[bin])} to ${format(edges[bin + 1])}: ${shares.join(', ')}`;
}
