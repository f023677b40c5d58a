import type { DrawContext, Size } from '../drawContext';
import { type Palette, sequential } from '../palette';
import type { ChartTable } from '../table';
import { haloText, TEXT } from '../text';
import { type Axis, drawAxisBelow, drawAxisLeft, type Placed, placeAxis, widestTick } from './axis';
import { drawMark, type Mark } from './mark';

/** A point on a surface. */
export interface SurfacePoint {
  point: number;
  x: number;
  y: number;
  /** NaN without one. */
  value: number;
  /** Told when it is lit. */
  words: string;
  mark: Mark;
}

/** What the objective is over two fields: coloured cells and the points that were measured. */
export interface SurfaceChart {
  x: Axis;
  y: Axis;
  /** Boundaries of the cells in axis values, ascending: columns + 1 and rows + 1. */
  columns: readonly number[];
  rows: readonly number[];
  /** [rows][columns]; NaN: too far from what was measured. */
  values: readonly (readonly number[])[];
  points: readonly SurfacePoint[];
  /** Values at the ends of the colours. */
  span: readonly [number, number];
  /** Whether small values are the good ones: then they have the strong colours. */
  descending: boolean;
  title: string;
  empty?: string;
  format(value: number): string;
}

interface SurfaceFrame {
  x: Placed;
  y: Placed;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Share of the colours at a value: 1 is the good end. */
export function shareOf({ span: [low, high], descending }: Pick<SurfaceChart, 'span' | 'descending'>, value: number): number {
  const t = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
  return descending ? 1 - t : t;
}

/** Where everything goes at this size. */
export function surfaceFrame(context: DrawContext, { width, height }: Size, chart: SurfaceChart): SurfaceFrame {
  context.font = TEXT;
  const [top, bottom] = [26, height - 72];
  const y = placeAxis(chart.y, [bottom, top]);
  const left = 8 + Math.min(widestTick(context, y), width * 0.3);
  const right = Math.max(left + 1, width - 10);
  return { x: placeAxis(chart.x, [left, right]), y, left, right, top, bottom };
}

/** Point of the mark nearest to a place of the canvas; null where none is near. */
export function surfacePointAt(context: DrawContext, size: Size, chart: SurfaceChart, px: number, py: number): number | null {
  const { x, y } = surfaceFrame(context, size, chart);
  let [best, found] = [144, null as number | null];
  for (const p of chart.points) {
    const away = (x.at(p.x) - px) ** 2 + (y.at(p.y) - py) ** 2;
    if (away <= best) [best, found] = [away, p.point];
  }
  return found;
}

const ends = (placed: Placed, [a, b]: readonly [number, number], [low, high]: readonly [number, number]) => {
  const [from, to] = [placed.at(a), placed.at(b)].map((v) => Math.min(Math.max(low, high), Math.max(Math.min(low, high), v)));
  return [Math.min(from, to), Math.abs(to - from)] as const;
};

function drawCells(context: DrawContext, frame: SurfaceFrame, chart: SurfaceChart, palette: Palette): void {
  chart.values.forEach((row, r) => {
    const [top, high] = ends(frame.y, [chart.rows[r], chart.rows[r + 1]], [frame.top, frame.bottom]);
    row.forEach((value, c) => {
      if (!Number.isFinite(value)) return;
      const [left, wide] = ends(frame.x, [chart.columns[c], chart.columns[c + 1]], [frame.left, frame.right]);
      context.fillStyle = sequential(palette, 0.04 + 0.96 * shareOf(chart, value));
      // A little larger, so that no ground shows between neighbours.
      context.fillRect(left, top, wide + 0.6, high + 0.6);
    });
  });
}

function drawLegend(context: DrawContext, { width, height }: Size, chart: SurfaceChart, palette: Palette): void {
  const long = Math.min(160, width * 0.42);
  const [left, top] = [8, height - 28];
  for (let k = 0; k < long; k++) {
    const t = (k + 0.5) / long;
    context.fillStyle = sequential(palette, 0.04 + 0.96 * (chart.descending ? 1 - t : t));
    context.fillRect(left + k, top, 1, 9);
  }
  context.fillStyle = palette.quiet;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.fillText(chart.format(chart.span[0]), left, top + 23);
  context.textAlign = 'right';
  context.fillText(chart.format(chart.span[1]), left + long, top + 23);
  context.textAlign = 'left';
  context.fillText(chart.title, left + long + 10, top + 9);
}

/** Draws cells, axes, points and the colours' meaning. */
export function drawSurface(context: DrawContext, size: Size, chart: SurfaceChart, palette: Palette): void {
  context.clearRect(0, 0, size.width, size.height);
  const frame = surfaceFrame(context, size, chart);
  const { x, y, left, right, top, bottom } = frame;
  drawAxisLeft(context, y, left, right, palette);
  drawAxisBelow(context, x, top, bottom, palette);
  drawCells(context, frame, chart, palette);
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.strokeRect(Math.round(left) + 0.5, top + 0.5, Math.round(right - left), bottom - top);
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  context.fillStyle = palette.quiet;
  context.fillText(chart.y.label, 2, top - 12);
  context.textAlign = 'right';
  context.fillText(chart.x.label, right, bottom + 33);
  for (const p of chart.points) drawPoint(context, frame, p, 4, palette);
  drawLegend(context, size, chart, palette);
  if (chart.points.length || !chart.empty) return;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  haloText(context, chart.empty, (left + right) / 2, (top + bottom) / 2, palette.quiet, palette);
}

function drawPoint(context: DrawContext, { x, y }: SurfaceFrame, p: SurfacePoint, radius: number, palette: Palette): void {
  const [px, py] = [x.at(p.x), y.at(p.y)];
  if (!Number.isFinite(px) || !Number.isFinite(py)) return;
  if (p.mark === 'disc') {
    context.beginPath();
    context.arc(px, py, radius + 1.5, 0, 2 * Math.PI);
    context.fillStyle = palette.card;
    context.fill();
  }
  drawMark(context, p.mark, px, py, radius, p.mark === 'disc' ? palette.ink : palette.quiet, palette);
}

/** Draws one point once more, ringed and with its value. */
export function drawSurfaceLit(
  context: DrawContext,
  size: Size,
  chart: SurfaceChart,
  point: number,
  color: string,
  palette: Palette,
): void {
  const found = chart.points.find((p) => p.point === point);
  if (!found) return;
  const frame = surfaceFrame(context, size, chart);
  const [px, py] = [frame.x.at(found.x), frame.y.at(found.y)];
  if (!Number.isFinite(px) || !Number.isFinite(py)) return;
  for (const [stroke, width] of [
    [palette.card, 5],
    [color, 2.5],
  ] as const) {
    context.beginPath();
    context.arc(px, py, 8.5, 0, 2 * Math.PI);
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.stroke();
  }
  drawPoint(context, frame, found, 4, palette);
  const toLeft = px > frame.right - 60;
  context.font = TEXT;
  context.textAlign = toLeft ? 'right' : 'left';
  context.textBaseline = 'middle';
  haloText(context, found.words, px + (toLeft ? -14 : 14), py, palette.ink, palette);
}

const word = ({ scale, names }: Axis, value: number): string | number | null =>
  scale === 'choice' ? (names?.[value] ?? null) : value;

/** The measured points, then the middles of the cells. */
export const surfaceTable = ({ x, y, columns, rows, values, points, title }: SurfaceChart): ChartTable => {
  const middle = (edges: readonly number[], i: number, log: boolean) =>
    log ? Math.sqrt(edges[i] * edges[i + 1]) : (edges[i] + edges[i + 1]) / 2;
  return {
    columns: ['point', x.label, y.label, title],
    rows: [
      ...points.map((p) => [p.point, word(x, p.x), word(y, p.y), Number.isFinite(p.value) ? p.value : null]),
      ...values.flatMap((row, r) =>
        row.flatMap((value, c) =>
          Number.isFinite(value)
            ? [['', word(x, middle(columns, c, x.scale === 'log')), word(y, middle(rows, r, y.scale === 'log')), value]]
            : [],
        ),
      ),
    ],
  };
};
