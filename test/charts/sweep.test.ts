import { describe, expect, test } from 'vitest';
import { LIGHT } from '../../src/charts/palette';
import { type Axis, placeAxis, spanAround } from '../../src/charts/sweep/axis';
import { type DotChart, dotAt, dotFrame, dotPlace, dotTable, drawDots } from '../../src/charts/sweep/dots';
import {
  drawParallel,
  drawParallelLit,
  type ParallelChart,
  parallelAxisAt,
  parallelFrame,
  parallelLineAt,
  parallelSlot,
  parallelTable,
  parallelValueAt,
} from '../../src/charts/sweep/parallel';
import { drawRank, type RankChart, rankHeight } from '../../src/charts/sweep/rankBars';
import {
  drawSurface,
  type SurfaceChart,
  shareOf,
  surfaceFrame,
  surfacePointAt,
  surfaceTable,
} from '../../src/charts/sweep/surface';
import { measuring, recorded, strokes, textsOf } from './drawn';

/** The sweep's pictures: where things lie, what is hit, what is written. */

const WIDE = { width: 720, height: 320 };
const PHONE = { width: 340, height: 300 };
const number = (v: number) => v.toFixed(2);
const LAMBDA: Axis = { label: 'λ', scale: 'log', domain: [0.01, 1], format: String };
const VALUE: Axis = { label: 'value', scale: 'linear', domain: [0, 1], format: number };
const METHOD: Axis = { label: 'Method', scale: 'choice', domain: [0, 2], names: ['GRPO', 'MGS', 'MCPO'], format: String };

describe('an axis', () => {
  test('puts decades at equal distances, and nothing at 0 and below', () => {
    const { at, invert } = placeAxis(LAMBDA, [100, 300]);
    expect([0.01, 0.1, 1].map(at)).toEqual([100, 200, 300].map((v) => expect.closeTo(v, 9)));
    expect(at(0)).toBeNaN();
    expect(invert(150)).toBeCloseTo(10 ** -1.5, 9);
  });

  test('gives choices equal room and whole numbers ticks without a point', () => {
    const placed = placeAxis(METHOD, [0, 300]);
    expect([0, 1, 2].map(placed.at)).toEqual([50, 150, 250]);
    const whole = placeAxis({ ...VALUE, domain: [0, 3], integer: true }, [200, 0]);
    expect(whole.ticks.map((t) => t.text)).toEqual(['0', '1', '2', '3']);
  });

  test('leaves room around values, also around one alone', () => {
    expect(spanAround([Number.NaN])).toEqual([0, 1]);
    const [low, high] = spanAround([0.4]);
    expect(low).toBeLessThan(0.4);
    expect(high).toBeGreaterThan(0.4);
  });
});

describe('dots', () => {
  const dot = { mark: 'disc', color: '#123456', radius: 4 } as const;
  const chart: DotChart = {
    x: LAMBDA,
    y: VALUE,
    dots: [
      { ...dot, point: 3, x: 0.1, y: 0.5 },
      { ...dot, point: 4, x: 1, y: Number.NaN, mark: 'cross' },
    ],
    whiskers: [{ point: 7, x: 0.01, mean: 0.8, low: 0.7, high: 0.9, color: '#654321' }],
    steps: { label: 'best so far', color: '#abcdef', x: [0.01, 0.1], y: [0.4, 0.6] },
  };

  test('are hit where they are drawn; one without a value lies on the rail below the plot', () => {
    const context = measuring(WIDE);
    const frame = dotFrame(context, WIDE, chart);
    const [x, y] = dotPlace(frame, chart.dots[0]);
    expect(dotAt(context, WIDE, chart, x + 3, y - 3)).toBe(3);
    const [, rail] = dotPlace(frame, chart.dots[1]);
    expect(rail).toBeGreaterThan(frame.y.range[0]);
    expect(dotAt(context, WIDE, chart, frame.x.at(1), rail)).toBe(4);
    expect(dotAt(context, WIDE, chart, frame.x.at(0.01), frame.y.at(0.8))).toBe(7);
    expect(dotAt(context, WIDE, chart, x, y + 60)).toBeNull();
  });

  test('come with a best line that keeps its value until the next, and a table of both', () => {
    const svg = recorded(WIDE, (context, size) => drawDots(context, size, chart, LIGHT));
    const line = strokes(svg, '#abcdef')
      .flat()
      .find((piece) => piece.length > 2) as [number, number][];
    expect(line[1][1]).toBe(line[0][1]);
    expect(line[2][0]).toBe(line[1][0]);
    expect(line[2][1]).toBeLessThan(line[1][1]);
    expect(svg).not.toContain('NaN');
    expect(dotTable(chart)).toEqual({
      columns: ['point', 'what', 'λ', 'value', 'low', 'high', 'best so far'],
      rows: [
        [3, 'value', 0.1, 0.5, null, null, 0.6],
        [4, 'value', 1, null, null, null, 0.6],
        [7, 'mean', 0.01, 0.8, 0.7, 0.9, 0.4],
      ],
    });
  });
});

describe('parallel axes', () => {
  const chart: ParallelChart = {
    axes: [
      { key: 'a', axis: LAMBDA, brush: [0.05, 0.5] },
      { key: 'b', axis: METHOD, brush: null },
      { key: 'c', axis: VALUE, brush: null },
    ],
    lines: [
      { point: 0, values: [0.01, 0, 0.2], color: '#111111', kept: false },
      { point: 1, values: [0.1, 2, 0.9], color: '#222222', kept: true },
      { point: 2, values: [0.2, 1, Number.NaN], color: '#333333', kept: true },
    ],
    focus: null,
    moving: null,
  };
  const svg = recorded(WIDE, (context, size) => drawParallel(context, size, chart, LIGHT));

  test('hold a line for each point; a missing value has its marked place below the axis', () => {
    const frame = parallelFrame(WIDE, chart);
    expect(frame.upright).toBe(true);
    const [line] = strokes(svg, '#333333').flat();
    expect(line).toHaveLength(3);
    expect(line[2][1]).toBeGreaterThan(Math.max(frame.start, frame.end));
    expect(textsOf(svg).map((t) => t.text)).toContain('none');
    expect(svg).not.toContain('NaN');
  });

  test('keep what is not within the brushes in grey', () => {
    expect(strokes(svg, '#111111')).toEqual([]);
    expect(
      strokes(svg, LIGHT.quiet)
        .flat()
        .some((piece) => piece.length === 3),
    ).toBe(true);
  });

  test('are found by pointer, with the value there, and their new place when dropped', () => {
    const { across, start, end } = parallelFrame(WIDE, chart);
    expect(parallelAxisAt(WIDE, chart, across[1] + 3, 200)).toEqual({ axis: 1, head: false });
    expect(parallelAxisAt(WIDE, chart, across[2], 12)).toEqual({ axis: 2, head: true });
    expect(parallelAxisAt(WIDE, chart, (across[0] + across[1]) / 2, 200)).toBeNull();
    expect(parallelValueAt(WIDE, chart, 0, across[0], (start + end) / 2)).toBeCloseTo(0.1, 9);
    expect(parallelValueAt(WIDE, chart, 0, across[0], -500)).toBeCloseTo(1, 9);
    expect([across[0] - 90, across[1] + 20, across[2]].map((x) => parallelSlot(WIDE, chart, x, 0))).toEqual([0, 1, 2]);
  });

  test('give the kept line where lines cross', () => {
    const { across, placed } = parallelFrame(WIDE, chart);
    const crossing = { ...chart, lines: chart.lines.map((l) => ({ ...l, values: [0.1, 1, 0.5] })) };
    const x = (across[0] + across[1]) / 2;
    const y = (placed[0].at(0.1) + placed[1].at(1)) / 2;
    expect(parallelLineAt(WIDE, crossing, x, y)).not.toBe(0);
    expect(parallelLineAt(WIDE, chart, across[0], placed[0].at(0.01))).toBe(0);
  });

  test('lie below each other where there is no room for them side by side', () => {
    const frame = parallelFrame(PHONE, { axes: [...chart.axes, ...chart.axes], moving: null });
    expect(frame.upright).toBe(false);
    expect(
      parallelValueAt(PHONE, { ...chart, axes: [...chart.axes, ...chart.axes] }, 0, (frame.start + frame.end) / 2, 0),
    ).toBeCloseTo(0.1, 9);
  });

  test('tell a lit point its values, and tell all of them in a table', () => {
    const lit = recorded(WIDE, (context, size) => drawParallelLit(context, size, chart, 1, '#c400d6', LIGHT));
    expect(textsOf(lit).map((t) => t.text)).toEqual(['0.1', 'MCPO', '0.90']);
    expect(parallelTable(chart).rows).toEqual([
      [0, 0.01, 'GRPO', 0.2, 'no'],
      [1, 0.1, 'MCPO', 0.9, 'yes'],
      [2, 0.2, 'MGS', null, 'yes'],
    ]);
  });
});

describe('a surface', () => {
  const chart: SurfaceChart = {
    x: LAMBDA,
    y: VALUE,
    columns: [0.01, 0.1, 1],
    rows: [0, 0.5, 1],
    values: [
      [1, 2],
      [3, Number.NaN],
    ],
    points: [{ point: 5, x: 0.1, y: 0.5, value: 2, words: '2.00', mark: 'disc' }],
    span: [1, 3],
    descending: false,
    title: 'reward',
    format: number,
  };

  test('colours a cell by its value, the better the stronger, and leaves out what was not measured', () => {
    expect([1, 2, 3].map((v) => shareOf(chart, v))).toEqual([0, 0.5, 1]);
    expect([1, 2, 3].map((v) => shareOf({ ...chart, descending: true }, v))).toEqual([1, 0.5, 0]);
    const svg = recorded(WIDE, (context, size) => drawSurface(context, size, chart, LIGHT));
    const { left, right } = surfaceFrame(measuring(WIDE), WIDE, chart);
    const half = (right - left) / 2 + 0.6;
    const cells = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].filter(([, w]) => Math.abs(Number(w) - half) < 0.1);
    expect(cells).toHaveLength(3);
  });

  test('knows its points and gives cells by their middles', () => {
    const context = measuring(WIDE);
    const { x, y } = surfaceFrame(context, WIDE, chart);
    expect(surfacePointAt(context, WIDE, chart, x.at(0.1) + 4, y.at(0.5))).toBe(5);
    const { rows } = surfaceTable(chart);
    expect(rows).toHaveLength(4);
    expect(rows[1][1]).toBeCloseTo(10 ** -1.5, 9);
    expect(rows[1].slice(2)).toEqual([0.25, 1]);
  });
});

test('importance has a bar and an interval for each estimate, as long as they are', () => {
  const estimates = [
    { value: 0.5, low: 0.25, high: 0.75 },
    { value: null, low: null, high: null },
  ];
  const chart: RankChart = {
    series: ['one', 'two'],
    items: [{ label: 'λ', estimates }],
    top: 1,
    xLabel: 'share',
    format: number,
  };
  const size = { width: 400, height: rankHeight(chart) };
  const svg = recorded(size, (context, at) => drawRank(context, at, chart, LIGHT));
  const ticks = textsOf(svg);
  const middle = (text: string) => {
    const found = ticks.find((t) => t.text === text)!;
    return (found.left + found.right) / 2;
  };
  const interval = strokes(svg, LIGHT.ink)
    .flat()
    .find(([[, a], [, b]]) => a === b) as [number, number][];
  const unit = (middle('0.40') - middle('0.00')) / 0.4;
  expect(Math.abs(interval[0][0] - middle('0.00') - 0.25 * unit)).toBeLessThan(1);
  expect(Math.abs(interval[1][0] - interval[0][0] - 0.5 * unit)).toBeLessThan(1);
  expect(ticks.map((t) => t.text)).toContain('–');
});
