import { mix } from './color';
import type { DrawContext, Size } from './drawContext';
import { blocks, type Heatmap, type HeatmapFrame, heatmapFrame, MARGIN, rowsOf } from './heatmapFrame';
import { diverging, domainColor, type Palette, rampBytes } from './palette';
import { drawSymbol } from './symbols';
import { crisp, TEXT } from './text';
import type { View } from './view';

export * from './heatmapFrame';

type Cells = { palette: Palette; reach: number; picture: OffscreenCanvas };
const pictures = new WeakMap<Float32Array, Cells>();

/** One pixel per cell, RGBA; cells without a value are clear. */
export function heatmapPixels(values: Float32Array, reach: number, palette: Palette): Uint8ClampedArray<ArrayBuffer> {
  const colors = rampBytes(palette, 'diverging');
  const out = new Uint8ClampedArray(4 * values.length);
  const factor = 127.5 / Math.max(reach, 1e-12);
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (Number.isNaN(v)) continue;
    const c = 3 * Math.min(255, Math.max(0, Math.round(127.5 + v * factor)));
    out[4 * i] = colors[c];
    out[4 * i + 1] = colors[c + 1];
    out[4 * i + 2] = colors[c + 2];
    out[4 * i + 3] = 255;
  }
  return out;
}

function pictureOf({ values, reach }: Heatmap, n: number, palette: Palette): OffscreenCanvas {
  const known = pictures.get(values);
  if (known?.palette === palette && known.reach === reach) return known.picture;
  const picture = new OffscreenCanvas(n, n);
  const context = picture.getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.putImageData(new ImageData(heatmapPixels(values, reach, palette), n, n), 0, 0);
  pictures.set(values, { palette, reach, picture });
  return picture;
}

interface Scope {
  context: DrawContext;
  heatmap: Heatmap;
  frame: HeatmapFrame;
  palette: Palette;
  view: View;
  /** Place of a boundary between cells, along the columns and along the rows. */
  x(column: number): number;
  y(row: number): number;
}

function drawCells({ context, heatmap, frame, palette, view, x, y }: Scope, n: number): void {
  context.imageSmoothingEnabled = view.scale < 1;
  context.drawImage(pictureOf(heatmap, n, palette), x(0), y(0), n * view.scale, n * view.scale);
  context.imageSmoothingEnabled = true;
  const lines = (labels: ArrayLike<number>, width: number, alpha: number, least: number) => {
    const all = blocks(labels);
    if ((view.scale * n) / Math.max(1, all.length) < least) return;
    context.globalAlpha = alpha;
    context.lineWidth = width;
    context.beginPath();
    for (const { from } of all.slice(1)) {
      const [px, py] = [crisp(x(from)), crisp(y(from))];
      if (px > frame.left && px < frame.left + frame.side) {
        context.moveTo(px, frame.top);
        context.lineTo(px, frame.top + frame.side);
      }
      if (py > frame.top && py < frame.top + frame.side) {
        context.moveTo(frame.left, py);
        context.lineTo(frame.left + frame.side, py);
      }
    }
    context.stroke();
  };
  context.strokeStyle = palette.card;
  lines(heatmap.prompt, 1, 0.55, 14);
  lines(heatmap.domain, 2, 1, 3);
  context.globalAlpha = 1;
}

/** Thickness of the strips that tell domain and verdict, CSS pixels. */
const STRIP = 4;

/** Of the strip beside wrong rollouts. */
const wrongColor = (palette: Palette): string => mix(palette.line, palette.quiet, 0.15);

/** Domains and verdicts along one side. */
function drawSide({ context, heatmap, frame, palette, x, y }: Scope, side: 'left' | 'top'): void {
  const start = side === 'left' ? frame.top : frame.left;
  const edge = (side === 'left' ? frame.left : frame.top) - 2;
  const place = side === 'left' ? y : x;
  const within = (at: number) => Math.min(start + frame.side, Math.max(start, place(at)));
  const rect = (from: number, to: number, away: number) => {
    const long = Math.max(to - from, 0.5);
    if (side === 'left') context.fillRect(edge - away - STRIP, from, STRIP, long);
    else context.fillRect(from, edge - away - STRIP, long, STRIP);
  };
  for (const { value, from, to } of blocks(Array.from(heatmap.correct, (c) => (c > 0.5 ? 1 : 0)))) {
    const [a, b] = [within(from), within(to)];
    if (b <= a) continue;
    context.fillStyle = value ? palette.quiet : wrongColor(palette);
    rect(a, b, 0);
  }
  for (const { value, from, to } of blocks(heatmap.domain)) {
    const [a, b] = [within(from), within(to)];
    if (b <= a) continue;
    const color = domainColor(palette, value);
    context.fillStyle = color;
    rect(a, b > a + 2 && b < start + frame.side ? b - 1 : b, STRIP + 1);
    if (b - a < 12) continue;
    const [along, across] = [(a + b) / 2, edge - 2 * STRIP - 1 - 8];
    const at = side === 'left' ? { x: across, y: along } : { x: along, y: across };
    drawSymbol(context, value, { ...at, radius: 4.5, color, open: null });
  }
}

/** Lines along a row and its column, over the cells and the strips. */
function drawCross({ context, frame, x, y, view }: Scope, row: number, column: number): void {
  const { left, top, side } = frame;
  const near = left - MARGIN + 12;
  const lines = (from: number, to: number) => (view.scale >= 4 ? [crisp(from), crisp(to)] : [crisp((from + to) / 2)]);
  context.beginPath();
  for (const py of lines(y(row), y(row + 1))) {
    if (py < top || py > top + side) continue;
    context.moveTo(near, py);
    context.lineTo(left + side, py);
  }
  for (const px of lines(x(column), x(column + 1))) {
    if (px < left || px > left + side) continue;
    context.moveTo(px, top - MARGIN + 12);
    context.lineTo(px, top + side);
  }
  context.stroke();
}

function drawMarks(scope: Scope, n: number): void {
  const { context, heatmap, palette } = scope;
  const { cursor, rows = [] } = heatmap;
  const strokes = (color: string, width: number, alpha: number, draw: () => void) => {
    context.save();
    Object.assign(context, { strokeStyle: color, lineWidth: width, globalAlpha: alpha });
    draw();
    context.restore();
  };
  for (const row of rows.filter((r) => r >= 0 && r < n)) strokes(palette.focus, 1.25, 0.9, () => drawCross(scope, row, row));
  if (!cursor || cursor.row < 0 || cursor.column < 0 || cursor.row >= n || cursor.column >= n) return;
  strokes(palette.card, 3, 0.55, () => drawCross(scope, cursor.row, cursor.column));
  strokes(palette.ink, 1, 0.9, () => drawCross(scope, cursor.row, cursor.column));
  if (scope.view.scale < 4) return;
  const box = [scope.x(cursor.column), scope.y(cursor.row)].map(Math.round) as [number, number];
  const long = Math.round(scope.view.scale);
  strokes(palette.card, 5, 1, () => context.strokeRect(...box, long, long));
  strokes(palette.ink, 2, 1, () => context.strokeRect(...box, long, long));
}

/** Colours with their values, the value under the pointer, and what the strips mean. */
function drawLegend({ context, heatmap, frame, palette }: Scope, n: number): void {
  const { reach, title, format, cursor } = heatmap;
  const right = frame.legend === 'right';
  const long = right ? Math.min(180, Math.max(40, frame.side - 110)) : Math.min(140, frame.side * 0.42);
  const [x, y] = right ? [frame.left + frame.side + 14, frame.top + 22] : [frame.left, frame.top + frame.side + 10];
  const at = (t: number) => ((right ? 1 - t : 1 + t) / 2) * long; // t: −1 … 1
  for (let k = 0; k < long; k++) {
    context.fillStyle = diverging(palette, (right ? -1 : 1) * ((2 * (k + 0.5)) / long - 1));
    if (right) context.fillRect(x, y + k, 10, 1);
    else context.fillRect(x + k, y, 1, 10);
  }
  const value = cursor ? heatmap.values[cursor.row * n + cursor.column] : Number.NaN;
  const shown = Number.isFinite(value) ? Math.min(1, Math.max(-1, value / Math.max(reach, 1e-12))) : null;
  context.font = TEXT;
  context.textBaseline = 'middle';
  context.fillStyle = palette.quiet;
  for (const t of [-1, 0, 1]) {
    const place = at(t);
    if (shown !== null && Math.abs(place - at(shown)) < (right ? 15 : 34)) continue;
    context.textAlign = right || t === -1 ? 'left' : t === 0 ? 'center' : 'right';
    context.fillText(format(t * reach), right ? x + 16 : x + place, right ? y + place : y + 20);
  }
  if (shown !== null) {
    const place = at(shown);
    context.fillStyle = palette.ink;
    if (right) context.fillRect(x - 3, y + place - 1, 16, 2);
    else context.fillRect(x + place - 1, y - 3, 2, 16);
    context.textAlign = right ? 'left' : shown < -0.7 ? 'left' : shown > 0.7 ? 'right' : 'center';
    context.fillText(format(value), right ? x + 18 : x + place, right ? y + place : y + 20);
  }
  context.fillStyle = palette.quiet;
  context.textAlign = 'left';
  context.fillText(title, right ? x : x + long + 12, right ? frame.top + 6 : y + 5);
  drawKey(context, right ? x : x + long + 12, right ? y + long + 26 : y + 20, right, palette);
}

/** Which strip colour is which verdict. */
function drawKey(context: DrawContext, x: number, y: number, stacked: boolean, palette: Palette): void {
  let [left, top] = [x, y];
  for (const [color, text] of [
    [palette.quiet, 'correct'],
    [wrongColor(palette), 'wrong'],
  ]) {
    context.fillStyle = color;
    context.fillRect(left, top - 6, STRIP, 12);
    context.fillStyle = palette.quiet;
    context.fillText(text, left + STRIP + 5, top);
    if (stacked) top += 18;
    else left += STRIP + 5 + context.measureText(text).width + 12;
  }
}

/** Draws the cells under a view, the sides' marks, the cross and the legend. @throws RangeError when values and labels disagree */
export function drawHeatmap(context: DrawContext, size: Size, heatmap: Heatmap, view: View, palette: Palette): void {
  context.clearRect(0, 0, size.width, size.height);
  const n = rowsOf(heatmap);
  if (n === 0) return;
  const frame = heatmapFrame(size);
  const { left, top, side } = frame;
  const x = (column: number) => left + side / 2 + (column - view.x) * view.scale;
  const y = (row: number) => top + side / 2 + (row - view.y) * view.scale;
  const scope: Scope = { context, heatmap, frame, palette, view, x, y };
  context.save();
  context.beginPath();
  context.rect(left, top, side, side);
  context.clip();
  drawCells(scope, n);
  context.restore();
  drawSide(scope, 'left');
  drawSide(scope, 'top');
  drawMarks(scope, n);
  drawLegend(scope, n);
}
