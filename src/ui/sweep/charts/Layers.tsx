import { type KeyboardEvent, type PointerEvent, useCallback, useRef } from 'react';
import type { DrawContext, Size } from '../../../charts/drawContext';
import type { Palette } from '../../../charts/palette';
import { highlightPoint } from '../../../store/sweep';
import { Canvas, type Draw } from '../../Canvas';
import { usePalette } from '../../usePalette';
import { useSweep } from '../useSweep';
import { openCard } from './opened';

/** How a kind of chart is drawn, lit and hit. */
export interface Kit<C> {
  draw(context: DrawContext, size: Size, chart: C, palette: Palette): void;
  /** Draws a point once more over the picture. */
  lit(context: DrawContext, size: Size, chart: C, point: number, color: string, palette: Palette): void;
  /** The point at a place of the canvas. */
  at(context: DrawContext, size: Size, chart: C, x: number, y: number): number | null;
}

interface Props<C> {
  label: string;
  kit: Kit<C>;
  chart: C;
  /** Points in the order in which arrow keys go through them. */
  order: readonly number[];
  /** What is told of a point, or of the picture. */
  words(point: number | null): string;
}

/** Next point for a key; null where it means nothing. */
export function stepBy(key: string, order: readonly number[], now: number | null): number | null {
  const i = now === null ? -1 : order.indexOf(now);
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[key];
  if (key === 'Home') return order[0] ?? null;
  if (key === 'End') return order[order.length - 1] ?? null;
  if (by === undefined || !order.length) return null;
  return order[i < 0 ? (by > 0 ? 0 : order.length - 1) : Math.min(order.length - 1, Math.max(0, i + by))];
}

/**
 * A picture of points: what lights up is drawn on a canvas of its own. Pointer: hover lights a point up everywhere, a click opens its
 * card. Keys: arrows go from point to point, Enter opens the card.
 */
export function Layers<C>({ label, kit, chart, order, words }: Props<C>) {
  const palette = usePalette();
  const highlight = useSweep((s) => s.highlight);
  const size = useRef<Size>({ width: 0, height: 0 });
  const draw: Draw = useCallback((context, box) => kit.draw(context, box, chart, palette), [kit, chart, palette]);
  const over: Draw = useCallback(
    (context, box) => {
      size.current = box;
      context.clearRect(0, 0, box.width, box.height);
      if (highlight !== null) kit.lit(context, box, chart, highlight, palette.focus, palette);
    },
    [kit, chart, palette, highlight],
  );
  const pointOf = (event: PointerEvent<HTMLCanvasElement>): number | null => {
    const context = event.currentTarget.getContext('2d');
    const { offsetX, offsetY } = event.nativeEvent;
    return context && kit.at(context, size.current, chart, offsetX, offsetY);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLCanvasElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && highlight !== null) {
      const { left, top, width } = event.currentTarget.getBoundingClientRect();
      openCard({ point: highlight, x: left + width / 2, y: top + 40 });
    } else {
      const next = stepBy(event.key, order, highlight);
      if (next === null) return;
      highlightPoint(next);
    }
    event.preventDefault();
  };
  const place = highlight === null ? -1 : order.indexOf(highlight);
  return (
    <div className="plot">
      <Canvas draw={draw} aria-hidden="true" />
      <Canvas
        draw={over}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, order.length - 1)}
        aria-valuenow={Math.max(0, place)}
        aria-valuetext={words(place < 0 ? null : highlight)}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => highlightPoint(pointOf(event))}
        onPointerLeave={() => highlightPoint(null)}
        onClick={(event) => {
          const point = pointOf(event as unknown as PointerEvent<HTMLCanvasElement>);
          if (point !== null) openCard({ point, x: event.clientX, y: event.clientY });
        }}
      />
    </div>
  );
}
