import { rgbOf } from './color';
import type { DrawContext } from './drawContext';
import { drawSymbol } from './symbols';

/** A drawn symbol as pixels, ready to be laid over others. */
export interface Stamp {
  /** u32[side, side]: RGBA bytes, premultiplied. */
  pixels: Uint32Array;
  side: number;
}

/** A canvas with pixels: its device pixels per CSS pixel and the shift of its origin, device pixels. */
export interface Raster {
  context: CanvasRenderingContext2D;
  ratio: number;
  shift: readonly [number, number];
}

/** The canvas behind `context`, if it is one whose axes are upright; null for recorders of vectors, and where no pixels can be made. */
export function rasterOf(context: DrawContext): Raster | null {
  if (typeof OffscreenCanvas === 'undefined' || typeof CanvasRenderingContext2D === 'undefined') return null;
  if (!(context instanceof CanvasRenderingContext2D)) return null;
  const { a, b, c, d, e, f } = context.getTransform();
  return b === 0 && c === 0 && a === d && a > 0 ? { context, ratio: a, shift: [e, f] } : null;
}

/** Shares of a symbol's own colour and of the ground in each pixel, f32[side, side]. */
interface Mask {
  own: Float32Array;
  ground: Float32Array;
  side: number;
}

const MOST = 1024;
const masks = new Map<string, Mask>();

function maskOf(domain: number, open: boolean, radius: number, ratio: number): Mask {
  const key = `${domain} ${open} ${radius} ${ratio}`;
  let mask = masks.get(key);
  if (!mask) {
    if (masks.size >= MOST) masks.clear();
    masks.set(key, (mask = drawMask(domain, open, radius, ratio)));
  }
  return mask;
}

/** Drawn in red over blue, so that the channels tell the shares. */
function drawMask(domain: number, open: boolean, radius: number, ratio: number): Mask {
  const side = 2 * Math.ceil((radius * 1.8 + 1) * ratio);
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
  context.setTransform(ratio, 0, 0, ratio, side / 2, side / 2);
  const colors = { color: '#ff0000', open: open ? '#0000ff' : null };
  drawSymbol(context as unknown as DrawContext, domain, { x: 0, y: 0, radius, ...colors });
  const { data } = context.getImageData(0, 0, side, side);
  const share = (channel: number) =>
    Float32Array.from({ length: side * side }, (_, i) => (data[4 * i + channel] / 255) * (data[4 * i + 3] / 255));
  return { own: share(0), ground: share(2), side };
}

/** The symbol of a domain with an opacity; `open` as in `drawSymbol`, the radius in CSS pixels. */
export function stampOf(domain: number, color: string, open: string | null, radius: number, ratio: number, alpha: number): Stamp {
  const { own, ground, side } = maskOf(domain, open !== null, radius, ratio);
  const [a, b] = [rgbOf(color), rgbOf(open ?? color)];
  const bytes = new Uint8ClampedArray(4 * own.length);
  for (let i = 0; i < own.length; i++) {
    const whole = 255 * Math.min(1, own[i] + ground[i]) * alpha;
    bytes[4 * i + 3] = whole;
    // No channel above the opacity, as sums of both must not pass 255 when stamps are laid over each other.
    for (let k = 0; k < 3; k++) bytes[4 * i + k] = Math.min(bytes[4 * i + 3], (a[k] * own[i] + b[k] * ground[i]) * alpha);
  }
  return { pixels: new Uint32Array(bytes.buffer), side };
}

/** Pixels on which stamps are laid over each other; in the end they are put onto the canvas at once. */
export class StampSheet {
  private readonly pixels: Uint32Array<ArrayBuffer>;
  private readonly width: number;
  private readonly height: number;
  private top: number;
  private bottom = 0;

  constructor(private readonly raster: Raster) {
    const { width, height } = raster.context.canvas;
    this.width = width;
    this.height = height;
    this.top = height;
    this.pixels = new Uint32Array(width * height);
  }

  /** Lays a stamp with its middle on the pixel nearest to (x, y), CSS pixels. */
  add({ pixels, side }: Stamp, x: number, y: number): void {
    const { ratio, shift } = this.raster;
    const left = Math.round(x * ratio + shift[0]) - side / 2;
    const top = Math.round(y * ratio + shift[1]) - side / 2;
    const [from, to] = [Math.max(0, -left), Math.min(side, this.width - left)];
    const [first, last] = [Math.max(0, -top), Math.min(side, this.height - top)];
    if (from >= to || first >= last) return;
    this.top = Math.min(this.top, top + first);
    this.bottom = Math.max(this.bottom, top + last);
    const out = this.pixels;
    for (let r = first; r < last; r++) {
      const [row, place] = [r * side, (top + r) * this.width + left];
      for (let c = from; c < to; c++) {
        const over = pixels[row + c];
        const alpha = over >>> 24;
        if (alpha === 0) continue;
        const under = out[place + c];
        // Source over destination, two channels in each product; a channel never exceeds 255.
        const rest = 256 - alpha;
        out[place + c] =
          over + ((((under & 0xff00ff) * rest) >>> 8) & 0xff00ff) + ((((under >>> 8) & 0xff00ff) * rest) & 0xff00ff00);
      }
    }
  }

  /** Puts the sheet onto its canvas. */
  put(): void {
    const height = this.bottom - this.top;
    if (height <= 0) return;
    const part = this.pixels.subarray(this.top * this.width, this.bottom * this.width);
    const data = new Uint8ClampedArray(part.buffer, part.byteOffset, part.byteLength);
    for (let i = 0; i < part.length; i++) {
      const alpha = part[i] >>> 24;
      if (alpha === 0 || alpha === 255) continue;
      for (let k = 4 * i; k < 4 * i + 3; k++) data[k] = (255 * data[k]) / alpha; // as pictures are stored: not premultiplied
    }
    const sheet = new OffscreenCanvas(this.width, height);
    (sheet.getContext('2d') as OffscreenCanvasRenderingContext2D).putImageData(new ImageData(data, this.width, height), 0, 0);
    const { context } = this.raster;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.drawImage(sheet, 0, this.top);
    context.restore();
  }
}
