import { type Band, extentOf, type Line, type LineChart, logSpan, nearest } from '../../charts/lineChart';
import { type Span, within } from '../../charts/zoom';
import type { Highlight } from '../../store/state';

/** What a curve belongs to: the pointer on it highlights that everywhere. */
interface Belonging {
  of?: Pick<Highlight, 'lane' | 'domain'>;
}

/** Smallest and largest value; null without any. */
export type Extent = readonly [number, number] | null;

/** A line chart as a view describes it; zoom, cursor, axis and emphasis come from what all charts share. */
export interface Plot extends Omit<LineChart, 'lines' | 'bands' | 'y' | 'cursor' | 'brush'> {
  lines: readonly (Line & Belonging)[];
  bands?: readonly (Band & Belonging)[];
  /** All steps there are to see. */
  x: [number, number];
  /** Vertical span on a linear axis: fixed, or made from the curves' values within the steps shown, and from the bands' (null: none). */
  y: [number, number] | ((curves: Extent, bands: Extent) => [number, number]);
  /** What the whole plot belongs to. */
  of?: Belonging['of'];
  /** The shared cursor when left out. */
  cursor?: number | null;
  /** Last step that the cursor may go to; as far as the page's runs are trained when left out. */
  reach?: number;
}

/** What all charts share. */
export interface Shared {
  zoom: Span | null;
  cursor: number | null;
  axis: 'linear' | 'log';
  highlight: Highlight;
  brush: Span | null;
}

/** The steps that a plot shows under a zoom. */
export const windowOf = (bounds: Span, zoom: Span | null): [number, number] => (zoom ? within(zoom, bounds) : [...bounds]);

const KEYS = ['lane', 'domain'] as const;

/** How a part of a plot stands out, given what the pointer is on; nothing does where nothing in the plot has to do with it. */
export function emphasisOf(parts: readonly Belonging[], highlight: Highlight): (part: Belonging) => Line['emphasis'] {
  const asked = KEYS.filter((k) => highlight[k] !== undefined && parts.some((p) => p.of?.[k] !== undefined));
  if (!parts.some((p) => asked.length > 0 && asked.every((k) => p.of?.[k] === highlight[k]))) return () => undefined;
  return (part) => (asked.every((k) => part.of?.[k] === highlight[k]) ? 'strong' : 'dimmed');
}

/** The chart to draw. */
export function chartOf(plot: Plot, shared: Shared): LineChart {
  const x = windowOf(plot.x, shared.zoom);
  const emphasis = emphasisOf([...plot.lines, ...(plot.bands ?? [])], shared.highlight);
  const lines = plot.lines.map((l) => ({ ...l, emphasis: l.emphasis ?? emphasis(l) }));
  const bands = plot.bands?.map((b) => ({ ...b, emphasis: b.emphasis ?? emphasis(b) }));
  const yScale = plot.yScale ?? shared.axis;
  const y: [number, number] =
    yScale === 'log'
      ? logSpan(extentOf(lines, [], x, 0), [0.1, 10])
      : typeof plot.y === 'function'
        ? plot.y(extentOf(lines, [], x), extentOf([], bands, x))
        : plot.y;
  const cursor = plot.cursor === undefined ? shared.cursor : plot.cursor;
  return { ...plot, lines, x, y, yScale, cursor, brush: shared.brush, ...(bands ? { bands } : {}) };
}

/** The values at the cursor, or the latest, in words. */
export function inWords({ lines, cursor, format, x }: LineChart): string {
  const longest = lines.reduce<Line | undefined>((a, l) => (!a || l.steps.length > a.steps.length ? l : a), undefined);
  const i = longest ? nearest(longest.steps, cursor ?? x[1]) : -1;
  if (!longest || i < 0) return 'no steps yet';
  const values = lines.flatMap((l) => {
    const at = l.label ? nearest(l.steps, longest.steps[i]) : -1;
    return at >= 0 && Number.isFinite(l.values[at]) ? [`${l.label} ${format(l.values[at])}`] : [];
  });
  return `step ${longest.steps[i]}: ${values.join(', ') || 'no data'}`;
}

/** A zoom that links can hold: whole steps; null where it shows everything. */
export function wholeSteps([from, to]: Span, bounds: Span): [number, number] | null {
  const span: [number, number] = [Math.max(bounds[0], Math.round(from)), Math.min(bounds[1], Math.round(to))];
  return span[0] <= bounds[0] && span[1] >= bounds[1] ? null : span;
}
