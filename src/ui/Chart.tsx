import { type KeyboardEvent, type PointerEvent, useCallback, useRef } from 'react';
import { drawLineChart, type LineChart, nearest, type Size, stepAt } from '../charts/lineChart';
import { setCursor } from '../store/look';
import { Canvas, type Draw } from './Canvas';
import { useLab } from './useLab';
import { usePalette } from './usePalette';

interface Props {
  label: string;
  chart: LineChart;
}

/** The values under the cursor, or the latest, in words. */
function inWords({ lines, cursor, format }: LineChart): string {
  const steps = lines[0]?.steps ?? [];
  const i = cursor === null ? steps.length - 1 : nearest(steps, cursor);
  if (i < 0) return 'no steps yet';
  const values = lines.flatMap((l) => (l.label && Number.isFinite(l.values[i]) ? [`${l.label} ${format(l.values[i])}`] : []));
  return `step ${steps[i]}: ${values.join(', ')}`;
}

/** A line chart whose cursor is shared with the others: by pointer, or by the arrow keys. */
export function Chart({ label, chart }: Props) {
  const palette = usePalette();
  const reached = useLab((s) => s.step);
  const size = useRef<Size>({ width: 0, height: 0 });
  const draw: Draw = useCallback(
    (context, now) => {
      size.current = now;
      drawLineChart(context, now, chart, palette);
    },
    [chart, palette],
  );
  const onPointer = (event: PointerEvent<HTMLCanvasElement>) => {
    const context = event.currentTarget.getContext('2d');
    if (!context || reached === 0) return;
    setCursor(Math.min(reached, Math.max(1, stepAt(context, size.current, chart, event.nativeEvent.offsetX))));
  };
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10 }[event.key];
    if (event.key === 'Escape') setCursor(null);
    if (!by || reached === 0) return;
    event.preventDefault();
    setCursor(Math.min(reached, Math.max(1, (chart.cursor ?? reached) + by)));
  };
  return (
    <div className="plot">
      <Canvas
        draw={draw}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={reached}
        aria-valuenow={chart.cursor ?? reached}
        aria-valuetext={inWords(chart)}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onPointerLeave={() => setCursor(null)}
        onBlur={() => setCursor(null)}
        onKeyDown={onKey}
      />
    </div>
  );
}
