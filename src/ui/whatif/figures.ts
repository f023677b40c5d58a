import { type BarChart, type BarGroup, barsHeight, drawBars } from '../../charts/bars';
import { drawHeatmap, type Heatmap, heatmapHome } from '../../charts/heatmap';
import { drawMatrix, type MatrixChart } from '../../charts/matrixChart';
import { domainColor, LIGHT } from '../../charts/palette';
import { type ChartTable, chartTable } from '../../charts/table';
import type { LogitChange } from '../../store/analysis';
import type { DomainInfo } from '../../store/state';
import { type Figure, tiledFigure } from '../figure';
import { fixed, percent } from '../format';
import { type Column, changed, columnColor } from './columns';
import { effectOf } from './effect';

const bars = (title: string, chart: BarChart): Figure => ({
  title,
  size: { width: 720, height: barsHeight(chart) },
  draw: (context, size, palette) => drawBars(context, size, chart, palette),
  table: chartTable(chart),
});

/** Every number before and after the step, with each setting. */
export function effectFigure(columns: readonly Column[], tau: number): Figure {
  const outcomes = columns.map((c) => c.outcome);
  const groups = effectOf(outcomes, tau).flatMap(({ lines }) =>
    lines.map(
      ({ row, moves }): BarGroup => ({
        title: row.label,
        format: (v) => (row.percent ? percent(v) : fixed(v, row.digits)),
        bars: moves.map(({ before, after }, i) => ({
          label: columns[i].name,
          color: columnColor(LIGHT, columns[i]),
          after,
          ...(row.once ? {} : { before }),
        })),
      }),
    ),
  );
  return bars('What the step does', { groups, heads: { before: 'before', after: 'after', change: 'change' } });
}

/** Cosine of each domain's gradient with the run's; its length in the table. */
export function gradientFigure(columns: readonly Column[], domains: readonly DomainInfo[]): Figure {
  const shown = changed(columns);
  const groups = shown.map(
    ({ name, outcome }): BarGroup => ({
      title: `${name}: cosine with the run’s gradient`,
      span: [-1, 1],
      format: (v) => fixed(v, 4),
      bars: [
        ...domains.map(({ label }, d) => ({
          label,
          symbol: d,
          color: domainColor(LIGHT, d),
          after: outcome.domainGradients[d].cosine,
        })),
        { label: 'Together', after: outcome.gradient.cosine },
        { label: 'Step Δθ', after: outcome.change.cosine },
      ],
    }),
  );
  const names = [...domains.map((d) => d.label), 'Together', 'Step Δθ'];
  const table: ChartTable = {
    columns: ['gradient', ...shown.flatMap(({ name }) => [`${name} cosine`, `${name} length ratio`])],
    rows: names.map((name, i) => [
      name,
      ...shown.flatMap(({ outcome }) => {
        const { cosine, ratio } = [...outcome.domainGradients, outcome.gradient, outcome.change][i];
        return [cosine, ratio];
      }),
    ]),
  };
  return { ...bars('Gradient by domain', { groups, heads: { before: '', after: 'cosine', change: '' } }), table };
}

/** Domains × domains under each setting. */
export const agreementFigure = (charts: readonly { name: string; chart: MatrixChart }[]): Figure =>
  tiledFigure(
    'Do the domains agree?',
    charts.map(({ name, chart }) => ({
      title: name,
      draw: (context, size, palette) => drawMatrix(context, size, chart, palette),
      table: chartTable(chart),
    })),
    Math.min(2, charts.length),
  );

/** The matrix of changes as a whole; the numbers are the spreads by kinds of pairs. */
export const logitFigure = (
  heatmap: Heatmap,
  spreads: readonly { name: string; roles: LogitChange['roles'] }[],
  label: string,
): Figure => ({
  title: `Change of every logit, ${label}`,
  size: { width: 640, height: 540 },
  draw: (context, size, palette) =>
    drawHeatmap(context, size, { ...heatmap, cursor: null }, heatmapHome(size, heatmap.domain.length), palette),
  table: {
    columns: ['settings', 'pairs', 'count', 'mean', '5 %', '25 %', 'median', '75 %', '95 %'],
    rows: spreads.flatMap(({ name, roles }) =>
      Object.entries(roles).map(([role, { count, mean, quantiles }]) => [
        name,
        role,
        count,
        mean,
        ...(quantiles ?? Array.from({ length: 5 }, () => null)),
      ]),
    ),
  },
});
