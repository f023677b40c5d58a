import { describe, expect, test } from 'vitest';
import { HOME, type Scene, stageOf } from '../../src/charts/camera';
import { type Cloud, forces, LEVEL, lookOf } from '../../src/charts/cloud';
import { legendOf } from '../../src/charts/cloudLegend';
import { contrast } from '../../src/charts/color';
import { DARK, LIGHT } from '../../src/charts/palette';
import { drawArea, drawScatter, pointAt, pointsIn, projectionOf, prototypeAt } from '../../src/charts/scatter';
import { depthOrder, drawScatter3d, pointAt3d, pointsIn3d, projectionOf3d, spotsOf3d } from '../../src/charts/scatter3d';
import { toSvg } from '../../src/charts/svgContext';
import { ESTIMATE } from '../../src/charts/svgText';
import { columnColor, markColor, promptColor } from '../../src/charts/tones';
import { type Box, fitView, type Lasso, type View } from '../../src/charts/view';
import { clusters } from './cloudFixture';

const SIZE = { width: 400, height: 300 };

const svg = (cloud: Cloud, view: View | Scene) =>
  toSvg(
    SIZE,
    (context) => {
      if ('camera' in view) drawScatter3d(context, SIZE, cloud, view, LIGHT);
      else drawScatter(context, SIZE, cloud, view, LIGHT);
    },
    { title: 'cloud', measure: ESTIMATE },
  );
const count = (text: string, part: string | RegExp) => text.split(part).length - 1;

describe('looks', () => {
  const cloud = clusters(100);
  const of = (change: Partial<Cloud>) => lookOf({ ...cloud, ...change }, LIGHT);

  test('correct points lie above wrong ones, emphasised above dimmed; hidden and missing ones are left out', () => {
    const holed = Float32Array.from(cloud.points, (v, i) => (i === 7 ? Number.NaN : v));
    const look = of({ points: holed, hidden: [4], emphasis: { domain: 1 } });
    expect(look.order).toHaveLength(79);
    expect(look.level[3]).toBe(LEVEL.none);
    const rank = [...look.order].map((i) => look.level[i] * 2 + cloud.correct[i]);
    expect(rank).toEqual([...rank].sort((a, b) => a - b));
    expect([...look.order].filter((i) => look.level[i] === LEVEL.lit).every((i) => cloud.domain[i] === 1)).toBe(true);
  });

  test('filters of the emphasis are joined by and', () => {
    const lit = (emphasis: Cloud['emphasis']) =>
      [...of({ emphasis: emphasis ?? null }).level].flatMap((l, i) => (l === LEVEL.lit ? [i] : []));
    expect(lit({ prompt: 2 })).toEqual([16, 17, 18, 19, 20, 21, 22, 23]);
    expect(lit({ prompt: 2, domain: 0 })).toEqual([16, 17, 18, 19]);
    expect(lit({ rows: [3, 99, 500], domain: 0 })).toEqual([3]);
    expect(lit({ rows: [] })).toEqual([]);
    expect(lit({ domain: null })).toEqual([]);
    expect([...of({ emphasis: {} }).level].every((l) => l === LEVEL.plain)).toBe(true);
  });

  test('no domain covers the others: the order of equals is mixed, and the same every time', () => {
    const order = [...lookOf(clusters(1000), LIGHT).order];
    expect(order).toEqual([...lookOf(clusters(1000), LIGHT).order]);
    const last = order.slice(-100).map((i) => clusters(1000).domain[i]);
    expect(new Set(last).size).toBe(5);
  });

  test('colours tell what they should', () => {
    const colorOf = (change: Partial<Cloud>, row: number) => {
      const look = of(change);
      return look.colors[look.tone[row]];
    };
    const right = [...cloud.correct].indexOf(1);
    expect(colorOf({}, 50)).toBe(LIGHT.domains[2]);
    const advantage = Float32Array.from({ length: 100 }, (_, i) =>
      i === 0 ? 2 : i === 1 ? -2 : i === 2 ? 0 : i === 3 ? Number.NaN : 1,
    );
    const signed = [0, 1, 2, 3, 4].map((i) => colorOf({ color: 'advantage', advantage }, i));
    expect(signed).toEqual([1, -1, 0, 0, 0.5].map((t) => markColor(LIGHT, t)));
    expect(colorOf({ color: 'correct' }, right)).not.toBe(colorOf({ color: 'correct' }, [...cloud.correct].indexOf(0)));
    const column = Uint8Array.from({ length: 100 }, (_, i) => 2 * cloud.domain[i] + (i % 2));
    expect(new Set(of({ color: 'column', column }).colors).size).toBe(10);
    expect(new Set(of({ color: 'prompt' }).colors).size).toBe(13);
    // Without what the mode needs, colour tells the domain.
    const { advantage: _, prompt: __, ...bare } = cloud;
    for (const color of ['advantage', 'column', 'prompt'] as const)
      expect(lookOf({ ...bare, color }, LIGHT).colors).toHaveLength(5);
  });

  test('every mark is seen on its ground', () => {
    for (const palette of [LIGHT, DARK]) {
      for (let t = -1; t <= 1; t += 0.125) expect(contrast(markColor(palette, t), palette.card)).toBeGreaterThan(1.9);
      for (let p = 0; p < 64; p++) expect(contrast(promptColor(palette, p), palette.card)).toBeGreaterThan(2.4);
      for (let d = 0; d < 5; d++)
        for (let k = 0; k < 2; k++) expect(contrast(columnColor(palette, d, k, 2), palette.card)).toBeGreaterThan(1.8);
    }
  });

  test('a cloud that disagrees with itself is refused', () => {
    expect(() => of({ points: [1, 2, 3] })).toThrow('invalid cloud: 3 numbers for 100 points of 2 dimensions');
    expect(() => svg(clusters(3, 3), { x: 0, y: 0, scale: 1 })).toThrow('invalid cloud: 3 dimensions (2 in the plane)');
    expect(() => svg(clusters(3), { camera: HOME, stage: stageOf([]) })).toThrow('invalid cloud: 2 dimensions (3 in space)');
  });

  test('forces point towards the others or away, as long as their share', () => {
    const three: Cloud = { points: [0, 0, 2, 0, 0, -4], dims: 2, domain: [0, 0, 0], correct: [1, 1, 1], color: 'domain' };
    const others = [
      { row: 1, share: 0.5 },
      { row: 2, share: 0.25 },
      { row: 0, share: 9 },
    ];
    expect(forces(three, 0, others.slice(0, 2), 'pull', 60)).toEqual([
      { row: 0, along: [2, 0], length: 60, kind: 'pull', weight: 1 },
      { row: 0, along: [0, -4], length: 30, kind: 'pull', weight: 0.5 },
    ]);
    expect(forces(three, 0, others.slice(0, 1), 'push')[0]).toMatchObject({ along: [-2, -0], kind: 'push' });
    expect(forces(three, 0, others, 'push')).toHaveLength(2);
  });
});

describe('legends', () => {
  const names = { domains: ['Math', 'Code', 'Science', 'Tool use', 'Safety'], columns: ['a', 'b'] };
  test('they count what is there, and give shapes where colour tells something else', () => {
    const cloud = clusters(100);
    const plain = legendOf(cloud, LIGHT, names);
    expect(plain.items.map((i) => [i.label, i.count, i.color])).toEqual(names.domains.map((d, k) => [d, 20, LIGHT.domains[k]]));
    const right = [...cloud.correct].reduce((a, b) => a + b);
    const verdicts = legendOf({ ...cloud, color: 'correct' }, LIGHT, names);
    expect(verdicts.items.map((i) => [i.label, i.count, i.open, i.shape]).slice(0, 3)).toEqual([
      ['correct', right, false, null],
      ['wrong', 100 - right, true, null],
      ['Math', 20, false, 0],
    ]);
    const scale = legendOf(
      { ...cloud, color: 'advantage', advantage: cloud.points.length ? Array(100).fill(-1.5) : [] },
      LIGHT,
      names,
    );
    expect(scale).toMatchObject({ kind: 'scale', low: -1.5, high: 1.5 });
    const columns = legendOf(
      { ...cloud, color: 'column', column: Array.from({ length: 100 }, (_, i) => cloud.domain[i]) },
      LIGHT,
      names,
    );
    expect(columns.items.map((i) => i.label)).toEqual(['a', 'b', 'Science 1', 'Tool use 1', 'Safety 1']);
  });
});

describe('what is under the pointer', () => {
  const cloud = clusters(300);
  const view = fitView([cloud.points], SIZE);

  test('in the plane: each point at its place, none far away, none that is hidden', () => {
    const projection = projectionOf(view, SIZE);
    for (let i = 0; i < 300; i += 7) {
      const spot = projection.place(cloud.points, 2 * i)!;
      expect(pointAt(cloud, SIZE, view, spot.x, spot.y, 0.01)).toBe(i);
      expect(pointAt({ ...cloud, hidden: [0, 1, 2, 3, 4] }, SIZE, view, spot.x, spot.y)).toBe(-1);
    }
    expect(pointAt(cloud, SIZE, view, -500, -500)).toBe(-1);
  });

  test('a box and the lasso around it hold the same points, in the plane and in space', () => {
    const lasso = [
      [100, 50],
      [250, 50],
      [250, 260],
      [100, 260],
    ] as const;
    const boxed = pointsIn(cloud, SIZE, view, [250, 260, 100, 50]);
    expect(boxed.length).toBeGreaterThan(20);
    expect(pointsIn(cloud, SIZE, view, lasso)).toEqual(boxed);
    expect(pointsIn({ ...cloud, hidden: [2] }, SIZE, view, lasso)).toEqual(boxed.filter((i) => cloud.domain[i] !== 2));
    const deep = clusters(300, 3);
    const scene: Scene = { camera: HOME, stage: stageOf([deep.points]) };
    const found = pointsIn3d(deep, SIZE, scene, [100, 50, 250, 260]);
    expect(found.length).toBeGreaterThan(20);
    expect(pointsIn3d(deep, SIZE, scene, lasso)).toEqual(found);
  });

  test('in space the front one of two that overlap is meant', () => {
    const two: Cloud = { points: [0, 0, -1, 0, 0, 1, 1, 1, 0], dims: 3, domain: [0, 1, 2], correct: [1, 1, 1], color: 'domain' };
    const scene: Scene = { camera: { yaw: 0, pitch: 0, zoom: 1 }, stage: { center: [0, 0, 0], radius: 1.5 } };
    expect(pointAt3d(two, SIZE, scene, 200, 150)).toBe(1);
    expect(pointAt3d({ ...two, hidden: [1] }, SIZE, scene, 200, 150)).toBe(0);
    const spot = projectionOf3d(scene, SIZE).place(two.points, 6)!;
    expect(pointAt3d(two, SIZE, scene, spot.x, spot.y, 1)).toBe(2);
    expect(pointAt3d(two, SIZE, scene, 5, 5)).toBe(-1);
    const look = lookOf(two, LIGHT);
    const { near } = spotsOf3d(two, SIZE, scene, look.order);
    expect([...depthOrder(look, near.size)]).toEqual([0, 2, 1]);
    expect(near.size[1]).toBeGreaterThan(near.size[0]);
    expect(near.fade[1]).toBeGreaterThan(near.fade[0]);
  });

  test('prototypes', () => {
    const prototypes = [
      { at: [0, 0], domain: 0 },
      { at: [10, 0], domain: 1 },
    ];
    const projection = projectionOf({ x: 0, y: 0, scale: 10 }, SIZE);
    expect(prototypeAt({ ...cloud, prototypes }, projection, 297, 152)).toBe(1);
    expect(prototypeAt({ ...cloud, prototypes, hidden: [1] }, projection, 297, 152)).toBe(-1);
  });
});

test('a box and a lasso are outlined while they are drawn', () => {
  const outline = (area: Box | Lasso) => toSvg(SIZE, (c) => drawArea(c, area, LIGHT), { title: 'area', measure: ESTIMATE });
  expect(outline([10, 20, 30, 5])).toContain('M10,20L30,20L30,5L10,5Z');
  expect(
    outline([
      [1, 2],
      [3, 4],
      [5, 1],
    ]),
  ).toContain('M1,2L3,4L5,1Z');
  expect(outline([])).not.toContain('<path');
});

describe('pictures as vectors', () => {
  const base = clusters(40);
  const view = fitView([base.points], SIZE);
  const space: Scene = { camera: HOME, stage: stageOf([clusters(40, 3).points]) };

  test('one mark for each point that is shown', () => {
    const paths = (cloud: Cloud) => count(svg(cloud, view), '<path');
    expect(paths({ ...base, hidden: [0] })).toBe(paths(base) - 8 - [...base.correct].slice(0, 8).filter((c) => c < 0.5).length);
  });

  test('pulls are solid, pushes dashed, and both have the given length', () => {
    const arrow = (kind: 'pull' | 'push') => svg({ ...base, arrows: [{ row: 20, along: [1, 0], length: 50, kind }] }, view);
    expect(count(arrow('pull'), 'stroke-dasharray')).toBe(0);
    expect(count(arrow('push'), 'stroke-dasharray')).toBe(1);
    const [x] = [projectionOf(view, SIZE).place(base.points, 40)!.x];
    const tips = [...arrow('pull').matchAll(/M([\d.]+),([\d.]+)L[^"]*Z"/g)].map((m) => Number(m[1]));
    expect(Math.max(...tips.filter((t) => t > x && t < x + 70))).toBeCloseTo(x + 50 + 4 * 1.15 + 3, 1);
  });

  test('a strong link is wider than a weak one; a link to a hidden domain is gone', () => {
    const prototypes = [0, 1, 2].map((domain) => ({ at: [0.3 * domain, 0.2], domain }));
    const links = [
      { from: 0, to: 1, weight: 1 },
      { from: 1, to: 2, weight: 0.5 },
    ];
    const widths = (cloud: Cloud) =>
      [...svg(cloud, view).matchAll(/<path[^>]*stroke="#5b616a"[^>]*>/g)].map(([t]) =>
        Number(/stroke-width="([\d.]+)"/.exec(t)?.[1] ?? 1),
      );
    expect(widths({ ...base, prototypes, links })).toEqual([1, 2.5]);
    expect(widths({ ...base, prototypes, links, hidden: [2] })).toEqual([2.5]);
  });

  test('names, axes and rings are drawn where they are asked for, also in space', () => {
    const cloud: Cloud = { ...base, labels: [{ row: 3, text: '3 + 4' }], axes: ['first', 'second'], selected: 3, hovered: 4 };
    const text = svg(cloud, view);
    for (const word of ['3 + 4', 'first', 'second']) expect(text).toContain(`>${word}<`);
    expect(text).toContain(LIGHT.focus);
    expect(svg(base, view)).not.toContain(LIGHT.focus);
    const deep = svg({ ...clusters(40, 3), labels: [{ row: 3, text: '3 + 4' }], selected: 3 }, space);
    expect(deep).toContain('>3 + 4<');
    expect(deep).toContain(LIGHT.focus);
    expect(deep).not.toContain('NaN');
  });

  test('trails: of all points while they are few, of the chosen ones when there are many', () => {
    const lines = (cloud: Cloud) => {
      const trails = [0.8, 0.9].map((f) => Float32Array.from(cloud.points, (v) => v * f));
      return count(svg({ ...cloud, trails }, view), '<path') - count(svg(cloud, view), '<path');
    };
    expect(lines(base)).toBe(80);
    expect(lines({ ...base, emphasis: { domain: 1 } })).toBe(16);
    expect(lines({ ...clusters(500), selected: 7, hovered: 9 })).toBe(4);
  });

  test('20 000 points become few paths, with every point in them', () => {
    for (const [text, dims] of [
      [svg(clusters(20_000), fitView([clusters(20_000).points], SIZE)), 2],
      [svg(clusters(20_000, 3), { camera: HOME, stage: stageOf([clusters(20_000, 3).points]) }), 3],
    ] as const) {
      expect(count(text, '<path'), `${dims} dimensions`).toBeLessThan(900);
      expect(count(text, 'M')).toBeGreaterThan(20_000);
    }
  });
});
