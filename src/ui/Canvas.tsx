import { type CanvasHTMLAttributes, useEffect, useRef, useState } from 'react';
import type { Size } from '../charts/lineChart';

export type Draw = (context: CanvasRenderingContext2D, size: Size) => void;

interface Props extends CanvasHTMLAttributes<HTMLCanvasElement> {
  draw: Draw;
}

/** A canvas that fills its box, sharp on every screen, and redraws when `draw` or the box changes. */
export function Canvas({ draw, ...rest }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });

  useEffect(() => {
    const canvas = ref.current as HTMLCanvasElement;
    const box = canvas.parentElement as HTMLElement;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      setSize({ width: Math.floor(width), height: Math.floor(height) });
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const canvas = ref.current as HTMLCanvasElement;
    const context = canvas.getContext('2d');
    if (!context || size.width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(context, size);
  }, [draw, size]);

  return <canvas ref={ref} {...rest} />;
}
