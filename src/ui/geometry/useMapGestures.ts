import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useMemo, useRef } from 'react';
import type { Size } from '../../charts/drawContext';
import { wheelFactor } from '../../charts/zoom';
import { dragged, inSpace, isSmall, type Place, zoomed } from './viewport';

/** What the gestures act on: what is on the canvas now. */
export interface Gestured {
  place: Place;
  home: Place;
  size: Size;
  /** Moves the view; null: back to where all is shown. */
  move(place: Place | null): void;
  /** The pointer is at a place of the canvas; null: it has left. */
  point(at: { x: number; y: number } | null): void;
  pick(at: { x: number; y: number }): void;
  /** A key that moves no view; whether it meant something. */
  key(key: string): boolean;
}

interface Down {
  x: number;
  y: number;
  moved: boolean;
  touch: boolean;
}

/** Least way of a drag, px. */
const DRAG = 4;
/** Way of one press of an arrow key, px. */
const STRIDE = 40;
const ZOOM = 1.3;
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

const at = ({ nativeEvent }: PointerEvent) => ({ x: nativeEvent.offsetX, y: nativeEvent.offsetY });

/** The view after two fingers moved from `old` to `now`. */
function pinched(g: Gestured, old: readonly Down[], now: readonly Down[]): Place {
  const middle = ([a, b]: readonly Down[]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const span = ([a, b]: readonly Down[]) => Math.max(8, Math.hypot(a.x - b.x, a.y - b.y));
  const [from, to] = [middle(old), middle(now)];
  const moved = dragged(g.place, to.x - from.x, to.y - from.y);
  return zoomed(moved, g.home, g.size, span(now) / span(old), to.x, to.y);
}

/** Pointer, wheel and keys on a map. `gestured` holds what is on the canvas, `box` the element around it. */
export function useMapGestures(gestured: RefObject<Gestured | null>, box: RefObject<HTMLElement | null>) {
  const downs = useRef(new Map<number, Down>());

  useEffect(() => {
    const element = box.current;
    const onWheel = (event: WheelEvent) => {
      const g = gestured.current;
      if (!g || !(event.target instanceof HTMLCanvasElement)) return;
      const factor = wheelFactor(event.deltaY, event.deltaMode);
      // Where all is shown already, a wheel that turns on moves the page.
      if (factor < 1 && isSmall(g.place, g.home) && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      g.move(zoomed(g.place, g.home, g.size, factor, event.offsetX, event.offsetY));
    };
    // React's own wheel listeners are passive and could not keep the page from moving.
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [gestured, box]);

  return useMemo(() => {
    const end = (event: PointerEvent) => {
      const down = downs.current.get(event.pointerId);
      downs.current.delete(event.pointerId);
      return down;
    };
    return {
      onPointerDown(event: PointerEvent<HTMLCanvasElement>) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        downs.current.set(event.pointerId, { ...at(event), moved: false, touch: event.pointerType === 'touch' });
      },
      onPointerMove(event: PointerEvent<HTMLCanvasElement>) {
        const g = gestured.current;
        if (!g) return;
        const now = at(event);
        const down = downs.current.get(event.pointerId);
        if (!down) return g.point(now);
        if (!down.moved && Math.hypot(now.x - down.x, now.y - down.y) < DRAG) return;
        const old = [...downs.current.values()].map((d) => ({ ...d }));
        const [dx, dy] = [now.x - down.x, now.y - down.y];
        Object.assign(down, now, { moved: true });
        if (old.length > 1) g.move(pinched(g, old, [...downs.current.values()]));
        else g.move(dragged(g.place, dx, dy));
      },
      onPointerUp(event: PointerEvent<HTMLCanvasElement>) {
        const down = end(event);
        if (down && !down.moved) gestured.current?.pick(at(event));
        if (down?.touch) gestured.current?.point(null);
      },
      onPointerCancel(event: PointerEvent<HTMLCanvasElement>) {
        end(event);
        gestured.current?.point(null);
      },
      onPointerLeave() {
        if (downs.current.size === 0) gestured.current?.point(null);
      },
      onBlur() {
        gestured.current?.point(null);
      },
      onDoubleClick() {
        gestured.current?.move(null);
      },
      onKeyDown(event: KeyboardEvent<HTMLCanvasElement>) {
        const g = gestured.current;
        if (!g || event.ctrlKey || event.metaKey || event.altKey) return;
        const arrow = ARROWS[event.key];
        const fine = event.shiftKey ? 0.2 : 1;
        // In space the stage turns the way the arrow points.
        const turn = inSpace(g.place) ? -0.5 : 1;
        if (arrow) g.move(dragged(g.place, arrow[0] * STRIDE * fine * turn, arrow[1] * STRIDE * fine * turn));
        else if (event.key === '+' || event.key === '=') g.move(zoomed(g.place, g.home, g.size, ZOOM));
        else if (event.key === '-' || event.key === '−') g.move(zoomed(g.place, g.home, g.size, 1 / ZOOM));
        else if (event.key === '0') g.move(null);
        else if (!g.key(event.key)) return;
        event.preventDefault();
        event.stopPropagation();
      },
    };
  }, [gestured]);
}
