import { LIGHT } from '../../charts/palette';
import { drawStrips, type StripChart, stripsHeight } from '../../charts/strips';
import type { Figure } from '../figure';
import { signed } from '../format';
import { columnColor } from './columns';
import type { StripGroup } from './Strips';

/** Distributions of changes as a figure. */
export function stripsFigure(title: string, groups: readonly StripGroup[], digits: number): Figure {
  const chart: StripChart = {
    groups: groups.map(({ title: name, strips }) => ({
      title: name,
      strips: strips.map(({ column, spread }) => ({
        label: column.name,
        color: columnColor(LIGHT, column),
        quantiles: spread.quantiles,
        mean: spread.mean,
      })),
    })),
    format: (v) => signed(v, digits),
  };
  return {
    title,
    size: { width: 640, height: stripsHeight(chart) },
    draw: (context, size, palette) => drawStrips(context, size, chart, palette),
    table: {
      columns: ['responses', 'settings', 'count', 'mean', '5 %', '25 %', 'median', '75 %', '95 %'],
      rows: groups.flatMap((g) =>
        g.strips.map(({ column, spread: { count, mean, quantiles } }) => [
          g.title,
          column.name,
          count,
          mean,
          ...(quantiles ?? Array.from({ length: 5 }, () => null)),
        ]),
      ),
    },
  };
}
