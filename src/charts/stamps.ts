import type { DrawContext } from './drawContext';
import { drawSymbol } from './symbols';

/** A drawn symbol, ready to be copied. */
export interface Stamp {
  image: ImageBitmap;
  /** From its corner to its middle, device pixels. */
  half: number;
}

/** A canvas with pixels: its device pixels per CSS pixel and the shift of its origin, device pixels. */
export interface Raster {
  context: CanvasRenderingContext2D;
  ratio: number;
  shift: readonly [number, number];
}

/** The canvas behind `context`, if it is one whose axes are upright; null for recorders of vectors, and where no symbol can be kept. */
export function rasterOf(context: DrawContext): Raster | null {
  if (typeof OffscreenCanvas === 'undefined' || typeof CanvasRenderingContext2D === 'undefined') return null;
  if (!(context instanceof CanvasRenderingContext2D)) return null;
  const { a, b, c, d, e, f } = context.getTransform();
  return b === 0 && c === 0 && a === d && a > 0 ? { context, ratio: a, shift: [e, f] } : null;
}

const MOST = 4096;
const stamps = new Map<string, Stamp>();

/** The symbol of a domain as pixels, remembered; `open` as in `drawSymbol`. */
export function stampOf(domain: number, color: string, open: string | null, radius: number, ratio: number): Stamp {
  const key = `${domain} ${color} ${open} ${radius} ${ratio}`;
  let stamp = stamps.get(key);
  if (!stamp) {
    const half = Math.ceil((radius * 1.8 + 1) * ratio);
    const canvas = new OffscreenCanvas(2 * half, 2 * half);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.setTransform(ratio, 0, 0, ratio, half, half);
    drawSymbol(context as unknown as DrawContext, domain, { x: 0, y: 0, radius, color, open });
    stamp = { image: canvas.transferToImageBitmap(), half };
    if (stamps.size >= MOST) stamps.clear();
    stamps.set(key, stamp);
  }
  return stamp;
}
