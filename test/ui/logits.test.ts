import { describe, expect, it } from 'vitest';
import { heatmapCell, heatmapFrame, heatmapHome, heatmapView } from '../../src/charts/heatmap';
import { distribution } from '../../src/host/analysis/distributions';
import { cosineSteps, poolOf } from '../../src/host/analysis/pool';
import { similarity } from '../../src/host/analysis/similarity';
import { cellOf, poolCells } from '../../src/host/analysis/similarityView';
import { Terms } from '../../src/host/analysis/terms';
import { finish } from '../../src/math/steps';
import type { SimilarityView } from '../../src/store/analysis';
import { Trace } from '../../src/store/trace';
import { centroidCurve, centroidsPlot, pairsOf } from '../../src/ui/logits/centroids';
import { distancesAt } from '../../src/ui/logits/DomainMatrix';
import { binSpan, fansOf, lotsOf } from '../../src/ui/logits/fans';
import { heatmapOf, meanOffDiagonal } from '../../src/ui/logits/heatmaps';
import { compact, findPair } from '../../src/ui/logits/pair';
import { paperText } from '../../src/ui/logits/paper';
import { boxView, cellAfter, viewWith } from '../../src/ui/matrix/useMatrixGestures';
import { makeFrame } from '../host/analysis/frames';

const frame = makeFrame({ seed: 3, domains: 3, prompts: 2, group: 4 });
function viewOf(scope: 'pool' | 'prompt' = 'pool'): SimilarityView {
  const pool = poolOf(frame);
  const map = similarity(new Terms(pool, finish(cosineSteps(pool)), { tau: 0.1, beta: 0.5, gamma: 0.5, switches: { scope } }));
  return {
    ...map,
    cell: (a, b) => cellOf(map, a, b),
    zoom: (rows, columns, most) => poolCells(map.matrix, map.n, rows, columns, most),
  };
}

describe('fans and histograms of the logits', () => {
  const at = (step: number, values: readonly number[]) => {
    const own = () => distribution(Float64Array.from(values), -10, 10, 400);
    return { step, logit: { crossPositive: own(), inDomainPositive: own(), negative: own() }, weight: own(), margin: own() };
  };

  it('make a fan of the quantiles of each kept step, with gaps where a role has no pairs', () => {
    const fans = fansOf([at(3, [0, 1, 2, 3, 4]), at(9, [])]);
    expect([...Array.from(fans.negative.steps)]).toEqual([3, 9]);
    expect(fans.negative.q50[0]).toBe(2);
    expect(fans.weight.q25[0]).toBe(1);
    expect(fans.margin.q95[1]).toBeNaN();
  });

  it('show all counts in a few dozen bars that never lose a pair', () => {
    for (const values of [[-10, 10], [3.02, 3.03], [0.5], Array.from({ length: 200 }, (_, i) => -4 + i / 25)]) {
      const own = distribution(Float64Array.from(values), -10, 10, 400);
      const span = binSpan([own]);
      const lots = lotsOf(own, span);
      expect(lots.reduce((s, c) => s + c, 0)).toBe(values.length);
      expect(lots.length).toBe(span.count);
      expect(span.count).toBeLessThanOrEqual(51);
      expect(span.first % span.lot).toBe(0);
    }
    // The finest bars that have room: 0.05 a bin, one beside the values at each side.
    expect(binSpan([distribution(Float64Array.of(3.02, 3.07), -10, 10, 400)])).toEqual({ first: 259, lot: 1, count: 4 });
  });
});

describe('the matrix on its canvas', () => {
  const size = { width: 600, height: 500 };
  const n = 100;
  const { left, top, side } = heatmapFrame(size);

  it('zooms into a rectangle: its cells fill the square', () => {
    const home = heatmapHome(size, n);
    const px = (cells: number) => (cells / n) * side;
    const view = boxView(size, n, home, [left + px(60), top + px(30), left + px(40), top + px(10)])!;
    expect(view).toMatchObject({ x: expect.closeTo(50, 6), y: expect.closeTo(20, 6), scale: expect.closeTo(side / 20, 6) });
    expect(boxView(size, n, home, [left + 50, top + 50, left + 52, top + 200])).toBeNull();
  });

  it('follows the chosen cell with the least move', () => {
    const view = heatmapView(size, n, { x: 50, y: 50, scale: side / 10 });
    expect(viewWith(size, n, view, { row: 50, column: 52 })).toEqual(view);
    const next = viewWith(size, n, view, { row: 50, column: 70 });
    expect([next.x, next.y]).toEqual([66, 50]);
    const heatmap = { ...heatmapOf({ frame, key: '', view: viewOf() }, { domains: [], columns: [], marks: [0, 1, 2] }, 'logit') };
    const last = viewWith(size, 24, heatmapView(size, 24, { x: 4, y: 4, scale: side / 8 }), { row: 23, column: 23 });
    expect(heatmapCell(heatmap, size, last, left + side - 1, top + side - 1)).toMatchObject({ row: 23, column: 23 });
  });

  it('moves by the arrow keys, with Shift from prompt to prompt', () => {
    const prompts = [0, 4, 8, 12];
    expect(cellAfter('ArrowDown', false, null, 12, prompts)).toEqual({ row: 0, column: 0 });
    expect(cellAfter('ArrowDown', false, { row: 11, column: 2 }, 12, prompts)).toEqual({ row: 11, column: 2 });
    expect(cellAfter('ArrowRight', true, { row: 1, column: 5 }, 12, prompts)).toEqual({ row: 1, column: 8 });
    expect(cellAfter('ArrowLeft', true, { row: 1, column: 5 }, 12, prompts)).toEqual({ row: 1, column: 4 });
    expect(cellAfter('ArrowRight', true, { row: 1, column: 9 }, 12, prompts)).toEqual({ row: 1, column: 11 });
    expect(cellAfter('x', false, null, 12, prompts)).toBeNull();
  });

  it('can show what sets pairs apart from the mean of all', () => {
    const view = viewOf();
    const names = { domains: [], columns: [], marks: [4, 2, 0] };
    const { values, reach, domain, correct } = heatmapOf({ frame, key: '', view }, names, 'centred');
    const off = Array.from(values).filter((_, at) => Math.floor(at / view.n) !== at % view.n);
    expect(off.reduce((s, v) => s + v, 0) / off.length).toBeCloseTo(0, 4);
    expect(meanOffDiagonal(Float32Array.of(9, 1, 3, 9), 2)).toBe(2);
    expect(off.filter((v) => Math.abs(v) <= reach).length / off.length).toBeGreaterThan(0.9);
    expect(new Set(Array.from(domain))).toEqual(new Set([4, 2, 0]));
    expect(correct.length).toBe(24);
    expect(heatmapOf({ frame, key: '', view }, names, 'logit').reach).toBeCloseTo(10, 6);
  });

  it('finds the hardest negative and the farthest positive', () => {
    for (const scope of ['pool', 'prompt'] as const) {
      const view = viewOf(scope);
      const cells = Array.from({ length: view.n ** 2 }, (_, at) => view.cell(Math.floor(at / view.n), at % view.n)!);
      const negatives = cells.filter((c) => c.role === 'negative');
      const positives = cells.filter((c) => c.role === (scope === 'pool' ? 'cross-positive' : 'in-domain positive'));
      const [hard, far] = (['hardest', 'farthest'] as const).map((which) => findPair(view, which)!);
      expect(view.cell(hard.row, hard.column)?.logit).toBe(Math.max(...negatives.map((c) => c.logit)));
      expect(view.cell(far.row, far.column)?.logit).toBe(Math.min(...positives.map((c) => c.logit)));
    }
  });
});

describe('distances between domains', () => {
  const trace = new Trace(10);
  const centroids = [0.8, 0.4, 0.6].map((d) => [
    [0, d, 1],
    [d, 0, null],
    [1, null, 0],
  ]);
  centroids.forEach((c, i) => {
    trace.push({ step: i + 1, metrics: {}, centroids: c, gradientCosine: [] });
  });

  it('are moving averages of 0.9, without the start’s bias', () => {
    const average = (x: number[]) => {
      const weights = x.map((_, i) => 0.1 * 0.9 ** (x.length - 1 - i));
      return x.reduce((s, v, i) => s + weights[i] * v, 0) / weights.reduce((s, w) => s + w, 0);
    };
    expect(centroidCurve(trace, [0, 1])[2]).toBeCloseTo(average([0.8, 0.4, 0.6]), 9);
    expect(distancesAt(trace, 3, 2)[1][0]).toBeCloseTo(average([0.8, 0.4]), 9);
    expect(distancesAt(trace, 3, null)).toEqual([
      [0, expect.closeTo(average([0.8, 0.4, 0.6]), 9), expect.closeTo(1, 9)],
      [expect.any(Number), 0, null],
      [expect.any(Number), null, 0],
    ]);
  });

  it('leave out muted domains and bring forward those pointed at', () => {
    const domains = ['Math', 'Science', 'ToolUse'].map((label, i) => ({ label, color: `#00000${i}`, muted: i === 2 }));
    expect(pairsOf(5)).toHaveLength(10);
    const named = (focus: readonly [number] | null, muted = true) =>
      centroidsPlot(
        trace,
        domains.map((d) => ({ ...d, muted: d.muted && muted })),
        focus,
        10,
      ).lines.flatMap((l) => (l.label ? [[l.label, l.emphasis]] : []));
    expect(named(null)).toEqual([['Math – Scie', undefined]]);
    expect(named([2], false)).toEqual([
      ['Math – Scie', 'dimmed'],
      ['Math – Tool', 'strong'],
      ['Scie – Tool', 'strong'],
    ]);
  });
});

it('writes numbers of any size, and the paper’s figures', () => {
  expect([0, 0.0345, 1.5, 0.000012, -0.00025, 12345].map(compact)).toEqual([
    '0',
    '0.0345',
    '1.50',
    '1.2 · 10⁻⁵',
    '−2.5 · 10⁻⁴',
    '1.2 · 10⁴',
  ]);
  expect([paperText('crossPositive'), paperText('attraction')]).toEqual(['6.0 → 8.8', '0.40 → 0.12']);
});
