import type { BarChart } from './bars';
import type { Histogram } from './histogram';
import type { LineChart } from './lineTypes';
import type { MatrixChart } from './matrixChart';
import type { MatrixTrend } from './matrixTrend';

/** A chart's data: names of the columns, then rows of as many values; null where there is none. */
export interface ChartTable {
  columns: string[];
  rows: (string | number | null)[][];
}

const orNull = (value: number | null | undefined) => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** A row per step of any line; lines without a label are numbered. */
function lineTable({ lines, bands = [], xLabel = 'step' }: LineChart): ChartTable {
  const series = [
    ...lines.map(({ label, steps, values }, i) => ({ name: label || `line ${i + 1}`, steps, values })),
    ...bands.flatMap(({ label, steps, low, high }, i) =>
      [low, high].map((values, k) => ({ name: `${label || `band ${i + 1}`} ${k ? 'high' : 'low'}`, steps, values })),
    ),
  ];
  const byStep = new Map<number, (number | null)[]>();
  series.forEach(({ steps, values }, column) => {
    for (let i = 0; i < values.length; i++) {
      let row = byStep.get(steps[i]);
      if (!row) byStep.set(steps[i], (row = series.map(() => null)));
      row[column] = orNull(values[i]);
    }
  });
  const rows = [...byStep].sort(([a], [b]) => a - b).map(([step, row]) => [step, ...row]);
  return { columns: [xLabel, ...unique(series.map((s) => s.name))], rows };
}

/** The same names, told apart by numbers where they repeat. */
function unique(names: readonly string[]): string[] {
  const count = new Map<string, number>();
  return names.map((name) => {
    const n = (count.get(name) ?? 0) + 1;
    count.set(name, n);
    return n === 1 ? name : `${name} (${n})`;
  });
}

const matrixTable = ({ rows, columns, values }: MatrixChart): ChartTable => ({
  columns: ['', ...columns.map((c) => c.label)],
  rows: rows.map((r, i) => [r.label, ...columns.map((_, k) => orNull(values[i]?.[k]))]),
});

function trendTable({ rows, columns, steps, values }: MatrixTrend): ChartTable {
  const cells = rows.flatMap((r, i) =>
    columns.flatMap((c, k) => {
      const curve = values[i]?.[k];
      return curve ? [{ name: `${r.label} × ${c.label}`, curve }] : [];
    }),
  );
  const table = Array.from(steps, (step, i) => [step, ...cells.map((c) => orNull(c.curve[i]))]);
  return { columns: ['step', ...cells.map((c) => c.name)], rows: table };
}

const histogramTable = ({ edges, series }: Histogram): ChartTable => ({
  columns: ['from', 'to', ...series.map((s) => s.label)],
  rows: Array.from({ length: Math.max(0, edges.length - 1) }, (_, i) => [
    edges[i],
    edges[i + 1],
    ...series.map((s) => orNull(s.counts[i])),
  ]),
});

const barTable = ({ groups, heads }: BarChart): ChartTable => ({
  columns: ['group', 'item', heads.before, heads.after],
  rows: groups.flatMap((g) => g.bars.map((b) => [g.title ?? '', b.label, orNull(b.before), orNull(b.after)])),
});

/** The data that a chart shows. */
export function chartTable(chart: LineChart | MatrixChart | MatrixTrend | Histogram | BarChart): ChartTable {
  if ('lines' in chart) return lineTable(chart);
  if ('groups' in chart) return barTable(chart);
  if ('edges' in chart) return histogramTable(chart);
  return 'steps' in chart ? trendTable(chart) : matrixTable(chart);
}
