import { describe, expect, test } from 'vitest';
import { axisAt, drawLineChart, type LineChart, lineAt, stepAt } from '../../src/charts/lineChart';
import { LIGHT, laneColor, laneDash } from '../../src/charts/palette';
import { collisions, measuring, recorded, strokes, textsOf } from './drawn';
import { domains, race, STEPS } from './samples';

const WIDE = { width: 480, height: 300 };
const NARROW = { width: 320, height: 240 };
const draw = (chart: LineChart, size = WIDE) => recorded(size, (c, s) => drawLineChart(c, s, chart, LIGHT));
const context = measuring(WIDE);

/** One line 0 … 1 over steps 1 … 100, without labels around. */
const plain = (values: number[], rest: Partial<LineChart> = {}): LineChart => ({
  x: [1, values.length],
  y: [0, 1],
  cursor: null,
  format: (v) => v.toFixed(2),
  lines: [{ steps: values.map((_, i) => i + 1), values, color: '#123456' }],
  ...rest,
});

describe('labels', () => {
  const lanes = (count: number, parts: number): LineChart => ({
    ...domains,
    marks: [],
    levels: [],
    lines: Array.from({ length: count * parts }, (_, i) => ({
      label: `lane ${Math.floor(i / parts)} part ${i % parts}`,
      color: laneColor(LIGHT, i),
      dash: laneDash(i),
      steps: STEPS,
      values: STEPS.map((s) => 0.5 + 0.0001 * i * s),
      emphasis: i === count * parts - 1 ? ('strong' as const) : undefined,
    })),
  });

  test.each([
    ['five domains', domains],
    ['eight lanes at a cursor', race],
    ['eight lanes of three parts', lanes(8, 3)],
    ['a log axis', { ...race, yScale: 'log' as const, y: [0.01, 1] as [number, number], yLabel: 'reward' }],
  ])('of %s never lie over each other, at any width, and stay inside', (_, chart) => {
    for (const size of [WIDE, NARROW, { width: 340, height: 240 }, { width: 760, height: 220 }]) {
      const texts = textsOf(draw(chart, size)).filter((t) => t.text !== '');
      expect(collisions(texts)).toEqual([]);
      for (const t of texts) {
        expect(t.size).toBe(12);
        expect(t.left).toBeGreaterThanOrEqual(-0.5);
        expect(t.right).toBeLessThanOrEqual(size.width + 0.5);
        expect(t.y).toBeLessThanOrEqual(size.height);
      }
    }
  });

  test('that do not fit are counted, and those that stand out come first', () => {
    const words = textsOf(draw(lanes(8, 3), { width: 480, height: 200 })).map((t) => t.text);
    const shown = words.filter((w) => w.startsWith('lane'));
    expect(words).toContain(`and ${24 - shown.length} more`);
    expect(shown).toContain('lane 7 part 2');
    expect(shown.length).toBeGreaterThan(7);
  });

  test('move under the curves where it is narrow, with every lane and its value at the cursor', () => {
    const narrow = textsOf(draw(race, NARROW));
    const lowest = Math.max(
      ...textsOf(draw({ ...race, lines: race.lines.map(({ label: _, ...l }) => l) }, NARROW)).map((t) => t.y),
    );
    const values = narrow.filter((t) => /^0\.\d\d$/.test(t.text) && t.y > lowest - 80);
    expect(values).toHaveLength(8);
    expect(narrow.filter((t) => t.text.startsWith('MCPO-GRPO'))).toHaveLength(2);
    expect(textsOf(draw({ ...race, labels: 'none' }, NARROW)).map((t) => t.text)).not.toContain('GRPO');
  });

  test('show the value at the cursor, and a dash where a run does not reach', () => {
    const short = { label: 'Short', color: '#111111', steps: [1, 2, 3], values: [0.1, 0.2, 0.3] };
    const chart = { ...domains, cursor: 150, lines: [...domains.lines, short] };
    const words = textsOf(draw(chart, NARROW)).map((t) => t.text);
    expect(words[words.indexOf('Short') - 1]).toBe('–');
    const value = domains.lines[0].values[149].toFixed(2);
    expect(words[words.indexOf('Arithmetic') - 1]).toBe(value);
  });

  test('of dimmed lines are faint, as their lines are', () => {
    const focused = {
      ...race,
      lines: race.lines.map((l, i) => ({ ...l, emphasis: i === 2 ? ('strong' as const) : ('dimmed' as const) })),
    };
    const texts = textsOf(draw(focused));
    expect(texts.find((t) => t.text === 'CLIPO')?.opacity).toBe(1);
    expect(texts.find((t) => t.text === 'DAPO')?.opacity).toBeLessThan(0.6);
  });
});

describe('curves', () => {
  test('break where there is no data, and a value alone is a dot', () => {
    const svg = draw(plain([0.1, 0.2, Number.NaN, 0.4, Number.NaN, 0.6, 0.7]));
    const [pieces] = strokes(svg, '#123456');
    expect(pieces.map((p) => p.length)).toEqual([2, 2, 2]);
    expect(pieces[1][1][0] - pieces[1][0][0]).toBeLessThan(1);
  });

  test('of many steps keep their peaks', () => {
    const values = Array.from({ length: 20_000 }, (_, i) => (i === 12_345 ? 0.99 : 0.2));
    const [pieces] = strokes(draw(plain(values)), '#123456');
    const points = pieces.flat();
    expect(points.length).toBeLessThan(3000);
    const top = Math.min(...points.map((p) => p[1]));
    const flat = points[0][1];
    expect(flat - top).toBeGreaterThan(200);
  });

  test('in a window are drawn beyond its edges and cut there', () => {
    const svg = draw(
      plain(
        Array.from({ length: 100 }, (_, i) => i / 100),
        { x: [40, 60] },
      ),
    );
    const points = strokes(svg, '#123456')[0].flat();
    const { left, right } = edges(svg);
    expect(points[0][0]).toBeLessThan(left);
    expect(points.at(-1)?.[0]).toBeGreaterThan(right);
    expect(points.length).toBeLessThan(25);
    expect(svg).toContain('clip-path="url(#clip1)"');
  });

  test('with bands: an area wherever both edges are known', () => {
    const steps = [1, 2, 3, 4, 5];
    const nan = Number.NaN;
    const band = { steps, low: [0.1, 0.2, nan, 0.2, 0.1], high: [0.5, 0.6, nan, 0.6, 0.5], color: '#abcdef' };
    const svg = draw(plain([0.3, 0.4, 0.5, 0.4, 0.3], { bands: [band] }));
    const areas = [...svg.matchAll(/<path d="([^"]*)" fill="#abcdef" fill-opacity="0.16"/g)].map((m) => m[1]);
    expect(areas).toHaveLength(2);
    const ys = [...areas[0].matchAll(/,(-?[\d.]+)/g)].map((m) => Number(m[1]));
    const line = strokes(svg, '#123456')[0][0];
    expect(Math.min(...ys)).toBeLessThan(line[1][1]);
    expect(Math.max(...ys)).toBeGreaterThan(line[0][1]);
  });
});

/** Left and right end of the grid. */
function edges(svg: string): { left: number; right: number } {
  const [[from, to]] = strokes(svg, LIGHT.line)[0];
  return { left: from[0], right: to[0] };
}

describe('a log axis', () => {
  const values = [1000, 100, 10, 0, 1, -5, 0.1];
  test('puts decades at equal distances and says what it leaves out', () => {
    const svg = draw(plain(values, { yScale: 'log', y: [0.1, 1000] }));
    const [pieces] = strokes(svg, '#123456');
    expect(pieces.map((p) => p.length)).toEqual([3, 2, 2]);
    const [a, b, c] = pieces[0].map((p) => p[1]);
    expect(b - a).toBeCloseTo(c - b, 1);
    const words = textsOf(svg).map((t) => t.text);
    expect(words).toContain('log axis: 0 and below not shown');
    for (const tick of ['0.1', '1', '10', '100', '1,000']) expect(words).toContain(tick);
  });

  test('finds a span of its own where the given one is not positive, even without any positive value', () => {
    const pieces = strokes(draw(plain([8, 4, 2, 0.5], { yScale: 'log', y: [-1, 10] })), '#123456')[0];
    expect(pieces[0]).toHaveLength(4);
    const none = draw(plain([0, -1, -2], { yScale: 'log', y: [-2, 0], empty: 'Nothing above 0' }));
    expect(textsOf(none).map((t) => t.text)).toContain('log axis: 0 and below not shown');
    expect(none).not.toContain('NaN');
    expect(strokes(none, '#123456').flat(2)).toEqual([]);
  });

  test('says nothing where nothing is left out, and writes far powers short', () => {
    const words = textsOf(draw(plain([1e-6, 1e-5, 1e-4], { yScale: 'log', y: [1e-6, 1e-4] }))).map((t) => t.text);
    expect(words.join()).not.toContain('not shown');
    expect(words).toContain('10⁻⁵');
  });

  test('fills a band that reaches below 0 down to the axis', () => {
    const svg = draw(
      plain([1, 1], { yScale: 'log', y: [0.1, 10], bands: [{ steps: [1, 2], low: [-1, -1], high: [2, 2], color: '#abcdef' }] }),
    );
    const ys = [...(/<path d="([^"]*)" fill="#abcdef"/.exec(svg)?.[1] ?? '').matchAll(/,(-?[\d.]+)/g)].map((m) => Number(m[1]));
    expect(Math.max(...ys)).toBeGreaterThan(272);
  });
});

describe('under the pointer', () => {
  const crossing: LineChart = plain([], {
    x: [0, 100],
    lines: [
      { label: 'Up', steps: [0, 100], values: [0, 1], color: '#111111' },
      { label: 'Down', steps: [0, 100], values: [1, 0], color: '#222222' },
      { steps: [0, 100], values: [0.02, 1.02], color: '#333333', alpha: 0.2 },
    ],
  });
  const svg = draw(crossing);
  const [upFrom, upTo] = strokes(svg, '#111111')[0][0];
  const at = (share: number) => [upFrom[0] + share * (upTo[0] - upFrom[0]), upFrom[1] + share * (upTo[1] - upFrom[1])];

  test('lies the nearest line, far from its points too, and none in the open', () => {
    const [x, y] = at(0.25);
    expect(lineAt(context, WIDE, crossing, x, y)).toMatchObject({ line: 0 });
    expect(lineAt(context, WIDE, crossing, x + 4, y)?.line).toBe(0);
    const [downX, downY] = at(0.75);
    expect(lineAt(context, WIDE, crossing, upFrom[0] + upTo[0] - downX, downY)?.line).toBe(1);
    expect(lineAt(context, WIDE, crossing, ...(at(0.5).map((v, k) => v + (k ? 90 : 0)) as [number, number]))).toBeNull();
    expect(lineAt(context, WIDE, crossing, 2, 290)).toBeNull();
  });

  test('the label stands for its line', () => {
    const label = textsOf(svg).find((t) => t.text === 'Down')!;
    expect(lineAt(context, WIDE, crossing, label.left + 5, label.y - 4)).toEqual({ line: 1, step: 100, value: 0 });
  });

  test('steps come from places and stay within the axis', () => {
    const middle = (upFrom[0] + upTo[0]) / 2;
    expect(stepAt(context, WIDE, crossing, middle)).toBe(50);
    expect(stepAt(context, WIDE, crossing, -50)).toBe(0);
    expect(stepAt(context, WIDE, crossing, 5000)).toBe(100);
    const { step, share, inside } = axisAt(context, WIDE, crossing, middle + 1.3);
    expect(step).not.toBe(Math.round(step));
    expect(share).toBeCloseTo(step / 100, 9);
    expect(inside).toBe(true);
    expect(axisAt(context, WIDE, crossing, WIDE.width).inside).toBe(false);
  });
});

test('without data there is a note, without one a bare grid', () => {
  const empty = plain([], { x: [0, 10] });
  expect(textsOf(draw({ ...empty, empty: 'No steps yet' })).map((t) => t.text)).toContain('No steps yet');
  expect(textsOf(draw({ ...plain([0.1, 0.2]), empty: 'No steps yet' })).map((t) => t.text)).not.toContain('No steps yet');
  expect(draw(empty)).not.toContain('NaN');
});

test('marks, levels, brush and cursor stand where their values are', () => {
  const svg = draw({ ...domains, cursor: 100, brush: [60, 40] });
  const { left, right } = edges(svg);
  const x = (step: number) => left + (step / 200) * (right - left);
  const texts = textsOf(svg);
  const tick = texts.find((t) => t.text === '100')!;
  expect((tick.left + tick.right) / 2).toBeCloseTo(x(100), 0);
  const brush = /<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" [^>]*fill-opacity="0.1"/.exec(svg)!;
  expect(Number(brush[1])).toBeCloseTo(x(40), 0);
  expect(Number(brush[2])).toBeCloseTo(x(60) - x(40), 0);
  expect(texts.map((t) => t.text)).toEqual(expect.arrayContaining(['warm-up ends', 'rolled back', 'single-domain training']));
  const far = textsOf(draw({ ...domains, x: [100, 200], cursor: 20 })).map((t) => t.text);
  expect(far).not.toContain('20');
  expect(far).not.toContain('warm-up ends');
});
