import { bisectCenter } from 'd3-array';
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { FONT, type Palette } from './palette';
import { spread } from './spread';
import { drawSymbol } from './symbols';

/** One curve. */
export interface Line {
  /** Named at the line's end; without a label the line stays in the background. */
  label?: string;
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
  color: string;
  width?: number;
  alpha?: number;
  dash?: readonly number[];
  /** Domain whose shape ends the line. */
  symbol?: number;
}

/** Curves over steps with their spans. */
export interface LineChart {
  lines: readonly Line[];
  x: [number, number];
  y: [number, number];
  /** Thin vertical lines. */
  marks?: readonly { step: number; label: string }[];
  cursor: number | null;
  format(value: number): string;
}

/** Of a canvas, in CSS pixels. */
export interface Size {
  width: number;
  height: number;
}

const TOP = 10;
const BOTTOM = 26;
const TEXT = `12px ${FONT}`;
const LABEL_GAP = 16;

interface Frame {
  x: ScaleLinear<number, number>;
  y: ScaleLinear<number, number>;
  left: number;
  right: number;
  bottom: number;
}

/** Widest value that a label may have to show. */
const SAMPLE = '−00.00';

function frameOf(context: CanvasRenderingContext2D, { width, height }: Size, chart: LineChart): Frame {
  context.font = TEXT;
  const y = scaleLinear(chart.y, [height - BOTTOM, TOP]);
  const left = 8 + Math.max(...y.ticks(5).map((t) => context.measureText(y.tickFormat(5)(t)).width));
  const names = chart.lines.map((l) => (l.label ? context.measureText(l.label).width : 0));
  const labels = Math.max(...names, 0) + context.measureText(SAMPLE).width;
  const right = width - labels - 26;
  return { x: scaleLinear(chart.x, [left, right]), y, left, right, bottom: height - BOTTOM };
}

/** Upper end of the step axis: all steps, or for long runs the next halving that still has room. */
export function stepSpan(steps: number, reached: number): [number, number] {
  let top = steps;
  while (top > 1000 && top / 2 > reached * 1.05) top /= 2;
  return [0, Math.max(1, Math.ceil(top))];
}

/** Vertical span around the data, on round numbers; `empty` without data. */
export function valueSpan(extent: [number, number] | null, empty: [number, number]): [number, number] {
  if (!extent) return empty;
  const [low, high] = extent;
  const room = Math.max(0, 1 - (high - low)) / 2; // a flat curve is not blown up to noise
  const [a, b] = scaleLinear([low - room, high + room], [0, 1])
    .nice(5)
    .domain();
  return [a, b];
}

/** Position of the entry nearest to `step`; −1 without entries. */
export const nearest = (steps: ArrayLike<number>, step: number): number => (steps.length ? bisectCenter(steps, step) : -1);

/** Step at a horizontal place of the canvas, within the axis. */
export function stepAt(context: CanvasRenderingContext2D, size: Size, chart: LineChart, px: number): number {
  const { x, left, right } = frameOf(context, size, chart);
  return Math.round(x.invert(Math.min(right, Math.max(left, px))));
}

function drawAxes(context: CanvasRenderingContext2D, { x, y, left, right, bottom }: Frame, palette: Palette): void {
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  const text = y.tickFormat(5);
  for (const t of y.ticks(5)) {
    const at = Math.round(y(t)) + 0.5;
    context.strokeStyle = palette.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(left, at);
    context.lineTo(right, at);
    context.stroke();
    context.fillStyle = palette.quiet;
    context.fillText(text(t), left - 6, at);
  }
  context.textBaseline = 'alphabetic';
  context.textAlign = 'center';
  const ticks = x.ticks(Math.max(2, Math.floor((right - left) / 70))).filter(Number.isInteger);
  for (const t of ticks) context.fillText(t.toLocaleString('en'), x(t), bottom + 17);
  context.textAlign = 'left';
  context.fillText('step', right + 21, bottom + 17);
}

/** One path over the finite values; where there are more values than pixels, each pixel gets its extremes. */
function drawLine(context: CanvasRenderingContext2D, { x, y }: Frame, { steps, values, ...style }: Line): void {
  context.save();
  context.strokeStyle = style.color;
  context.lineWidth = style.width ?? 1.75;
  context.globalAlpha = style.alpha ?? 1;
  context.lineJoin = 'round';
  context.setLineDash([...(style.dash ?? [])]);
  context.beginPath();
  let open = false;
  const to = (px: number, py: number) => {
    if (open) context.lineTo(px, py);
    else context.moveTo(px, py);
    open = true;
  };
  const perPixel = Math.ceil(values.length / Math.max(1, 2 * (x.range()[1] - x.range()[0])));
  for (let i = 0; i < values.length; i += perPixel) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let j = i; j < Math.min(values.length, i + perPixel); j++) {
      const v = values[j];
      if (v < low) low = v;
      if (v > high) high = v;
    }
    if (low > high) continue;
    const px = x(steps[i]);
    to(px, y(high));
    if (low < high) to(px, y(low));
  }
  context.stroke();
  context.restore();
}

function drawMarks(
  context: CanvasRenderingContext2D,
  { x, left, right, bottom }: Frame,
  chart: LineChart,
  palette: Palette,
): void {
  for (const { step, label } of chart.marks ?? []) {
    if (step < chart.x[0] || step > chart.x[1]) continue;
    const at = Math.round(x(step)) + 0.5;
    context.save();
    context.strokeStyle = palette.quiet;
    context.lineWidth = 1;
    context.setLineDash([2, 3]);
    context.beginPath();
    context.moveTo(at, TOP);
    context.lineTo(at, bottom);
    context.stroke();
    context.restore();
    const toLeft = at + 6 + context.measureText(label).width > right && at - left > right - at;
    context.textAlign = toLeft ? 'right' : 'left';
    context.textBaseline = 'alphabetic';
    context.lineWidth = 4;
    context.strokeStyle = palette.card;
    context.strokeText(label, at + (toLeft ? -5 : 5), bottom - 7);
    context.fillStyle = palette.quiet;
    context.fillText(label, at + (toLeft ? -5 : 5), bottom - 7);
  }
}

/** Names and values at the lines' ends, or at the cursor. */
function drawLabels(context: CanvasRenderingContext2D, frame: Frame, size: Size, chart: LineChart, palette: Palette): void {
  const { x, y, right, bottom } = frame;
  const ends = chart.lines.flatMap((line) => {
    if (!line.label) return [];
    const i = chart.cursor === null ? line.values.length - 1 : nearest(line.steps, chart.cursor);
    const value = line.values[i];
    return value === undefined || Number.isNaN(value) ? [] : [{ line, step: line.steps[i], value }];
  });
  const places = spread(
    ends.map((e) => y(e.value)),
    LABEL_GAP,
    TOP + 4,
    bottom - 4,
  );
  context.textBaseline = 'middle';
  ends.forEach(({ line, step, value }, k) => {
    const [px, py] = [x(step), y(value)];
    if (line.symbol !== undefined) drawSymbol(context, line.symbol, { x: px, y: py, radius: 4, color: line.color, open: null });
    else {
      context.fillStyle = line.color;
      context.beginPath();
      context.arc(px, py, 2.5, 0, 2 * Math.PI);
      context.fill();
    }
    const at = right + 12;
    if (line.symbol !== undefined)
      drawSymbol(context, line.symbol, { x: at, y: places[k], radius: 3.5, color: line.color, open: null });
    else {
      context.save();
      context.strokeStyle = line.color;
      context.lineWidth = line.width ?? 1.75;
      context.setLineDash((line.dash ?? []).map((d) => d / 2));
      context.beginPath();
      context.moveTo(at - 5, places[k]);
      context.lineTo(at + 5, places[k]);
      context.stroke();
      context.restore();
    }
    context.fillStyle = palette.ink;
    context.textAlign = 'left';
    context.fillText(line.label as string, at + 9, places[k]);
    context.textAlign = 'right';
    context.fillText(chart.format(value), size.width - 2, places[k]);
  });
}

function drawCursor(context: CanvasRenderingContext2D, { x, bottom }: Frame, chart: LineChart, palette: Palette): void {
  if (chart.cursor === null) return;
  const at = Math.round(x(chart.cursor)) + 0.5;
  context.strokeStyle = palette.quiet;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(at, TOP);
  context.lineTo(at, bottom);
  context.stroke();
  const text = chart.cursor.toLocaleString('en');
  const half = context.measureText(text).width / 2 + 5;
  context.fillStyle = palette.card;
  context.fillRect(at - half, bottom + 3, 2 * half, 19);
  context.fillStyle = palette.ink;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillText(text, at, bottom + 17);
}

/** Draws axes, curves, marks, cursor and the labels at the curves' ends. */
export function drawLineChart(context: CanvasRenderingContext2D, size: Size, chart: LineChart, palette: Palette): void {
  context.clearRect(0, 0, size.width, size.height);
  const frame = frameOf(context, size, chart);
  drawAxes(context, frame, palette);
  for (const line of chart.lines) drawLine(context, frame, line);
  drawMarks(context, frame, chart, palette);
  drawCursor(context, frame, chart, palette);
  drawLabels(context, frame, size, chart, palette);
}
