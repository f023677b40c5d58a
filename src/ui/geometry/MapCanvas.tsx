import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react';
import type { Cloud } from '../../charts/cloud';
import type { Size } from '../../charts/drawContext';
import { pointAt, projectionOf, prototypeAt } from '../../charts/scatter';
import { pointAt3d, projectionOf3d } from '../../charts/scatter3d';
import { usePalette } from '../usePalette';
import type { Picture } from './filmMaps';
import { MapPainter } from './painter';
import { type Gestured, useMapGestures } from './useMapGestures';
import { useViewport } from './useViewport';
import { inSpace, type Place, zoomed } from './viewport';

/** What lies under the pointer: a point, or a prototype by its place among the cloud's. */
export type Hit = { point: number } | { prototype: number } | null;

interface Props {
  picture: Picture;
  /** Maps of the whole film: the view shows them all. */
  pictures: readonly Picture[];
  cloud: Cloud;
  label: string;
  /** What the picture shows, in words. */
  words: string;
  /** The point that is pointed at or selected, in words. */
  chosen: { point: number; text: string } | null;
  onPoint(hit: Hit): void;
  onPick(hit: Hit): void;
  /** A key that does not move the view; whether it meant something. */
  onKey(key: string): boolean;
  /** Hears why many points are drawn without WebGPU. */
  onReason?(reason: string | null): void;
  /** Is told where the map is looked at from. */
  placed?: RefObject<Place | null>;
  children?: ReactNode;
}

const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

function hitOf(cloud: Cloud, { place, size }: Pick<Gestured, 'place' | 'size'>, x: number, y: number): Hit {
  const point = inSpace(place) ? pointAt3d(cloud, size, place, x, y) : pointAt(cloud, size, place, x, y);
  if (point >= 0) return { point };
  const projection = inSpace(place) ? projectionOf3d(place, size) : projectionOf(place, size);
  const prototype = prototypeAt(cloud, projection, x, y);
  return prototype >= 0 ? { prototype } : null;
}

/**
 * A map with its gestures. Pointer: hover points, a click picks, a drag moves the plane or turns space, the wheel or two fingers zoom, a
 * double click shows all. Keys: arrows, + − 0; the others go to `onKey`.
 */
export function MapCanvas({
  picture,
  pictures,
  cloud,
  label,
  words,
  chosen,
  onPoint,
  onPick,
  onKey,
  onReason,
  placed,
  children,
}: Props) {
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const under = useRef<HTMLCanvasElement>(null);
  const ghost = useRef<HTMLCanvasElement>(null);
  const painter = useRef<MapPainter | null>(null);
  const gestured = useRef<Gestured | null>(null);
  const told = useRef(onReason);
  told.current = onReason;
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const viewport = useViewport(picture, pictures, size);
  const handlers = useMapGestures(gestured, box);
  const id = useId();

  useEffect(() => {
    const [main, below, above] = [canvas, under, ghost].map((c) => c.current as HTMLCanvasElement);
    const made = new MapPainter(main, below, above, () => told.current?.(made.reason));
    painter.current = made;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      const next = { width: Math.floor(width), height: Math.floor(height) };
      made.resize(next, window.devicePixelRatio || 1);
      setSize(next);
    });
    observer.observe(box.current as HTMLDivElement);
    return () => {
      observer.disconnect();
      made.close();
    };
  }, []);

  useEffect(() => {
    if (!viewport) return;
    painter.current?.show({ picture, cloud, place: viewport.place, palette }, !still());
    if (placed) placed.current = viewport.place;
    gestured.current = {
      ...viewport,
      size,
      point(at) {
        const hit = at && hitOf(cloud, { place: viewport.place, size }, at.x, at.y);
        if (canvas.current) canvas.current.style.cursor = hit ? 'pointer' : '';
        onPoint(hit);
      },
      pick: (at) => onPick(hitOf(cloud, { place: viewport.place, size }, at.x, at.y)),
      key: onKey,
    };
  }, [picture, cloud, viewport, palette, size, onPoint, onPick, onKey, placed]);

  const zoom = (factor: number) => viewport?.move(zoomed(viewport.place, viewport.home, size, factor));
  return (
    <div className="geo-map" ref={box}>
      <canvas ref={under} />
      <canvas
        ref={canvas}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={cloud.domain.length}
        aria-valuenow={chosen ? chosen.point + 1 : 0}
        aria-valuetext={chosen?.text ?? 'no rollout chosen; N and P walk through them'}
        aria-describedby={id}
        {...handlers}
      />
      <canvas ref={ghost} className="geo-ghost" />
      <p id={id} className="visually-hidden">
        {words}
      </p>
      <div className="geo-zoom">
        <button type="button" aria-label="Larger" title="Larger (+)" onClick={() => zoom(1.4)}>
          +
        </button>
        <button type="button" aria-label="Smaller" title="Smaller (−)" onClick={() => zoom(1 / 1.4)}>
          −
        </button>
        <button type="button" aria-label="Show all" title="Show all (0, or a double click)" onClick={() => viewport?.move(null)}>
          <svg viewBox="0 0 14 14" aria-hidden="true">
            <path d="M1 5V1h4M9 1h4v4M13 9v4H9M5 13H1V9" fill="none" stroke="currentColor" strokeWidth="1.5" />
          </svg>
        </button>
      </div>
      {children}
    </div>
  );
}
