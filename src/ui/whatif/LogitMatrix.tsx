import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Size } from '../../charts/drawContext';
import {
  drawHeatmap,
  type Heatmap,
  type HeatmapCell,
  heatmapCell,
  heatmapHome,
  heatmapPan,
  heatmapView,
  heatmapZoom,
} from '../../charts/heatmap';
import type { View } from '../../charts/view';
import { Canvas, type Draw } from '../Canvas';
import { usePalette } from '../usePalette';

interface Props {
  heatmap: Omit<Heatmap, 'cursor'>;
  label: string;
  /** What is under the cursor, in words. */
  read(cell: HeatmapCell): string;
}

const ARROWS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
const ZOOM = 1.6;

/** A matrix of all pairs. Pointer: hover reads, drag moves, wheel with Ctrl or double click zooms. Keys: arrows, + − 0. */
export function LogitMatrix({ heatmap, label, read }: Props) {
  const palette = usePalette();
  const n = heatmap.domain.length;
  const [view, setView] = useState<View | null>(null);
  const [cursor, setCursor] = useState<HeatmapCell | null>(null);
  const size = useRef<Size>({ width: 0, height: 0 });
  const box = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; y: number } | null>(null);
  // Another batch or a smaller group has other cells.
  const [seen, setSeen] = useState(n);
  if (seen !== n) {
    setSeen(n);
    setView(null);
    setCursor(null);
  }
  const now = useCallback(() => heatmapView(size.current, n, view ?? heatmapHome(size.current, n)), [view, n]);
  const chart = useMemo((): Heatmap => ({ ...heatmap, cursor }), [heatmap, cursor]);
  const draw: Draw = useCallback(
    (context, at) => {
      size.current = at;
      drawHeatmap(context, at, chart, heatmapView(at, n, view ?? heatmapHome(at, n)), palette);
    },
    [chart, n, view, palette],
  );

  useEffect(() => {
    const element = box.current;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      setView(heatmapZoom(size.current, n, now(), event.offsetX, event.offsetY, Math.exp(-event.deltaY / 200)));
    };
    // React's own wheel listeners are passive and could not keep the page from zooming.
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [n, now]);

  const zoom = (factor: number, x = size.current.width / 2, y = size.current.height / 2) =>
    setView(heatmapZoom(size.current, n, now(), x, y, factor));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    const by = event.shiftKey ? 10 : 1;
    if (arrow) {
      const at = cursor ?? { row: 0, column: -1 };
      const within = (v: number) => Math.max(0, Math.min(n - 1, v));
      setCursor({ row: within(at.row + by * arrow[0]), column: within(at.column + by * arrow[1]) });
    } else if (event.key === '+' || event.key === '=') zoom(ZOOM);
    else if (event.key === '-' || event.key === '−') zoom(1 / ZOOM);
    else if (event.key === '0') setView(null);
    else return;
    event.preventDefault();
  };
  const onPointerMove = ({ nativeEvent: { offsetX, offsetY, buttons } }: PointerEvent) => {
    if (drag.current && buttons) {
      const { x, y } = drag.current;
      if (view) setView(heatmapPan(size.current, n, now(), offsetX - x, offsetY - y));
      drag.current = { x: offsetX, y: offsetY };
    }
    setCursor(heatmapCell(chart, size.current, now(), offsetX, offsetY));
  };
  const words = cursor && cursor.row < n && cursor.column < n ? read(cursor) : '';
  return (
    <>
      <div className="plot" ref={box}>
        <Canvas
          draw={draw}
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={n * n - 1}
          aria-valuenow={cursor ? cursor.row * n + cursor.column : 0}
          aria-valuetext={words || 'no pair chosen; arrow keys choose one'}
          onKeyDown={onKeyDown}
          onPointerDown={(e) => {
            drag.current = { x: e.nativeEvent.offsetX, y: e.nativeEvent.offsetY };
          }}
          onPointerMove={onPointerMove}
          onPointerUp={() => {
            drag.current = null;
          }}
          onPointerLeave={() => {
            drag.current = null;
            setCursor(null);
          }}
          onBlur={() => setCursor(null)}
          onDoubleClick={(e) => (view ? setView(null) : zoom(4, e.nativeEvent.offsetX, e.nativeEvent.offsetY))}
        />
      </div>
      <p className="read-out" aria-hidden="true">
        {words || 'Point at a pair of responses; double click to look closer.'}
      </p>
    </>
  );
}
