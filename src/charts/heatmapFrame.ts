import type { Size } from './drawContext';
import type { View } from './view';

/** A similarity matrix of rollouts that are sorted by domain, prompt and verdict. */
export interface Heatmap {
  /** f32[n, n], row by row; NaN shows the ground. */
  values: Float32Array;
  /** [n], in the order of the rows. */
  domain: ArrayLike<number>;
  prompt: ArrayLike<number>;
  /** [n]: correct where above 0.5. */
  correct: ArrayLike<number>;
  /** Value at the blue end of the scale; the orange end lies as far below zero. */
  reach: number;
  /** What the values are, in a word or two. */
  title: string;
  format(value: number): string;
  /** Where the pointer is. */
  cursor?: HeatmapCell | null;
  /** Rows that are marked on both sides. */
  rows?: readonly number[];
}

/** Position of a cell. */
export interface HeatmapCell {
  row: number;
  column: number;
}

/** Where the parts of the picture lie, CSS pixels. */
export interface HeatmapFrame {
  left: number;
  top: number;
  /** Of the square that shows the matrix. */
  side: number;
  /** Beside the square where the canvas is wide, below it elsewhere. */
  legend: 'right' | 'below';
}

/** Pixels for the sides' marks, to the left of and above the square. */
export const MARGIN = 26;
const RIGHT = 82;
const BELOW = 40;
const PAD = 4;

/** Largest cell, CSS pixels. */
const LARGEST = 72;

/** The square as large as there is room. */
export function heatmapFrame({ width, height }: Size): HeatmapFrame {
  const wide = Math.min(width - MARGIN - RIGHT, height - MARGIN - PAD);
  const high = Math.min(width - MARGIN - PAD, height - MARGIN - BELOW);
  const legend = wide >= high ? 'right' : 'below';
  const side = Math.max(8, Math.floor(legend === 'right' ? wide : high));
  const used = MARGIN + side + (legend === 'right' ? RIGHT : PAD);
  return { left: Math.max(0, Math.floor((width - used) / 2)) + MARGIN, top: MARGIN, side, legend };
}

/** Rows of the matrix. @throws RangeError when `values` and the labels disagree */
export function rowsOf({ values, domain }: Heatmap): number {
  const n = domain.length;
  if (values.length !== n * n) throw new RangeError(`invalid heat map: ${values.length} values for ${n} rows (${n * n})`);
  return n;
}

/** The view of the whole matrix: x counts columns, y rows (downwards), `scale` is pixels per cell. */
export function heatmapHome(size: Size, n: number): View {
  return { x: n / 2, y: n / 2, scale: heatmapFrame(size).side / Math.max(1, n) };
}

/** The nearest view that shows nothing beside the matrix. */
export function heatmapView(size: Size, n: number, view: View): View {
  const { side } = heatmapFrame(size);
  const least = side / Math.max(1, n);
  const scale = Math.min(Math.max(LARGEST, least), Math.max(least, view.scale));
  const half = side / 2 / scale;
  const clamp = (v: number) => Math.min(Math.max(n - half, half), Math.max(half, v));
  return { x: clamp(view.x), y: clamp(view.y), scale };
}

/** Row and column at a place, in fractions of cells. */
export function heatmapPlace(size: Size, view: View, px: number, py: number): [column: number, row: number] {
  const { left, top, side } = heatmapFrame(size);
  return [view.x + (px - left - side / 2) / view.scale, view.y + (py - top - side / 2) / view.scale];
}

/** The view `factor` times as large with the cell under (px, py) at rest, as far as the matrix reaches. */
export function heatmapZoom(size: Size, n: number, view: View, px: number, py: number, factor: number): View {
  const { left, top, side } = heatmapFrame(size);
  const [x, y] = heatmapPlace(size, view, px, py);
  const { scale } = heatmapView(size, n, { ...view, scale: view.scale * factor });
  return heatmapView(size, n, { x: x - (px - left - side / 2) / scale, y: y - (py - top - side / 2) / scale, scale });
}

/** The view after dragging by (dx, dy) pixels, as far as the matrix reaches. */
export const heatmapPan = (size: Size, n: number, view: View, dx: number, dy: number): View =>
  heatmapView(size, n, { ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale });

/** The cell at a place of the canvas with its value; null beside the square. */
export function heatmapCell(
  heatmap: Heatmap,
  size: Size,
  view: View,
  px: number,
  py: number,
): (HeatmapCell & { value: number }) | null {
  const { left, top, side } = heatmapFrame(size);
  if (px < left || py < top || px >= left + side || py >= top + side) return null;
  const n = rowsOf(heatmap);
  const [column, row] = heatmapPlace(size, view, px, py).map(Math.floor);
  if (row < 0 || column < 0 || row >= n || column >= n) return null;
  return { row, column, value: heatmap.values[row * n + column] };
}

/** The domain whose mark beside the square is at a place of the canvas, with its rows [from, to); null elsewhere. */
export function heatmapSide(
  heatmap: Heatmap,
  size: Size,
  view: View,
  px: number,
  py: number,
): { domain: number; from: number; to: number } | null {
  const { left, top, side } = heatmapFrame(size);
  const [column, row] = heatmapPlace(size, view, px, py).map(Math.floor);
  const beside = px >= left - MARGIN && px < left && py >= top && py < top + side;
  const above = py >= top - MARGIN && py < top && px >= left && px < left + side;
  if (!beside && !above) return null;
  const at = beside ? row : column;
  const block = blocks(heatmap.domain).find(({ from, to }) => at >= from && at < to);
  return block ? { domain: block.value, from: block.from, to: block.to } : null;
}

/** A run of equal labels: rows [from, to). */
export interface Block {
  value: number;
  from: number;
  to: number;
}

/** Runs of equal labels. */
export function blocks(labels: ArrayLike<number>): Block[] {
  const out: Block[] = [];
  for (let i = 0; i < labels.length; i++) {
    const last = out.at(-1);
    if (last && last.value === labels[i]) last.to = i + 1;
    else out.push({ value: labels[i], from: i, to: i + 1 });
  }
  return out;
}
