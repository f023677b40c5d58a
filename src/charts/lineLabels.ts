import type { DrawContext, Size } from './drawContext';
import { type Frame, ROW } from './lineFrame';
import type { Line, LineChart } from './lineTypes';
import type { Palette } from './palette';
import { entryAt } from './spans';
import { spread } from './spread';
import { drawSymbol } from './symbols';
import { fitted, TEXT } from './text';

/** A named line: its point at the cursor or the end, and its label's place. */
export interface Label {
  /** Position in `chart.lines`. */
  line: number;
  /** NaN where the line has no value. */
  value: number;
  /** Of the line; null where it has none within the plot. */
  point: readonly [number, number] | null;
  /** Of the label: left end, middle, right end. */
  x: number;
  y: number;
  right: number;
}

const rank = { strong: 0, plain: 1, dimmed: 2 };

/** The labels that fit, in the lines' order, and how many did not. */
export function labelsOf(frame: Frame, { width, height }: Size, chart: LineChart): { shown: Label[]; left: number } {
  const { x, y, right, top, bottom, legend } = frame;
  const all = chart.lines.flatMap((line, k): (Label & { want: number; rank: number })[] => {
    if (!line.label) return [];
    const i = entryAt(line, chart.cursor, chart.x);
    const value = i < 0 ? Number.NaN : line.values[i];
    const at = y(value);
    const inside = i >= 0 && line.steps[i] >= chart.x[0] && line.steps[i] <= chart.x[1];
    const point = inside && at >= top - 1 && at <= bottom + 1 ? ([x(line.steps[i]), at] as const) : null;
    const want = Number.isFinite(at) ? Math.min(bottom - 4, Math.max(top + 4, at)) : Number.NaN;
    return [{ line: k, value, point, x: 0, y: 0, right: 0, want, rank: rank[line.emphasis ?? 'plain'] }];
  });
  const below = frame.labels === 'below';
  const found = below ? all : all.filter((l) => Number.isFinite(l.want));
  const room = below ? legend.rows * legend.columns : Math.max(1, Math.floor((bottom - top - 8) / 14) + 1);
  const kept = new Set(
    found.length <= room ? found : [...found].sort((a, b) => a.rank - b.rank || a.line - b.line).slice(0, Math.max(0, room - 1)),
  );
  const shown = found.filter((l) => kept.has(l));
  const left = found.length - shown.length;
  if (below)
    shown.forEach((l, i) => {
      l.x = (i % legend.columns) * legend.width + 2;
      l.right = l.x + legend.width - 14;
      l.y = height - legend.rows * ROW + Math.floor(i / legend.columns) * ROW + ROW / 2;
    });
  else {
    const gap = Math.min(ROW, (bottom - top - 8) / Math.max(1, shown.length + (left > 0 ? 1 : 0) - 1));
    const places = spread(
      shown.map((l) => l.want),
      gap,
      top + 4,
      bottom - 4 - (left > 0 ? gap : 0),
    );
    shown.forEach((l, i) => Object.assign(l, { x: right + 7, y: places[i], right: width - 2 }));
  }
  return { shown, left };
}

/** The line's shape, or a piece of its stroke. */
function drawMark(context: DrawContext, line: Line, x: number, y: number): void {
  if (line.symbol !== undefined) {
    drawSymbol(context, line.symbol, { x, y, radius: 3.5, color: line.color, open: null });
    return;
  }
  context.save();
  context.strokeStyle = line.color;
  context.lineWidth = line.width ?? 1.75;
  context.setLineDash((line.dash ?? []).map((d) => d / 2));
  context.beginPath();
  context.moveTo(x - 5, y);
  context.lineTo(x + 5, y);
  context.stroke();
  context.restore();
}

/** Points on the lines at the cursor or the end, with names and values beside or below. */
export function drawLabels(context: DrawContext, frame: Frame, size: Size, chart: LineChart, palette: Palette): void {
  if (frame.labels === 'none') return;
  const { shown, left } = labelsOf(frame, size, chart);
  context.font = TEXT;
  context.textBaseline = 'middle';
  for (const { line: k, value, point, x, y, right } of shown) {
    const line = chart.lines[k];
    context.globalAlpha = line.emphasis === 'dimmed' ? 0.45 : 1;
    if (point && line.symbol !== undefined)
      drawSymbol(context, line.symbol, { x: point[0], y: point[1], radius: 4, color: line.color, open: null });
    else if (point) {
      context.fillStyle = line.color;
      context.beginPath();
      context.arc(point[0], point[1], 2.5, 0, 2 * Math.PI);
      context.fill();
    }
    drawMark(context, line, x + 5, y);
    const text = Number.isFinite(value) ? chart.format(value) : '–';
    context.fillStyle = palette.ink;
    context.textAlign = 'right';
    context.fillText(text, right, y);
    context.textAlign = 'left';
    const room = right - x - 14 - context.measureText(text).width - 6;
    context.fillText(fitted(context, line.label as string, room), x + 14, y);
  }
  context.globalAlpha = 1;
  if (left === 0) return;
  context.fillStyle = palette.quiet;
  context.textAlign = 'left';
  const last = frame.labels === 'below';
  const slot = frame.legend.rows * frame.legend.columns - 1;
  const x = last ? (slot % frame.legend.columns) * frame.legend.width + 2 : frame.right + 7;
  context.fillText(`and ${left} more`, x + 14, last ? size.height - ROW / 2 : frame.bottom - 4);
}

/** The label under a place of the canvas; null without. */
export function labelAt(frame: Frame, size: Size, chart: LineChart, px: number, py: number): Label | null {
  if (frame.labels === 'none') return null;
  const { shown } = labelsOf(frame, size, chart);
  const hits = shown.filter((l) => px >= l.x - 4 && px <= l.right + 4 && Math.abs(py - l.y) <= ROW / 2);
  return hits.sort((a, b) => Math.abs(a.y - py) - Math.abs(b.y - py))[0] ?? null;
}
