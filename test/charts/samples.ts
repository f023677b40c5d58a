import { bandOver } from '../../src/charts/bands';
import { type BarChart, barsHeight, drawBars } from '../../src/charts/bars';
import { fanChart, fanOf, quantilesOf } from '../../src/charts/distribution';
import { drawHistogram, type Histogram } from '../../src/charts/histogram';
import { drawLineChart, type LineChart } from '../../src/charts/lineChart';
import { drawMatrix, type MatrixChart } from '../../src/charts/matrixChart';
import { drawMatrixTrend, type MatrixTrend } from '../../src/charts/matrixTrend';
import { domainColor, LIGHT, laneColor, laneDash, type Palette } from '../../src/charts/palette';
import { smooth } from '../../src/charts/smooth';

/** One of every chart, with the data that the page would give it. */

let state = 7;
const chance = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const gauss = () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());

const fixed = (v: number) => v.toFixed(2).replace('-', '−');
export const STEPS = Array.from({ length: 200 }, (_, i) => i + 1);
const learning = (top: number) => STEPS.map((s) => Math.max(0, Math.min(1, top * (1 - Math.exp(-s / 50)) + 0.05 * gauss())));

const DOMAINS = ['Arithmetic', 'Sequences', 'Logic', 'Strings', 'Programs'];
const METHODS = ['GRPO', 'DAPO', 'CLIPO', 'MGS', 'MT-GRPO', 'MCPO-GRPO', 'MCPO-DAPO', 'MCPO-GRPO λ 0.5'];
const palette: Palette = LIGHT;
const sides = DOMAINS.map((label, i) => ({ label, symbol: i, color: domainColor(palette, i) }));
const cosine = (i: number, k: number) => (i === k ? 1 : 0.8 * Math.sin(3 * (i + k)));

/** Five domains and their mean, with marks; Logic has a gap. */
export const domains: LineChart = {
  x: [0, 200],
  y: [0, 1],
  cursor: null,
  format: fixed,
  marks: [
    { step: 40, label: 'warm-up ends' },
    { step: 50, label: 'rolled back' },
  ],
  levels: [{ value: 0.4, label: 'single-domain training' }],
  lines: DOMAINS.map((label, i) => {
    const values = learning(0.4 + 0.1 * i).map((v, s) => (i === 2 && s > 80 && s < 110 ? Number.NaN : v));
    return { label, symbol: i, color: domainColor(palette, i), steps: STEPS, values: smooth(values, 10) };
  }),
};

const means = METHODS.map((_, m) =>
  bandOver([0, 1, 2, 3].map(() => ({ steps: STEPS, values: smooth(learning(0.3 + 0.06 * m), 12) }))),
);

/** Eight lanes with bands over four seeds, at a cursor. */
export const race: LineChart = {
  ...domains,
  marks: [],
  levels: [],
  cursor: 120,
  lines: METHODS.map((label, m) => ({
    label,
    color: laneColor(palette, m),
    dash: laneDash(m),
    steps: means[m].steps,
    values: means[m].mean,
  })),
  bands: METHODS.map((label, m) => ({ ...means[m], label, color: laneColor(palette, m) })),
};

const steps10 = STEPS.filter((s) => s % 10 === 0);
const look = [
  { label: 'Across domains', color: palette.ink },
  { label: 'Within domain', color: laneColor(palette, 0), dash: [6, 3] },
  { label: 'Negative', color: laneColor(palette, 1), dash: [2, 2.5] },
];
const TOPS = [4, 6, 1];

export const fan: LineChart = fanChart(
  look.map((l, k) => ({
    ...l,
    fan: fanOf(
      steps10,
      steps10.map((s) => quantilesOf(Array.from({ length: 80 }, () => TOPS[k] * (1 - Math.exp(-s / 60)) + gauss()))),
    ),
  })),
  { x: [0, 200], y: [-3, 9], cursor: null, format: fixed },
);

const edges = Array.from({ length: 33 }, (_, i) => -4 + 0.4 * i);
export const histogram: Histogram = {
  edges,
  share: true,
  xLabel: 'logit',
  format: fixed,
  margin: { from: 0, to: 2, label: 'margin +3.00' },
  series: look.map((l, k) => ({
    ...l,
    mean: TOPS[k],
    counts: edges.slice(1).map((e) => Math.round(300 * (k + 1) * Math.exp(-((e - 0.2 - TOPS[k]) ** 2) / 2))),
  })),
};

export const matrix: MatrixChart = {
  rows: sides,
  columns: sides,
  values: DOMAINS.map((_, i) => DOMAINS.map((_, k) => (i === 4 && k === 3 ? null : cosine(i, k)))),
  scale: 'diverging',
  span: [-1, 1],
  format: fixed,
  selected: { row: 1, column: 3 },
};

export const trend: MatrixTrend = {
  rows: sides,
  columns: sides,
  steps: STEPS,
  values: DOMAINS.map((_, i) => DOMAINS.map((_, k) => (i === k ? null : STEPS.map((s) => cosine(i, k) * Math.cos(s / 30))))),
  x: [0, 200],
  y: [-1, 1],
  cursor: 90,
  format: fixed,
};

export const bars: BarChart = {
  heads: { before: 'before', after: 'after', change: 'change' },
  selected: 1,
  groups: [
    {
      title: 'Loss terms',
      format: (v) => v.toFixed(4).replace('-', '−'),
      bars: [
        { label: 'Policy', before: -0.0123, after: -0.0201 },
        { label: 'Contrast', before: 0.731, after: 0.702 },
        { label: 'KL', before: 0.0021, after: 0.0021 },
      ],
    },
    {
      title: 'Gradient cosine',
      format: fixed,
      bars: sides.map((s, i) => ({ ...s, before: i === 4 ? null : Math.sin(i), after: Math.cos(i) })),
    },
  ],
};

/** Every chart by name, with the height that it asks for. */
export const ALL: [string, (context: CanvasRenderingContext2D, size: { width: number; height: number }) => void, number][] = [
  ['domains', (c, s) => drawLineChart(c, s, domains, palette), 260],
  ['race', (c, s) => drawLineChart(c, s, race, palette), 260],
  ['log', (c, s) => drawLineChart(c, s, { ...domains, yScale: 'log', y: [0.01, 1], yLabel: 'reward' }, palette), 260],
  ['zoomed', (c, s) => drawLineChart(c, s, { ...domains, x: [70, 120], brush: [80, 90], cursor: 90 }, palette), 260],
  ['empty', (c, s) => drawLineChart(c, s, { ...domains, lines: [], empty: 'No steps yet' }, palette), 260],
  ['fan', (c, s) => drawLineChart(c, s, fan, palette), 260],
  ['histogram', (c, s) => drawHistogram(c, s, { ...histogram, hover: 14 }, palette), 260],
  ['matrix', (c, s) => drawMatrix(c, s, matrix, palette), 260],
  ['trend', (c, s) => drawMatrixTrend(c, s, trend, palette), 260],
  ['bars', (c, s) => drawBars(c, s, bars, palette), barsHeight(bars)],
];
