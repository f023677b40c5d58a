import { type KeyboardEvent, type PointerEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { Size } from '../../../charts/drawContext';
import { placeAxis } from '../../../charts/sweep/axis';
import {
  drawParallel,
  drawParallelLit,
  type ParallelChart,
  parallelAxisAt,
  parallelLineAt,
  parallelSlot,
  parallelValueAt,
} from '../../../charts/sweep/parallel';
import { highlightPoint } from '../../../store/sweep';
import { Canvas, type Draw } from '../../Canvas';
import { usePalette } from '../../usePalette';
import { useSweep } from '../useSweep';
import { type Model, sayPoint } from './model';
import { openCard } from './opened';
import { nudged, OBJECTIVE, parallelChart } from './parallel';
import type { Parallel } from './useParallel';
import { useSelected } from './useSelected';

/** Least way of a drag, px. */
const DRAG = 4;

interface Down {
  axis: number;
  key: string;
  head: boolean;
  x: number;
  y: number;
  from: number;
  moved: boolean;
}

/**
 * Points as lines over the axes. Pointer: drag along an axis to brush it, drag its name to another place, click a line for its card.
 * Keys: ← → choose an axis, with shift they move it; ↑ cuts from below, ↓ from above, shift takes back; Escape lets all go.
 */
export function ParallelCanvas({ model, parallel }: { model: Model; parallel: Parallel }) {
  const palette = usePalette();
  const selected = useSelected();
  const highlight = useSweep((s) => s.highlight);
  const size = useRef<Size>({ width: 0, height: 0 });
  const down = useRef<Down | null>(null);
  const [moving, setMoving] = useState<ParallelChart['moving']>(null);
  const [over, setOver] = useState<'head' | 'strip' | 'line' | null>(null);
  const { order, brushes, within, focus } = parallel;
  const kept = useMemo(() => {
    const inside = within && new Set(within);
    return (point: number) => (inside ? inside.has(point) : selected(point));
  }, [within, selected]);
  const plain = useMemo(() => parallelChart(model, order, brushes, kept, palette), [model, order, brushes, kept, palette]);
  const chart = useMemo(
    (): ParallelChart => ({ ...plain, focus: focus === null ? null : order.indexOf(focus), moving }),
    [plain, focus, order, moving],
  );
  const draw: Draw = useCallback((context, box) => drawParallel(context, box, chart, palette), [chart, palette]);
  const light: Draw = useCallback(
    (context, box) => {
      size.current = box;
      context.clearRect(0, 0, box.width, box.height);
      if (highlight !== null) drawParallelLit(context, box, chart, highlight, palette.focus, palette);
    },
    [chart, palette, highlight],
  );
  const place = (event: PointerEvent) => [event.nativeEvent.offsetX, event.nativeEvent.offsetY] as const;

  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.button !== 0) return;
    const [x, y] = place(event);
    const hit = parallelAxisAt(size.current, chart, x, y);
    if (!hit) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const from = parallelValueAt(size.current, chart, hit.axis, x, y);
    down.current = { ...hit, key: order[hit.axis], x, y, from, moved: false };
    parallel.setFocus(order[hit.axis]);
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    const [x, y] = place(event);
    const now = down.current;
    if (!now) {
      const hit = parallelAxisAt(size.current, chart, x, y);
      const line = hit?.head ? null : parallelLineAt(size.current, chart, x, y);
      highlightPoint(line);
      setOver(hit ? (hit.head ? 'head' : 'strip') : line === null ? null : 'line');
      return;
    }
    if (Math.hypot(x - now.x, y - now.y) > DRAG) now.moved = true;
    if (!now.moved) return;
    if (now.head) {
      const upright = size.current.width >= 92 * order.length;
      setMoving({ axis: now.axis, by: upright ? x - now.x : y - now.y });
    } else parallel.brush(now.key, [now.from, parallelValueAt(size.current, chart, now.axis, x, y)]);
  };
  const onPointerUp = (event: PointerEvent<HTMLCanvasElement>) => {
    const [x, y] = place(event);
    const now = down.current;
    down.current = null;
    setMoving(null);
    if (now?.moved && now.head) parallel.move(now.key, parallelSlot(size.current, chart, x, y));
    if (now?.moved) return;
    if (now && !now.head && brushes[now.key]) {
      parallel.brush(now.key, null);
      return;
    }
    const point = now?.head ? null : parallelLineAt(size.current, chart, x, y);
    if (point !== null) openCard({ point, x: event.clientX, y: event.clientY });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLCanvasElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const i = focus === null ? -1 : order.indexOf(focus);
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const up = { ArrowUp: true, ArrowDown: false }[event.key];
    if (side !== undefined && event.shiftKey && focus !== null) parallel.move(focus, i + side);
    else if (side !== undefined) parallel.setFocus(order[Math.min(order.length - 1, Math.max(0, i < 0 ? 0 : i + side))]);
    else if (up !== undefined && focus !== null) {
      const placed = placeAxis(chart.axes[i].axis, [0, 1]);
      const unit = { at: (v: number) => placed.at(v), from: (t: number) => placed.invert(t) };
      parallel.brush(focus, nudged(brushes[focus] ?? null, unit, up, event.shiftKey));
    } else if (event.key === 'Escape' && within) parallel.clear();
    else if (event.key === 'Enter' && (highlight !== null || within?.length)) {
      const { left, top, width } = event.currentTarget.getBoundingClientRect();
      const point = highlight ?? model.ranked.find((p) => within?.includes(p)) ?? within?.[0];
      if (point !== undefined) openCard({ point, x: left + width / 2, y: top + 40 });
    } else return;
    event.preventDefault();
  };

  const words = (): string => {
    const count = `${within ? `${within.length} of ` : ''}${model.points.length} points`;
    if (highlight !== null) return sayPoint(model, highlight);
    if (focus === null) return count;
    const axis = chart.axes[order.indexOf(focus)]?.axis;
    const span = brushes[focus];
    const text = axis && span ? `${axis.format(span[0])} to ${axis.format(span[1])}` : 'all';
    return `Axis ${focus === OBJECTIVE ? model.objective : (axis?.label ?? '')}: ${text}; ${count}`;
  };
  return (
    <div className={`plot parallel ${moving ? 'dragging' : over ? `over-${over}` : ''}`}>
      <Canvas draw={draw} aria-hidden="true" />
      <Canvas
        draw={light}
        role="slider"
        tabIndex={0}
        aria-label="Parallel axes of all points"
        aria-valuemin={0}
        aria-valuemax={Math.max(1, model.points.length)}
        aria-valuenow={within ? within.length : model.points.length}
        aria-valuetext={words()}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => {
          down.current = null;
          setMoving(null);
        }}
        onPointerLeave={() => {
          if (down.current) return;
          highlightPoint(null);
          setOver(null);
        }}
        onFocus={() => focus === null && parallel.setFocus(order[0])}
        onBlur={() => parallel.setFocus(null)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
