import { type BarChart, barsHeight, drawBars } from '../../charts/bars';
import { overPairs, overRuns } from '../../charts/intervals';
import { domainColor, LIGHT } from '../../charts/palette';
import { chartTable } from '../../charts/table';
import type { DomainInfo, EvalResult, Evaluation } from '../../store/state';
import { type Figure, figureOf } from '../figure';
import { percent, signed } from '../format';
import { numberCell, type TableCell, tableFigure } from '../tableFigure';
import { AVERAGE, type LaneView, type Score, scores } from './lanes';

const TITLE = 'Held-out accuracy';

/** Benchmarks with what they are read by, the average last. */
const benchmarks = (domains: readonly DomainInfo[]): { label: string; score: Score; domain?: number; chance?: number }[] => [
  ...domains.flatMap((d, domain) =>
    d.columns.map((c) => ({ label: c.label, domain, chance: c.chance, score: (r: EvalResult) => r.benchmarks[c.id] })),
  ),
  { label: 'Average', score: AVERAGE },
];

/** One run's accuracy at its start and at the shown step. */
export function heldOutFigure(domains: readonly DomainInfo[], first: Evaluation, shown: Evaluation): Figure {
  const all = benchmarks(domains);
  const chart: BarChart = {
    groups: [
      ...domains.map(({ label }, domain) => ({ title: label, of: all.filter((b) => b.domain === domain) })),
      { title: 'All', of: all.filter((b) => b.domain === undefined) },
    ].map(({ title, of }) => ({
      title,
      span: [0, 1] as const,
      format: percent,
      bars: of.map(({ label, domain, score }) => ({
        label,
        ...(domain === undefined ? {} : { symbol: domain, color: domainColor(LIGHT, domain) }),
        before: score(first.result),
        after: score(shown.result),
      })),
    })),
    heads: { before: `step ${first.step}`, after: `step ${shown.step}`, change: 'change' },
  };
  const { columns, rows } = chartTable(chart);
  const table = { columns: [...columns, 'chance'], rows: rows.map((row, i) => [...row, all[i].chance ?? null]) };
  return { ...figureOf(TITLE, chart, drawBars, { size: { width: 720, height: barsHeight(chart) } }), table };
}

/** Benchmarks by lanes at the shown step: means over seeds, and paired differences from the first lane. */
export function heldOutLanesFigure(
  domains: readonly DomainInfo[],
  lanes: readonly LaneView[],
  at: number | null,
  step: number,
): Figure {
  const all = benchmarks(domains).map((b) => {
    const base = scores(lanes[0], b.score, at);
    return {
      ...b,
      cells: lanes.map((lane, k) => {
        const own = scores(lane, b.score, at);
        return { ...overRuns(own), against: k > 0 ? overPairs(own, base) : null };
      }),
    };
  });
  const points = (v: number) => signed(100 * v, 1);
  const columns = [
    { text: 'Benchmark' },
    { text: 'Chance', right: true },
    ...lanes.flatMap(({ label, lane }, k) => [
      { text: label, lane, right: true },
      ...(k > 0 ? [{ text: `− ${lanes[0].label}`, quiet: true, right: true }] : []),
    ]),
  ];
  const rows = all.map(({ label, domain, chance, cells }): TableCell[] => [
    { text: label, ...(domain === undefined ? { strong: true } : { domain }) },
    { ...numberCell(chance, percent), quiet: true },
    ...cells.flatMap(({ mean, halfWidth, against }): TableCell[] => {
      const own = numberCell(mean, percent);
      const wide = halfWidth === null ? '' : ` ± ${(100 * halfWidth).toFixed(1)}`;
      const less = numberCell(against?.mean, points);
      const half = against?.halfWidth ?? null;
      return [
        { ...own, text: `${own.text}${mean === null ? '' : wide}` },
        ...(against
          ? [{ ...less, quiet: true, text: `${less.text}${half === null ? '' : ` ± ${(100 * half).toFixed(1)}`}` }]
          : []),
      ];
    }),
  ]);
  const table = {
    columns: [
      'benchmark',
      'chance',
      ...lanes.flatMap(({ label }, k) => [
        label,
        `${label} ±`,
        ...(k > 0 ? [`${label} − ${lanes[0].label}`, `${label} − ${lanes[0].label} ±`] : []),
      ]),
    ],
    rows: all.map(({ label, chance, cells }) => [
      label,
      chance ?? null,
      ...cells.flatMap(({ mean, halfWidth, against }) => [
        mean,
        halfWidth,
        ...(against ? [against.mean, against.halfWidth] : []),
      ]),
    ]),
  };
  return tableFigure(`${TITLE}, step ${step}`, { columns, rows }, { table });
}
