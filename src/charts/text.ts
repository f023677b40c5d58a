import type { DrawContext } from './drawContext';
import { FONT, type Palette } from './palette';

/** The charts' one text size. */
export const TEXT = `12px ${FONT}`;
/** The same, for what stands out. */
export const STRONG = `600 12px ${FONT}`;

/** A text that fits into `width` px, shortened with an ellipsis where it must be. */
export function fitted(context: DrawContext, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${text.slice(0, middle).trimEnd()}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return low > 0 ? `${text.slice(0, low).trimEnd()}…` : '';
}

/** Text with a halo in the ground's colour, so that it reads over curves. */
export function haloText(context: DrawContext, text: string, x: number, y: number, color: string, palette: Palette): void {
  context.save();
  context.lineJoin = 'round';
  context.lineWidth = 4;
  context.strokeStyle = palette.card;
  context.strokeText(text, x, y);
  context.restore();
  context.fillStyle = color;
  context.fillText(text, x, y);
}

/** A straight line, sharp when it lies along an axis. */
export function segment(context: DrawContext, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** The middle of the nearest pixel: lines of 1 px along the axes are sharp there. */
export const crisp = (at: number): number => Math.round(at - 0.5) + 0.5;

/** A number's text with a true minus sign. */
export const minus = (text: string): string => text.replace('-', '−');

// Made once: to make a formatter takes far longer than to use it.
const grouping = new Intl.NumberFormat('en');

/** A number with its thousands apart: `12,345`. */
export const grouped = (value: number): string => grouping.format(value);
