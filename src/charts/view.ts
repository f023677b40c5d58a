import type { Size } from './drawContext';

/** A part of the plane: the map's point (x, y) lies in the middle of the canvas, `scale` CSS pixels per unit both ways, y upwards. */
export interface View {
  x: number;
  y: number;
  scale: number;
}

/** A rectangle on the canvas between two corners in any order, CSS pixels. */
export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** A closed line on the canvas, CSS pixels. */
export type Lasso = readonly (readonly [x: number, y: number])[];

/** The widest view that shows every finite point of all `maps`, each f[n, 2], with `pad` pixels around them. */
export function fitView(maps: readonly ArrayLike<number>[], { width, height }: Size, pad = 28): View {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const map of maps)
    for (let i = 0; i < map.length; i++) {
      const v = map[i];
      if (!Number.isFinite(v)) continue;
      if (v < low[i % 2]) low[i % 2] = v;
      if (v > high[i % 2]) high[i % 2] = v;
    }
  if (!(low[0] <= high[0] && low[1] <= high[1])) return { x: 0, y: 0, scale: Math.max(1, Math.min(width, height) / 2 - pad) };
  const [spanX, spanY] = [high[0] - low[0], high[1] - low[1]];
  const fit = Math.min(Math.max(1, width - 2 * pad) / spanX, Math.max(1, height - 2 * pad) / spanY);
  const scale = Number.isFinite(fit) ? fit : Math.max(1, Math.min(width, height) / 2 - pad);
  return { x: (low[0] + high[0]) / 2, y: (low[1] + high[1]) / 2, scale };
}

/** Place of the map's point (x, y) on the canvas. */
export const toCanvas = (view: View, { width, height }: Size, x: number, y: number): [number, number] => [
  width / 2 + (x - view.x) * view.scale,
  height / 2 - (y - view.y) * view.scale,
];

/** The map's point at a place of the canvas. */
export const toMap = (view: View, { width, height }: Size, px: number, py: number): [number, number] => [
  view.x + (px - width / 2) / view.scale,
  view.y - (py - height / 2) / view.scale,
];

/** The view after the picture was dragged by (dx, dy) pixels. */
export const panBy = (view: View, dx: number, dy: number): View => ({
  ...view,
  x: view.x - dx / view.scale,
  y: view.y + dy / view.scale,
});

/** The view `factor` times as large with the point under (px, py) at rest; the scale stays within `limits`. */
export function zoomAt(view: View, size: Size, px: number, py: number, factor: number, limits: readonly [number, number]): View {
  const [x, y] = toMap(view, size, px, py);
  const scale = Math.min(limits[1], Math.max(limits[0], view.scale * factor));
  return { x: x - (px - size.width / 2) / scale, y: y + (py - size.height / 2) / scale, scale };
}

/** From view `a` (t = 0) to view `b` (t = 1): the scale grows by equal factors. */
export const betweenViews = (a: View, b: View, t: number): View => ({
  x: a.x + (b.x - a.x) * t,
  y: a.y + (b.y - a.y) * t,
  scale: a.scale * (b.scale / a.scale) ** t,
});

/** Slow at both ends: 0 at 0, 1 at 1. */
export const eased = (t: number): number => (t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t));

/**
 * Points between map `a` (t = 0) and map `b` (t = 1), both f[n, dims] in the same order; a point that one of them lacks (NaN) stays
 * where the other has it. @throws RangeError for maps of unequal size
 */
export function between(a: ArrayLike<number>, b: ArrayLike<number>, t: number, out = new Float32Array(a.length)): Float32Array {
  if (a.length !== b.length || out.length !== a.length)
    throw new RangeError(`invalid maps: ${a.length}, ${b.length} and ${out.length} numbers (as many in all)`);
  for (let i = 0; i < a.length; i++) {
    const [from, to] = [a[i], b[i]];
    out[i] = Number.isFinite(from) && Number.isFinite(to) ? from + (to - from) * t : Number.isFinite(from) ? from : to;
  }
  return out;
}
