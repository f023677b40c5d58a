import type { DrawFigure } from '../charts/figure';
import { drawLineChart, type Size } from '../charts/lineChart';
import { LIGHT, type Palette } from '../charts/palette';
import type { ChartTable } from '../charts/table';
import { chartTable } from '../charts/table';
import { lab } from '../store/lab';
import { shownStep } from '../store/state';
import { optionOf } from '../store/view';
import { chartOf, inWords, type Plot } from './chart/plot';

/** A panel's picture for files: drawn in light colours, whatever the page's are. */
export interface Figure {
  title: string;
  /** CSS pixels; 720 × 400 when left out. */
  size?: Size;
  draw: DrawFigure;
  table: ChartTable;
  /** What it shows, for those who do not see it. */
  description?: string;
  /** Kept runs that it shows, by id; those on the page when left out. */
  runs?: readonly string[];
}

const SIZE: Size = { width: 720, height: 400 };
/** Height of a title over a part of a figure. */
const HEAD = 24;
const GAP = 16;
/** White around a picture. */
const MARGIN = 12;

/** A figure with white around it. */
const framed =
  (draw: DrawFigure): DrawFigure =>
  (context, { width, height }, palette) => {
    context.save();
    context.translate(MARGIN, MARGIN);
    draw(context, { width: width - 2 * MARGIN, height: height - 2 * MARGIN }, palette);
    context.restore();
  };

/** A line chart as the page shows it now: its zoom, its axis, its cursor. `plot` makes it in given colours. */
export function chartFigure(title: string, plot: (palette: Palette) => Plot, paint = drawLineChart): Figure {
  const state = lab.getState();
  const cursor = state.step > 0 ? shownStep(state) : null;
  const shared = { zoom: state.zoom, cursor, axis: optionOf(state, 'curves.axis'), highlight: {}, brush: null };
  const chart = chartOf(plot(LIGHT), shared);
  return figureOf(title, chart, paint, { description: inWords(chart) });
}

type TableChart = Parameters<typeof chartTable>[0];
type Paint<C> = (context: CanvasRenderingContext2D, size: Size, chart: C, palette: Palette) => void;

/** Any chart as a figure, drawn by `paint`. */
export const figureOf = <C extends TableChart>(
  title: string,
  chart: C,
  paint: Paint<C>,
  rest: Pick<Figure, 'size' | 'description'> = {},
): Figure => ({
  title,
  draw: (context, size, palette) => paint(context, size, chart, palette),
  table: chartTable(chart),
  ...rest,
});

/** Several figures in one, `columns` beside each other, each under its own title. */
export function tiledFigure(title: string, parts: readonly Figure[], columns: number): Figure {
  const rows = Math.ceil(parts.length / columns);
  const [cell, height] = [columns > 1 ? 420 : SIZE.width, columns > 1 ? 260 : SIZE.height];
  const size = { width: columns * cell + (columns - 1) * GAP, height: rows * (height + HEAD) + (rows - 1) * GAP };
  return {
    title,
    size,
    draw(context, _, palette) {
      parts.forEach((part, i) => {
        context.save();
        context.translate((i % columns) * (cell + GAP), Math.floor(i / columns) * (height + HEAD + GAP));
        context.save();
        context.translate(0, HEAD);
        part.draw(context, { width: cell, height }, palette);
        context.restore();
        context.fillStyle = palette.ink;
        context.font = '600 14px system-ui, sans-serif';
        context.textAlign = 'left';
        context.textBaseline = 'alphabetic';
        context.fillText(part.title, 8, 16);
        context.restore();
      });
    },
    table: joined(parts),
    description: parts.map((p) => `${p.title}: ${p.description ?? ''}`).join('; '),
  };
}

/** The parts' tables side by side, rows by their first column. */
function joined(parts: readonly Figure[]): ChartTable {
  const columns = parts.flatMap((p) => p.table.columns.slice(1).map((c) => `${p.title}: ${c}`));
  const rows = new Map<string | number | null, ChartTable['rows'][number]>();
  let at = 0;
  for (const { table } of parts) {
    const width = table.columns.length - 1;
    for (const [key, ...cells] of table.rows) {
      const row = rows.get(key) ?? columns.map(() => null);
      row.splice(at, width, ...cells);
      rows.set(key, row);
    }
    at += width;
  }
  const order = (a: string | number | null, b: string | number | null) => Number(a) - Number(b);
  return {
    columns: [parts[0]?.table.columns[0] ?? '', ...columns],
    rows: [...rows].sort(([a], [b]) => order(a, b)).map(([key, cells]) => [key, ...cells]),
  };
}

/** Forms of a figure's file. */
export const FIGURE_FORMS = ['svg', 'png', 'csv'] as const;
/** One of them. */
export type FigureForm = (typeof FIGURE_FORMS)[number];

/** Hands a figure to the user: a picture with its data, the page's link and its runs inside, or its data as a table. */
export async function save(figure: Figure, form: FigureForm): Promise<void> {
  const { title, table, description, runs } = figure;
  // What makes and packs files loads when the first one is saved.
  const exchange = await import('../store/exchange');
  if (form === 'csv') return exchange.saveTable(title, table);
  const { figurePng, figureSvg } = await import('../charts/figure');
  const draw = framed(figure.draw);
  const { width, height } = figure.size ?? SIZE;
  const size = { width: width + 2 * MARGIN, height: height + 2 * MARGIN };
  const picture =
    form === 'svg'
      ? { svg: figureSvg(size, draw, { title, ...(description ? { description } : {}) }) }
      : { png: await figurePng(size, draw) };
  await exchange.saveFigure(picture, title, table, runs);
}
