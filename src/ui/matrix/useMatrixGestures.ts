import { type KeyboardEvent, type PointerEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { Size } from '../../charts/drawContext';
import {
  type Heatmap,
  type HeatmapCell,
  heatmapCell,
  heatmapFrame,
  heatmapHome,
  heatmapPan,
  heatmapPlace,
  heatmapView,
  heatmapZoom,
} from '../../charts/heatmap';
import type { Box, View } from '../../charts/view';
import { wheelFactor } from '../../charts/zoom';

/** Least way of a drag, px. */
const DRAG = 5;
/** Of a press of + or −. */
export const ZOOM = 1.6;

const ARROWS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The view that shows the part of the matrix within a rectangle of the canvas; null for one that is too small to be meant. */
export function boxView(size: Size, n: number, view: View, [x0, y0, x1, y1]: Box): View | null {
  if (Math.min(Math.abs(x1 - x0), Math.abs(y1 - y0)) < DRAG) return null;
  const [a, b] = [heatmapPlace(size, view, x0, y0), heatmapPlace(size, view, x1, y1)];
  const cells = Math.max(Math.abs(b[0] - a[0]), Math.abs(b[1] - a[1]));
  return heatmapView(size, n, { x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2, scale: heatmapFrame(size).side / cells });
}

/** The nearest view in which a cell is to be seen. */
export function viewWith(size: Size, n: number, view: View, { row, column }: HeatmapCell): View {
  const half = heatmapFrame(size).side / 2 / view.scale;
  const near = (centre: number, at: number) => Math.min(Math.max(centre, at + 1 - half), at + half);
  return heatmapView(size, n, { ...view, x: near(view.x, column), y: near(view.y, row) });
}

/** Where the keys lead from a cell; null for other keys. `prompts`: first places of the prompts, ascending, and n. */
export function cellAfter(
  key: string,
  shift: boolean,
  cell: HeatmapCell | null,
  n: number,
  prompts: readonly number[],
): HeatmapCell | null {
  const way = ARROWS[key];
  if (!way) return null;
  if (!cell) return { row: 0, column: 0 };
  const move = (at: number, by: number) => {
    if (by === 0) return at;
    const next = shift ? (by > 0 ? prompts.find((p) => p > at) : prompts.findLast((p) => p < at)) : at + by;
    return Math.min(n - 1, Math.max(0, next ?? at));
  };
  return { row: move(cell.row, way[0]), column: move(cell.column, way[1]) };
}

interface Settings {
  n: number;
  heatmap: RefObject<Heatmap>;
  place: RefObject<HTMLDivElement | null>;
  prompts: readonly number[];
  cell: HeatmapCell | null;
  setCell(cell: HeatmapCell): void;
  /** The pointer or the focus went away. */
  leave(): void;
  choose: ((cell: HeatmapCell) => void) | undefined;
  /** Another number: the cell was set from elsewhere and must be seen. */
  jumps: number;
}

/**
 * Pointer: hover reads, click chooses, drag zooms into a rectangle, Shift and drag moves, double click zooms in or shows all, wheel zooms
 * where the matrix has the focus or Ctrl is held. Touch: one finger moves a zoomed matrix, two zoom. Keys: arrows, with Shift from prompt to
 * prompt, + − 0, Enter chooses.
 */
export function useMatrixGestures({ n, heatmap, place, prompts, cell, setCell, leave, choose, jumps }: Settings) {
  const [view, setView] = useState<View | null>(null);
  const [box, setBox] = useState<Box | null>(null);
  const size = useRef<Size>({ width: 0, height: 0 });
  const pointers = useRef(new Map<number, { x: number; y: number; fromX: number; fromY: number; moved: boolean }>());
  // A pool of another size has other cells.
  const [seen, setSeen] = useState(n);
  if (seen !== n) {
    setSeen(n);
    setView(null);
  }
  const now = useCallback(() => heatmapView(size.current, n, view ?? heatmapHome(size.current, n)), [view, n]);
  const set = (next: View) => setView(next.scale <= heatmapHome(size.current, n).scale * 1.001 ? null : next);
  const zoomBy = (factor: number, x?: number, y?: number) => {
    const { left, top, side } = heatmapFrame(size.current);
    const v = now();
    // Around the chosen cell, where it is to be seen.
    const at = cell && viewWith(size.current, n, v, cell);
    const seenCell = at && Math.abs(at.x - v.x) < 0.01 && Math.abs(at.y - v.y) < 0.01;
    const middle = (centre: number, place: number) => side / 2 + (seenCell ? (place + 0.5 - centre) * v.scale : 0);
    set(
      heatmapZoom(size.current, n, v, x ?? left + middle(v.x, cell?.column ?? 0), y ?? top + middle(v.y, cell?.row ?? 0), factor),
    );
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: hovered cells at the edge are not to move the view
  useEffect(() => {
    if (jumps > 0 && cell) setView((v) => v && viewWith(size.current, n, v, cell));
  }, [jumps]);

  const latest = useRef(zoomBy);
  latest.current = zoomBy;
  useEffect(() => {
    const element = place.current;
    const onWheel = (event: WheelEvent) => {
      const canvas = element?.querySelector('canvas');
      if (!(event.ctrlKey || event.metaKey || document.activeElement === canvas) || event.target !== canvas) return;
      event.preventDefault();
      latest.current(wheelFactor(event.deltaY, event.deltaMode), event.offsetX, event.offsetY);
    };
    // React's own wheel listeners are passive and could not keep the page from scrolling.
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [place]);

  const cellUnder = (event: PointerEvent) => {
    const { offsetX, offsetY } = event.nativeEvent;
    const found = heatmapCell(heatmap.current, size.current, now(), offsetX, offsetY);
    return found && { row: found.row, column: found.column };
  };

  const handlers = {
    onPointerDown(event: PointerEvent<HTMLCanvasElement>) {
      if (event.button !== 0) return;
      const { offsetX: x, offsetY: y } = event.nativeEvent;
      event.currentTarget.setPointerCapture(event.pointerId);
      pointers.current.set(event.pointerId, { x, y, fromX: x, fromY: y, moved: false });
      const found = cellUnder(event);
      if (found) setCell(found);
    },
    onPointerMove(event: PointerEvent<HTMLCanvasElement>) {
      const { offsetX: x, offsetY: y } = event.nativeEvent;
      const own = pointers.current.get(event.pointerId);
      const touch = event.pointerType === 'touch';
      if (own) {
        if (Math.hypot(x - own.fromX, y - own.fromY) > DRAG) own.moved = true;
        const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
        const [dx, dy] = [x - own.x, y - own.y];
        if (touch && other) {
          const before = Math.hypot(own.x - other.x, own.y - other.y);
          const after = Math.hypot(x - other.x, y - other.y);
          own.moved = other.moved = true;
          const moved = heatmapPan(size.current, n, now(), dx / 2, dy / 2);
          if (before > 1) set(heatmapZoom(size.current, n, moved, (x + other.x) / 2, (y + other.y) / 2, after / before));
        } else if (own.moved && (touch || event.shiftKey)) set(heatmapPan(size.current, n, now(), dx, dy));
        else if (own.moved) setBox([own.fromX, own.fromY, x, y]);
        [own.x, own.y] = [x, y];
        if (own.moved) return;
      }
      const found = cellUnder(event);
      if (found) setCell(found);
      else if (!touch) leave();
    },
    onPointerUp(event: PointerEvent<HTMLCanvasElement>) {
      const own = pointers.current.get(event.pointerId);
      pointers.current.delete(event.pointerId);
      const next = box && boxView(size.current, n, now(), box);
      setBox(null);
      if (next) set(next);
      const found = own && !own.moved && cellUnder(event);
      if (found) choose?.(found);
    },
    onPointerCancel(event: PointerEvent<HTMLCanvasElement>) {
      pointers.current.delete(event.pointerId);
      setBox(null);
    },
    onPointerLeave() {
      if (pointers.current.size === 0) leave();
    },
    onBlur: leave,
    onDoubleClick({ nativeEvent: { offsetX, offsetY } }: { nativeEvent: { offsetX: number; offsetY: number } }) {
      if (view) setView(null);
      else zoomBy(4, offsetX, offsetY);
    },
    onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const next = cellAfter(event.key, event.shiftKey, cell, n, prompts);
      if (next) {
        setCell(next);
        if (view) setView(viewWith(size.current, n, view, next));
      } else if (event.key === '+' || event.key === '=') zoomBy(ZOOM);
      else if (event.key === '-' || event.key === '−') zoomBy(1 / ZOOM);
      else if (event.key === '0') setView(null);
      else if (event.key === 'Enter' && cell && choose) choose(cell);
      else return;
      event.preventDefault();
    },
  };
  return { view, size, box, now, zoomBy, home: () => setView(null), handlers };
}
