import { describe, expect, test } from 'vitest';
import { barAt, barsHeight, changeText, drawBars } from '../../src/charts/bars';
import { mix } from '../../src/charts/color';
import { binAt, drawHistogram } from '../../src/charts/histogram';
import { cellAt, drawMatrix, type MatrixChart, matrixColor } from '../../src/charts/matrixChart';
import { drawMatrixTrend, trendCellAt } from '../../src/charts/matrixTrend';
import { DARK, diverging, LIGHT } from '../../src/charts/palette';
import { chartTable } from '../../src/charts/table';
import { collisions, measuring, recorded, strokes, textsOf } from './drawn';
import { bars, domains, histogram, matrix, race, STEPS, trend } from './samples';

const SIZE = { width: 480, height: 300 };
const NARROW = { width: 340, height: 240 };
const context = measuring(SIZE);
const wordsOf = (svg: string) => textsOf(svg).map((t) => t.text);

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  fill: string;
}
const boxes = (svg: string): Box[] =>
  [...svg.matchAll(/<rect x="([-\d.]+)" y="([-\d.]+)" width="([-\d.]+)" height="([-\d.]+)" fill="(#\w+)"/g)].map((m) => {
    const [x, y, width, height] = m.slice(1, 5).map(Number);
    return { x, y, width, height, fill: m[5] };
  });

describe('a histogram', () => {
  const svg = recorded(SIZE, (c, s) => drawHistogram(c, s, histogram, LIGHT));

  test('has outlines as high as their shares, over the right bins', () => {
    const ground = Math.max(
      ...strokes(svg, LIGHT.ink)
        .flat(2)
        .map(([, y]) => y),
    );
    histogram.series.forEach(({ color, counts }) => {
      const outline = strokes(svg, color).find((pieces) => pieces[0].length > 10)![0];
      const total = Array.from(counts).reduce((a, b) => a + b);
      const peak = Math.max(...Array.from(counts));
      const top = Math.min(...outline.map(([, y]) => y));
      const tallest = Math.max(
        ...histogram.series.map((s) => Math.max(...Array.from(s.counts)) / Array.from(s.counts).reduce((a, b) => a + b)),
      );
      expect((ground - top) / (ground - 34)).toBeCloseTo(peak / total / tallest, 2);
      const at = outline.find(([, y]) => y === top)![0];
      expect(binAt(context, SIZE, histogram, at + 1)).toBe(Array.from(counts).indexOf(peak));
    });
  });

  test('brackets the margin between two means', () => {
    const words = textsOf(svg);
    const label = words.find((t) => t.text === 'margin +3.00')!;
    const ends = strokes(svg, LIGHT.ink)
      .flat()
      .filter((p) => p.length === 2 && p[0][1] === p[1][1] && p[0][1] < 34);
    expect(ends).toHaveLength(1);
    const [[from], [to]] = ends[0];
    expect((label.left + label.right) / 2).toBeCloseTo((from + to) / 2, 0);
    const values = [from, to].map((x) => histogram.edges[binAt(context, SIZE, histogram, x)!]);
    expect(Math.abs(values[0] - 1)).toBeLessThan(0.41);
    expect(Math.abs(values[1] - 4)).toBeLessThan(0.41);
    const without = recorded(SIZE, (c, s) =>
      drawHistogram(c, s, { ...histogram, series: histogram.series.map((x) => ({ ...x, mean: null })) }, LIGHT),
    );
    expect(wordsOf(without)).not.toContain('margin +3.00');
  });

  test('tells means and counts, or those of the bin under the pointer', () => {
    const total = Array.from(histogram.series[2].counts).reduce((a, b) => a + b);
    expect(wordsOf(svg)).toEqual(expect.arrayContaining(['mean 4.00', 'mean 1.00', `n ${total.toLocaleString('en')}`, 'logit']));
    const words = wordsOf(recorded(SIZE, (c, s) => drawHistogram(c, s, { ...histogram, hover: 20 }, LIGHT)));
    expect(words).toEqual(expect.arrayContaining(['4.00 to 4.40', `n ${histogram.series[0].counts[20]}`]));
    expect(words).not.toContain('mean 4.00');
    expect(binAt(context, SIZE, histogram, 1)).toBeNull();
    expect(binAt(context, SIZE, histogram, 479)).toBeNull();
  });

  test('without counts says so; in counts its axis counts', () => {
    const none = {
      ...histogram,
      series: histogram.series.map((s) => ({ ...s, counts: s.counts.length ? Array(32).fill(0) : [], mean: null })),
    };
    const empty = recorded(SIZE, (c, s) => drawHistogram(c, s, { ...none, empty: 'No pairs' }, LIGHT));
    expect(wordsOf(empty)).toContain('No pairs');
    expect(empty).not.toContain('NaN');
    expect(wordsOf(svg).some((w) => w.endsWith(' %'))).toBe(true);
    const counted = recorded(SIZE, (c, s) => drawHistogram(c, s, { ...histogram, share: false }, LIGHT));
    expect(wordsOf(counted).some((w) => w.endsWith(' %'))).toBe(false);
    for (const size of [SIZE, NARROW])
      expect(collisions(textsOf(recorded(size, (c, s) => drawHistogram(c, s, histogram, LIGHT))))).toEqual([]);
  });
});

describe('a matrix', () => {
  const big: MatrixChart = {
    ...matrix,
    rows: Array.from({ length: 16 }, (_, i) => ({ label: `layer ${i}.attention` })),
    columns: Array.from({ length: 16 }, (_, i) => ({ label: `layer ${i}.out` })),
    values: Array.from({ length: 16 }, (_, i) => Array.from({ length: 16 }, (_, k) => Math.cos(i - k))),
    selected: null,
  };

  test.each([
    ['5 × 5', matrix],
    ['16 × 16', big],
    ['distances', { ...matrix, scale: 'sequential' as const, span: [0, 1] as const }],
  ])('of %s has each value’s colour where the pointer finds its cell', (_, chart) => {
    for (const size of [SIZE, NARROW])
      for (const palette of [LIGHT, DARK]) {
        const drawn = boxes(recorded(size, (c, s) => drawMatrix(c, s, chart, palette)));
        let seen = 0;
        for (const { x, y, width, height, fill } of drawn) {
          const cell = cellAt(context, size, chart, x + width / 2, y + height / 2);
          if (!cell) continue;
          expect(fill).toBe(matrixColor(chart, chart.values[cell.row][cell.column] as number, palette));
          expect(cellAt(context, size, chart, x + 0.5, y + 0.5)).toEqual(cell);
          seen++;
        }
        expect(seen).toBe(chart.values.flat().filter((v) => v !== null).length);
      }
    expect(cellAt(context, SIZE, chart, 1, 100)).toBeNull();
    expect(cellAt(context, SIZE, chart, 240, 299)).toBeNull();
  });

  test('shows values where there is room, hatches what is missing, marks the chosen cell', () => {
    const svg = recorded(SIZE, (c, s) => drawMatrix(c, s, matrix, LIGHT));
    const values = wordsOf(svg).filter((w) => /^−?\d\.\d\d$/.test(w));
    expect(values).toHaveLength(24 + 2);
    expect(wordsOf(recorded(NARROW, (c, s) => drawMatrix(c, s, big, LIGHT))).filter((w) => /^−?0\.\d\d$/.test(w))).toEqual([]);
    const hatching = strokes(svg, mix(LIGHT.line, LIGHT.quiet, 0.3));
    expect(hatching).toHaveLength(1);
    expect(hatching[0].length).toBeGreaterThan(10);
    for (const [[ax, ay], [bx, by]] of hatching[0])
      expect(cellAt(context, SIZE, matrix, (ax + bx) / 2, (ay + by) / 2)).toEqual({ row: 4, column: 3 });
    expect(svg).toContain(`stroke="${LIGHT.focus}"`);
    const plainSvg = recorded(SIZE, (c, s) => drawMatrix(c, s, { ...matrix, selected: null }, LIGHT));
    expect(plainSvg).not.toContain(LIGHT.focus);
    for (const size of [SIZE, NARROW])
      for (const chart of [matrix, big])
        expect(collisions(textsOf(recorded(size, (c, s) => drawMatrix(c, s, chart, LIGHT))))).toEqual([]);
  });

  test('reaches as far on both sides of 0 when it diverges, and stays in its scale', () => {
    const chart = { scale: 'diverging' as const, span: [-0.2, 0.8] as const };
    expect(matrixColor(chart, 0, LIGHT)).toBe(diverging(LIGHT, 0));
    expect(matrixColor(chart, -0.4, LIGHT)).toBe(diverging(LIGHT, -0.5));
    expect(matrixColor({ scale: 'sequential', span: [3, 3] }, 3, LIGHT)).toMatch(/^#/);
  });

  test('of curves has a curve and its value at the cursor in each cell', () => {
    const svg = recorded(SIZE, (c, s) => drawMatrixTrend(c, s, trend, LIGHT));
    const curves = strokes(svg, LIGHT.ink);
    expect(curves).toHaveLength(20);
    for (const [piece] of curves) expect(piece.length).toBeGreaterThan(50);
    const at = trendCellAt(context, SIZE, trend, curves[5][0][10][0], curves[5][0][10][1])!;
    expect(at).toEqual({ row: 1, column: 2 });
    const value = (trend.values[1][2] as number[])[STEPS.indexOf(90)];
    expect(wordsOf(svg)).toContain(value.toFixed(2).replace('-', '−'));
    const gap = Array.from(trend.values[0][1] as number[], (v, i) => (i > 50 && i < 70 ? Number.NaN : v));
    const holed = { ...trend, values: [[null, gap]], rows: trend.rows.slice(0, 1), columns: trend.columns.slice(0, 2) };
    expect(
      strokes(
        recorded(SIZE, (c, s) => drawMatrixTrend(c, s, holed, LIGHT)),
        LIGHT.ink,
      ),
    ).toHaveLength(2);
  });
});

describe('bars', () => {
  const size = { width: 480, height: barsHeight(bars) };
  const svg = recorded(size, (c, s) => drawBars(c, s, bars, LIGHT));

  test('write numbers in columns with signed changes', () => {
    const texts = textsOf(svg);
    const rights = (words: string[]) => words.map((w) => Math.round(texts.find((t) => t.text === w)!.right));
    expect(new Set(rights(['change', '−0.0078', '−0.0290', '0.0000'])).size).toBe(1);
    expect(new Set(rights(['after', '−0.0201', '0.7020'])).size).toBe(1);
    expect(new Set(rights(['before', '−0.0123', '0.7310'])).size).toBe(1);
    expect(texts.filter((t) => t.text === '–')).toHaveLength(2);
    expect(collisions(texts)).toEqual([]);
    const narrow = textsOf(recorded({ ...size, width: 320 }, (c, s) => drawBars(c, s, bars, LIGHT)));
    expect(narrow.map((t) => t.text)).toContain('−0.0290');
    expect(narrow.map((t) => t.text)).not.toContain('before');
    expect(collisions(narrow)).toEqual([]);
    for (const t of narrow) expect(t.right).toBeLessThanOrEqual(320);
  });

  test('a change has its sign, unless it rounds to nothing', () => {
    const two = (v: number) => v.toFixed(2);
    expect(changeText(1, 1.5, two)).toBe('+0.50');
    expect(changeText(1.5, 1, two)).toBe('−0.50');
    expect(changeText(1, 1.004, two)).toBe('0.00');
  });

  test('the item under the pointer is the one that is written there', () => {
    const places = textsOf(svg);
    const labels = bars.groups.flatMap((g) => g.bars.map((b) => b.label));
    labels.forEach((label, i) => expect(barAt(bars, places.find((t) => t.text === label)!.y - 4)).toBe(i));
    expect(barAt(bars, places.find((t) => t.text === 'Gradient cosine')!.y - 4)).toBeNull();
    expect(barAt(bars, 2)).toBeNull();
    expect(Math.max(...places.map((t) => t.y))).toBeLessThan(barsHeight(bars));
  });

  test('without a before they start at 0, left and right of it', () => {
    const plain = {
      heads: { before: '', after: 'share', change: '' },
      groups: [
        {
          format: String,
          bars: [
            { label: 'a', after: 2, color: '#aa0000' },
            { label: 'b', after: -1, color: '#bb0000' },
          ],
        },
      ],
    };
    const drawn = boxes(recorded(size, (c, s) => drawBars(c, s, plain, LIGHT)));
    const [a, b] = ['#aa0000', '#bb0000'].map((fill) => drawn.find((x) => x.fill === fill)!);
    expect(a.x).toBeCloseTo(b.x + b.width, 1);
    expect(a.width).toBeCloseTo(2 * b.width, 1);
  });
});

describe('tables', () => {
  test('of curves have a row per step and name every column once', () => {
    const { columns, rows } = chartTable({
      ...race,
      lines: [
        ...race.lines,
        { steps: [7], values: [Number.NaN], color: '#000000' },
        { label: 'GRPO', steps: [500], values: [2], color: '#000000' },
      ],
    });
    expect(columns).toHaveLength(1 + 10 + 16);
    expect(new Set(columns).size).toBe(columns.length);
    expect(columns.slice(0, 2)).toEqual(['step', 'GRPO']);
    expect(columns).toEqual(expect.arrayContaining(['line 9', 'GRPO (2)', 'DAPO low', 'DAPO high']));
    expect(rows).toHaveLength(STEPS.length + 1);
    expect(rows[6][columns.indexOf('CLIPO')]).toBe(race.lines[2].values[6]);
    expect(rows[6][9]).toBeNull();
    expect(rows.at(-1)).toEqual([500, ...columns.slice(1).map((c) => (c === 'GRPO (2)' ? 2 : null))]);
    expect(chartTable(domains).rows[90][3]).toBeNull();
  });

  test('of matrices, histograms and bars hold what is drawn', () => {
    expect(chartTable(matrix).rows[4]).toEqual(['Programs', ...matrix.values[4]]);
    expect(chartTable(trend).columns[1]).toBe('Arithmetic × Sequences');
    expect(chartTable(trend).rows).toHaveLength(STEPS.length);
    expect(chartTable(histogram).rows[3]).toEqual([
      histogram.edges[3],
      histogram.edges[4],
      ...histogram.series.map((s) => s.counts[3]),
    ]);
    expect(chartTable(bars).rows.at(-1)).toEqual(['Gradient cosine', 'Programs', null, Math.cos(4)]);
  });
});
