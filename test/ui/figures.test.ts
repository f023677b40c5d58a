import { expect, test } from 'vitest';
import { figureSvg } from '../../src/charts/figure';
import { resolve } from '../../src/config/resolve';
import { inspect } from '../../src/host/analysis/inspect';
import { cosineSteps, poolOf } from '../../src/host/analysis/pool';
import { Terms } from '../../src/host/analysis/terms';
import { catalog, vocabulary } from '../../src/host/catalog';
import { finish } from '../../src/math/steps';
import type { Figure } from '../../src/ui/figure';
import { contrastOf } from '../../src/ui/geometry/contrast';
import { inspectionFigure } from '../../src/ui/geometry/inspectionFigure';
import { frameNames } from '../../src/ui/geometry/source';
import { heldOutFigure, heldOutLanesFigure } from '../../src/ui/overview/heldOutFigure';
import { clipCurve, clipFigure } from '../../src/ui/rollouts/clipCurve';
import { tableFigure } from '../../src/ui/tableFigure';
import { stripsFigure } from '../../src/ui/whatif/stripsFigure';
import { makeFrame } from '../host/analysis/frames';

/** Tables and pictures of panels as files. */

const config = resolve(['tiny', 'mcpo-grpo']);
const domains = catalog(config.tasks);
const svgOf = (figure: Figure) => figureSvg(figure.size ?? { width: 720, height: 400 }, figure.draw, { title: figure.title });
const scoresOf = (value: number) => ({
  benchmarks: Object.fromEntries(domains.flatMap((d) => d.columns.map((c) => [c.id, value]))),
  domains: Object.fromEntries(domains.map((d) => [d.id, value])),
  average: value,
});
const evaluation = (step: number, value: number) => ({ step, result: scoresOf(value) });

test('held-out accuracy of one run has start, step and chance of every benchmark', () => {
  const figure = heldOutFigure(domains, evaluation(0, 0.25), evaluation(40, 0.5));
  const columns = domains.flatMap((d) => d.columns);
  expect(figure.table.columns).toEqual(['group', 'item', 'step 0', 'step 40', 'chance']);
  expect(figure.table.rows).toHaveLength(columns.length + 1);
  columns.forEach(({ label, chance }, i) => {
    expect(figure.table.rows[i].slice(1)).toEqual([label, 0.25, 0.5, chance]);
  });
  expect(figure.table.rows.at(-1)).toEqual(['All', 'Average', 0.25, 0.5, null]);
  expect(svgOf(figure)).toContain('+25.0 %');
});

test('held-out accuracy of a race has means, intervals and paired differences', () => {
  const lane = (place: number, values: number[]) => ({
    lane: place,
    label: ['GRPO', 'MCPO-GRPO'][place],
    config,
    runs: values.map((v) => ({ evaluations: [evaluation(10, v)] })) as never,
    traces: [],
  });
  const figure = heldOutLanesFigure(domains, [lane(0, [0.2, 0.4]), lane(1, [0.3, 0.5])], null, 10);
  const average = figure.table.rows.at(-1) as number[];
  const t = 12.7062047;
  [0.3, t * 0.1, 0.4, t * 0.1, 0.1, 0].forEach((value, i) => {
    expect(average[2 + i], figure.table.columns[2 + i]).toBeCloseTo(value, 6);
  });
  expect(figure.table.columns.slice(-2)).toEqual(['MCPO-GRPO − GRPO', 'MCPO-GRPO − GRPO ±']);
  expect(svgOf(figure)).toContain('+10.0 ± 0.0');
});

test('the inspected rollout comes first, then what acts on it, the strongest first', () => {
  const frame = makeFrame({ seed: 5, prompts: 4, group: 4, width: 8 });
  const row = frame.reward.findIndex((r) => r > 0.5);
  const data = poolOf(frame);
  const found = inspect(new Terms(data, finish(cosineSteps(data)), contrastOf(config, frame)), row);
  const { table } = inspectionFigure({ frame, names: frameNames(frame, domains), choose: () => {} }, found, vocabulary);
  const [part, gradient] = ['Part', 'Gradient'].map((c) => table.columns.indexOf(c));
  expect(table.rows).toHaveLength(1 + found.positives.row.length + found.negatives.row.length);
  expect(table.rows[0][part]).toBe('inspected');
  const pulls = table.rows.filter((r) => String(r[part]).startsWith('positive')).map((r) => r[gradient] as number);
  expect(pulls).toEqual([...found.positives.gradientShare].sort((a, b) => b - a));
  expect(pulls.length).toBeGreaterThan(0);
});

test('a token lies on its curve, whose corners are the clip range', () => {
  const token = { advantage: -0.5, ratio: 1.5, clip: { low: 0.2, high: 0.3, dual: 3 }, loss: 0.75 };
  const { corners, losses } = clipCurve(token);
  expect(corners.slice(1, 4)).toEqual([0.8, 1.3, 3]);
  // −A · clip below the range, −A ρ above it, −A c from the dual clip on.
  expect(losses[0]).toBeCloseTo(0.4, 12);
  expect(losses[2]).toBeCloseTo(0.65, 12);
  expect([losses[3], losses[4]]).toEqual([1.5, 1.5]);
  const { table, description } = clipFigure('Objective of token 1', token);
  expect(table.rows.find(([ratio]) => ratio === 1.5)).toEqual([1.5, null, 0.75]);
  expect(description).toContain('the clip range is 0.80 to 1.30');
});

test('distributions of changes keep their quantiles', () => {
  const spread = { count: 3, mean: 0.1, quantiles: [-0.2, -0.1, 0.1, 0.2, 0.4] };
  const strips = [
    { column: { name: 'Run', variant: null } as never, spread },
    { column: { name: 'A', variant: 0 } as never, spread: { count: 0, mean: null, quantiles: null } },
  ];
  const figure = stripsFigure('Every response', [{ title: 'Correct', hint: '', strips }], 3);
  expect(figure.table.rows).toEqual([
    ['Correct', 'Run', 3, 0.1, ...spread.quantiles],
    ['Correct', 'A', 0, null, null, null, null, null, null],
  ]);
  for (const text of ['+0.400', '+0.100', '–']) expect(svgOf(figure)).toContain(`>${text}<`);
});

test('a long table is drawn in part and saved whole', () => {
  const figure = tableFigure('Long', {
    columns: [{ text: 'Row' }],
    rows: Array.from({ length: 3000 }, (_, i) => [{ text: `row ${i}` }]),
  });
  expect(figure.size?.height).toBeLessThan(2400);
  expect(figure.table.rows).toHaveLength(3000);
  expect(svgOf(figure)).toContain('and 2,900 more');
});
