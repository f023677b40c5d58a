import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { axisAt, type LineChart, lineAt, type Size } from '../../charts/lineChart';
import { brushed, panBy, pinched, type Span, wheelFactor, zoomAt } from '../../charts/zoom';
import { lab } from '../../store/lab';
import { pin, setCursor, setHighlight, setZoom } from '../../store/look';
import type { Plot } from './plot';
import { wholeSteps, windowOf } from './plot';

/** What was drawn last: where things lie on the canvas. */
export interface Drawn {
  plot: Plot;
  chart: LineChart;
  size: Size;
}

/** A pointer that is down, px. */
interface Down {
  x: number;
  step: number;
  moved: boolean;
  touch: boolean;
}

/** Least way of a drag, px. */
const DRAG = 5;
/** Most time between the clicks of a double click, ms. */
const DOUBLE = 600;

/** The zoom before the last return to all steps: a second double click goes back to it. */
let before: readonly [number, number] | null = null;

/** All steps; or, where all are shown, the window of before. */
function toggleAll(bounds: Span): void {
  const { zoom } = lab.getState();
  if (!zoom && before) setZoom(wholeSteps(windowOf(bounds, before), bounds));
  else setZoom(null);
  if (zoom) before = zoom;
}

const reachOf = (plot: Plot): number => plot.reach ?? lab.getState().step;

const inReach = (step: number, reached: number): number | null =>
  reached === 0 ? null : Math.min(reached, Math.max(1, Math.round(step)));

const togglePin = (step: number | null): void => {
  if (step !== null) pin(lab.getState().at === step ? null : step);
};

/** Moves the zoom window; `window` are the steps shown now. */
const zoomTo = (span: Span, bounds: Span): void => setZoom(wholeSteps(span, bounds));

/** Pointer, wheel and keys on a chart. `drawn` holds what is on the canvas; `place` is the box around it. */
export function useGestures(drawn: RefObject<Drawn | null>, place: RefObject<HTMLDivElement | null>) {
  const [brush, setBrush] = useState<Span | null>(null);
  const downs = useRef(new Map<number, Down>());
  /** When the last click was, and what was pinned before: a double click is not to change that. */
  const clicked = useRef<{ time: number; at: number | null }>({ time: Number.NEGATIVE_INFINITY, at: null });
  const pinch = useRef<{ from: [number, number]; window: Span } | null>(null);

  useEffect(() => {
    const box = place.current;
    if (!box) return;
    const onWheel = (event: WheelEvent) => {
      const now = drawn.current;
      const context = box.querySelector('canvas')?.getContext('2d');
      if (!now || !context) return;
      const { plot, chart, size } = now;
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.shiftKey ? event.deltaY : 0;
      if (event.ctrlKey || event.metaKey) {
        const { step } = axisAt(context, size, chart, event.offsetX);
        zoomTo(zoomAt(chart.x, step, wheelFactor(event.deltaY, event.deltaMode), plot.x), plot.x);
      } else if (sideways && lab.getState().zoom) {
        zoomTo(panBy(chart.x, (sideways / size.width) * (chart.x[1] - chart.x[0]), plot.x), plot.x);
      } else return;
      event.preventDefault();
    };
    // React's own wheel listeners are passive and could not keep the page from zooming.
    box.addEventListener('wheel', onWheel, { passive: false });
    return () => box.removeEventListener('wheel', onWheel);
  }, [drawn, place]);

  const handlers = useMemo(() => {
    const at = (event: PointerEvent<HTMLCanvasElement>) => {
      const context = event.currentTarget.getContext('2d');
      const now = drawn.current;
      if (!context || !now) return null;
      return { ...now, ...axisAt(context, now.size, now.chart, event.nativeEvent.offsetX), context };
    };
    const endAll = () => {
      downs.current.clear();
      pinch.current = null;
      setBrush(null);
    };
    return {
      onPointerDown(event: PointerEvent<HTMLCanvasElement>) {
        const here = at(event);
        if (!here || event.button !== 0) return;
        const touch = event.pointerType === 'touch';
        event.currentTarget.setPointerCapture(event.pointerId);
        downs.current.set(event.pointerId, { x: event.nativeEvent.offsetX, step: here.step, moved: false, touch });
        const [a, b] = [...downs.current.values()];
        pinch.current = a?.touch && b?.touch ? { from: [a.step, b.step], window: here.chart.x } : null;
        setCursor(inReach(here.step, reachOf(here.plot)));
      },
      onPointerMove(event: PointerEvent<HTMLCanvasElement>) {
        const here = at(event);
        if (!here) return;
        const { offsetX, offsetY } = event.nativeEvent;
        const down = downs.current.get(event.pointerId);
        if (down && Math.abs(offsetX - down.x) > DRAG) down.moved = true;
        if (pinch.current && down) {
          down.x = offsetX;
          const { left, right } = edges(here);
          const shares = [...downs.current.values()].map((d) => (d.x - left) / (right - left)) as [number, number];
          const span = pinched(pinch.current.from, shares, here.plot.x);
          if (span) zoomTo(span, here.plot.x);
          return;
        }
        if (down?.moved && !down.touch) setBrush([down.step, here.step]);
        setCursor(inReach(here.step, reachOf(here.plot)));
        if (down) return;
        const hit = lineAt(here.context, here.size, here.chart, offsetX, offsetY);
        setHighlight({ ...here.plot.of, ...(hit ? here.plot.lines[hit.line]?.of : {}) });
      },
      onPointerUp(event: PointerEvent<HTMLCanvasElement>) {
        const here = at(event);
        const down = downs.current.get(event.pointerId);
        const two = pinch.current !== null;
        downs.current.delete(event.pointerId);
        // The finger that stays after a pinch means nothing.
        if (two) downs.current.clear();
        pinch.current = null;
        setBrush(null);
        if (!here || !down || two) return;
        const step = inReach(here.step, reachOf(here.plot));
        if (!down.moved) {
          if (event.timeStamp - clicked.current.time > DOUBLE) clicked.current = { time: event.timeStamp, at: lab.getState().at };
          togglePin(step);
        } else if (down.touch && step !== null) pin(step);
        else {
          const span = brushed(down.step, here.step, here.plot.x);
          if (span) zoomTo(span, here.plot.x);
        }
        if (down.touch) setCursor(null);
      },
      onPointerCancel() {
        endAll();
        setCursor(null);
      },
      onPointerLeave() {
        if (downs.current.size > 0) return;
        setCursor(null);
        setHighlight({});
      },
      onDoubleClick() {
        pin(clicked.current.at);
        if (drawn.current) toggleAll(drawn.current.plot.x);
      },
      onBlur() {
        endAll();
        setCursor(null);
      },
      onKeyDown(event: KeyboardEvent<HTMLCanvasElement>) {
        const now = drawn.current;
        if (!now || event.ctrlKey || event.metaKey || event.altKey) return;
        if (onKey(event.key, event.shiftKey, now)) event.preventDefault();
      },
    };
  }, [drawn]);

  return { brush, handlers };
}

/** Left and right end of the axis, px: where the shares 0 and 1 lie. */
function edges({ context, size, chart }: Drawn & { context: CanvasRenderingContext2D }): { left: number; right: number } {
  const [a, b] = [0.3, 0.5].map((t) => ({ px: t * size.width, ...axisAt(context, size, chart, t * size.width) }));
  const perShare = (b.px - a.px) / (b.share - a.share);
  return { left: a.px - a.share * perShare, right: a.px + (1 - a.share) * perShare };
}

/** @returns whether the key meant something */
function onKey(key: string, shift: boolean, { plot, chart }: Drawn): boolean {
  const { cursor, at, zoom } = lab.getState();
  const reached = reachOf(plot);
  const [from, to] = chart.x;
  const sign = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (shift && sign) {
    if (zoom) zoomTo(panBy([from, to], sign * Math.max(1, (to - from) / 8), plot.x), plot.x);
    return true;
  }
  const centre = cursor ?? at ?? (reached >= from && reached <= to && reached > 0 ? reached : (from + to) / 2);
  if (key === '+' || key === '=' || key === '-' || key === '−') {
    zoomTo(zoomAt([from, to], centre, key === '+' || key === '=' ? 1.5 : 1 / 1.5, plot.x), plot.x);
    return true;
  }
  if (key === '0') {
    toggleAll(plot.x);
    return true;
  }
  if (key === 'Enter') {
    togglePin(cursor ?? inReach(reached, reached));
    return true;
  }
  const now = cursor ?? at ?? reached;
  const next = { Home: 1, End: reached, PageUp: now + 10, PageDown: now - 10 }[key] ?? (sign ? now + sign : null);
  if (next === null) return false;
  setCursor(inReach(next, reached));
  return true;
}
