import { expect, test } from 'vitest';
import type { Cloud } from '../../src/charts/cloud';
import { figureSvg } from '../../src/charts/figure';
import { toCanvas, type View } from '../../src/charts/view';
import { resolve } from '../../src/config/resolve';
import { nextFilmMap } from '../../src/host/analysis/film';
import { inspect } from '../../src/host/analysis/inspect';
import { cosineSteps, poolOf } from '../../src/host/analysis/pool';
import { summarise } from '../../src/host/analysis/summaries';
import { Terms } from '../../src/host/analysis/terms';
import { catalog } from '../../src/host/catalog';
import { finish } from '../../src/math/steps';
import type { Frame } from '../../src/store/state';
import { arrowsOn, MOST_ARROWS } from '../../src/ui/geometry/arrows';
import { balance, contrastOf, forcesOn } from '../../src/ui/geometry/contrast';
import { pictureWords } from '../../src/ui/geometry/describe';
import type { Picture } from '../../src/ui/geometry/filmMaps';
import { type CloudChoices, cloudOf, dressed, pointOf, rowAt } from '../../src/ui/geometry/mapCloud';
import { mapFigure } from '../../src/ui/geometry/mapFigure';
import { agreement, nearInPicture } from '../../src/ui/geometry/nearness';
import { corresponds } from '../../src/ui/geometry/painter';
import { measuresOf, verdictOn } from '../../src/ui/geometry/quality';
import { frameNames, responseText, sourceOf } from '../../src/ui/geometry/source';
import { startsOf } from '../../src/ui/geometry/starts';
import { carried, dragged, isSmall, steadyStage, steadyView, zoomed } from '../../src/ui/geometry/viewport';
import { makeFrame } from '../host/analysis/frames';

const SIZE = { width: 600, height: 400 };
const config = resolve(['tiny', 'mcpo-grpo']);
const domains = catalog(config.tasks);
const drawn = (frame: Frame, options: { dimensions?: 2 | 3; sample?: number } = {}): Picture => ({
  frame,
  map: nextFilmMap(null, frame, { method: 'pca', dimensions: 2, seed: 1, prototypes: true, ...options }),
  on: null,
});
const CHOICES: CloudChoices = { color: 'domain', show: 'all', muted: [], means: true, links: true, trails: [] };
const pool = makeFrame({ seed: 5, prompts: 4, group: 4, width: 8 });

const inspected = (frame: Frame, row: number) => {
  const data = poolOf(frame);
  return inspect(new Terms(data, finish(cosineSteps(data)), contrastOf(config, frame)), row);
};

test('a view stays while it shows all in a good size, and fits anew otherwise', () => {
  const near = Float32Array.from([-1, -1, 1, 1]);
  const first = steadyView(null, [near], SIZE);
  expect(steadyView(first, [near, Float32Array.from([0.9, 0.5])], SIZE)).toBe(first);
  const far = steadyView(first, [near, Float32Array.from([5, 0])], SIZE);
  expect(far).not.toBe(first);
  for (const [x, y] of [
    [-1, -1],
    [1, 1],
    [5, 0],
  ] as const) {
    const [px, py] = toCanvas(far, SIZE, x, y);
    expect(Math.min(px, py, SIZE.width - px, SIZE.height - py)).toBeGreaterThan(0);
  }
  expect(steadyView(far, [near], SIZE)).toEqual(first);
  const stage = steadyStage(null, [Float32Array.from([-1, 0, 0, 1, 0, 0])]);
  expect(steadyStage(stage, [Float32Array.from([-0.9, 0, 0, 0.9, 0, 0])])).toBe(stage);
  expect(steadyStage(stage, [Float32Array.from([-2, 0, 0, 2, 0, 0])]).radius).toBe(2);
});

test('carried points look the same from the new place as before from the old one', () => {
  const points = Float32Array.from([0.5, -1, 2, 3]);
  const [from, to]: View[] = [
    { x: 1, y: 2, scale: 30 },
    { x: -4, y: 0.5, scale: 7 },
  ];
  const moved = carried(points, from, to);
  for (const i of [0, 1]) {
    const before = toCanvas(from, SIZE, points[2 * i], points[2 * i + 1]);
    const after = toCanvas(to, SIZE, moved[2 * i], moved[2 * i + 1]);
    after.forEach((v, k) => expect(v).toBeCloseTo(before[k], 3));
  }
  const home = steadyView(null, [points], SIZE);
  expect(isSmall(home, home)).toBe(true);
  const large = zoomed(home, home, SIZE, 3, 10, 20);
  expect(isSmall(large, home)).toBe(false);
  expect(dragged(home, 30, 0)).toMatchObject({ y: home.y, scale: home.scale });
  // Zooming never loses the map.
  expect((zoomed(home, home, SIZE, 1e-6) as View).scale).toBeGreaterThan(0.3 * home.scale);
});

test('methods without an embedding show held-out rollouts; a file with domains of its own has its own colours', () => {
  expect(sourceOf('pool', config)).toBe('pool');
  expect(sourceOf('pool', resolve(['tiny', 'grpo']))).toBe('heldOut');
  expect(sourceOf('file', resolve(['tiny', 'grpo']))).toBe('file');
  const own = frameNames({ ...pool, domains: ['math', 'law', 'code'] }, domains);
  expect(own).toMatchObject({ domains: ['Math', 'law', 'Code'], marks: [0, 1, 2] });
  expect(frameNames({ ...pool, domains: ['safety', 'math', 'code'] }, domains).marks).toEqual([4, 0, 1]);
  expect(responseText({ ...pool, response: null }, 4, [])).toBe('rollout 5');
});

test('a cloud has every rollout in its place: all, half of them, or a sample', () => {
  const picture = drawn(pool);
  const names = frameNames(pool, domains);
  const cloud = cloudOf(picture, names, CHOICES, summarise(pool));
  expect(cloud.points).toBe(picture.map.points);
  const wrong = cloudOf(picture, names, { ...CHOICES, show: 'wrong' }, null);
  for (let i = 0; i < pool.n; i++) expect(Number.isFinite(wrong.points[2 * i])).toBe(pool.reward[i] < 0.5);
  // The same array again: the picture does not move when something else changes.
  expect(cloudOf(picture, names, { ...CHOICES, show: 'wrong', means: false }, null).points).toBe(wrong.points);

  const few = drawn(pool, { sample: 10 });
  const part = cloudOf(few, names, CHOICES, null);
  expect(part.domain).toHaveLength(10);
  const rows = Array.from({ length: 10 }, (_, i) => rowAt(few, i));
  rows.forEach((row, i) => {
    expect([part.domain[i], part.correct[i], part.prompt?.[i]]).toEqual([pool.domain[row], pool.reward[row], pool.prompt[row]]);
    expect(pointOf(few, row)).toBe(i);
  });
  const absent = Array.from({ length: pool.n }, (_, i) => i).find((i) => !rows.includes(i)) as number;
  expect([pointOf(few, absent), pointOf(few, null), pointOf(few, pool.n)]).toEqual([null, null, null]);
});

test('means lie amid the correct rollouts of their domain; links join the prototypes that the summary names', () => {
  const picture = drawn(pool);
  const summary = summarise(pool);
  const cloud = cloudOf(picture, frameNames(pool, domains), CHOICES, summary);
  for (const mean of cloud.centroids ?? []) {
    const rows = [...pool.domain.keys()].filter((i) => pool.domain[i] === mean.domain && pool.reward[i] > 0.5);
    const x = rows.reduce((s, i) => s + picture.map.points[2 * i], 0) / rows.length;
    expect(mean.at[0]).toBeCloseTo(x, 5);
  }
  const { links = [], prototypes = [] } = cloud;
  expect(links.length).toBeGreaterThan(3);
  links.forEach(({ from, to, weight }, k) => {
    expect(prototypes[from].prompt).toBe(summary.prototypes.prompt[summary.links.from[k]]);
    expect(prototypes[to].prompt).toBe(summary.prototypes.prompt[summary.links.to[k]]);
    expect(prototypes[from].domain).not.toBe(prototypes[to].domain);
    expect(weight).toBe(summary.links.weight[k]);
  });
});

test('pointing at a rollout rings it, pointing at a domain brings it forward', () => {
  const picture = drawn(pool);
  const cloud = cloudOf(picture, frameNames(pool, domains), CHOICES, null);
  expect(dressed(cloud, picture, { selected: 7, highlight: { rollout: 3, domain: 0 }, arrows: [] })).toMatchObject({
    selected: 7,
    hovered: 3,
    emphasis: null,
  });
  expect(dressed(cloud, picture, { selected: null, highlight: { domain: 2 }, arrows: [] })).toMatchObject({
    hovered: null,
    emphasis: { domain: 2, prompt: null },
  });
});

test('forces share the gradient: positives of an anchor pull, negatives push, what is left out does neither', () => {
  const row = [...pool.reward.keys()].find((i) => pool.reward[i] > 0.5) as number;
  const inspection = inspected(pool, row);
  const forces = forcesOn(inspection);
  // Positives of incompatible prompts have weight 0.
  const { positives, negatives } = inspection;
  const weighty = Array.from(positives.row).filter((_, k) => positives.weight[k] > 0);
  expect(weighty.length).toBeLessThan(positives.row.length);
  expect(forces.pull.map((p) => p.row).sort()).toEqual(weighty.sort());
  expect(forces.push.map((p) => p.row).sort()).toEqual(Array.from(negatives.row).sort());
  const { pull, push } = balance(forces);
  expect(pull + push).toBeCloseTo(1, 12);
  expect(forces.pull[0].share).toBe(Math.max(...forces.pull.map((p) => p.share)));
  const first = forces.pull[0].row;
  expect(forcesOn(inspection, new Set([first])).pull.map((p) => p.row)).not.toContain(first);
});

test('arrows of both kinds are on one scale, the strongest of each; in principal components they point along the true lines', () => {
  const row = [...pool.reward.keys()].find((i) => pool.reward[i] > 0.5) as number;
  const picture = drawn(pool);
  const cloud: Cloud = cloudOf(picture, frameNames(pool, domains), CHOICES, null);
  const forces = forcesOn(inspected(pool, row));
  const arrows = arrowsOn(cloud, picture, row, forces);
  expect(arrows.filter((a) => a.kind === 'pull').length).toBeLessThanOrEqual(MOST_ARROWS);
  const perShare = arrows.map((a, k) => {
    const list = a.kind === 'pull' ? forces.pull : forces.push;
    const first = arrows.findIndex((b) => b.kind === a.kind);
    return a.length / list[k - first].share;
  });
  for (const v of perShare) expect(v).toBeCloseTo(perShare[0], 6);
  const { points } = picture.map;
  const to = forces.pull[0].row;
  expect(arrows[0].along[0]).toBeCloseTo(points[2 * to] - points[2 * row], 6);
  expect(arrowsOn(cloud, picture, pool.n + 5, forces)).toEqual([]);
});

test('neighbours in the picture are compared with those in the embedding', () => {
  const picture = drawn(pool);
  const near = nearInPicture(picture, 0, 3);
  const { points } = picture.map;
  const away = (i: number) => Math.hypot(points[2 * i] - points[0], points[2 * i + 1] - points[1]);
  const others = Array.from({ length: pool.n - 1 }, (_, i) => i + 1);
  expect(near).toEqual(others.sort((a, b) => away(a) - away(b)).slice(0, 3));
  const stranger = others.at(-1) as number;
  expect(agreement(picture, 0, [near[1], near[0], stranger])).toEqual({ place: [2, 1, 0], shared: 2, strangers: [near[2]] });
});

test('pictures correspond when their points are the same rollouts or answers to the same prompts', () => {
  const held = makeFrame({ seed: 2, source: 'heldOut', step: 1 });
  const later = { ...makeFrame({ seed: 2, source: 'heldOut', step: 2 }) };
  expect(corresponds(drawn(held), drawn(later))).toBe(true);
  expect(corresponds(drawn(pool), drawn(pool))).toBe(true);
  expect(corresponds(drawn(pool), drawn({ ...pool, step: 9 }))).toBe(false);
  expect(corresponds(drawn(pool), drawn(pool, { dimensions: 3 }))).toBe(false);
});

test('the quality says in words when a picture is not to be trusted', () => {
  const { map } = drawn(pool);
  expect(verdictOn({ ...map, trustworthiness: 0.79 })).toMatchObject({
    bad: true,
    text: expect.stringContaining('Do not trust this picture'),
  });
  const good = verdictOn({ ...map, trustworthiness: 0.95, explained: [0.6, 0.3] });
  expect(good).toEqual({ bad: false, text: 'Neighbours in this picture are near in the embedding too.' });
  expect(verdictOn({ ...map, trustworthiness: 0.95, explained: [0.2, 0.11] }).text).toContain('only 31 % of the variance');
  expect(verdictOn({ ...map, method: 'tsne', explained: null }).text).toContain('mean nothing');
  expect(verdictOn({ ...map, note: 'All rollouts have the same vector: there is nothing to tell apart.' }).bad).toBe(true);
  const shown = measuresOf(drawn(pool), summarise(pool));
  expect(shown.map((m) => m.name)).toEqual([
    'Trustworthiness',
    'Domain purity',
    'Effective rank',
    'Variance shown',
    'Alignment',
    'Uniformity',
  ]);
  for (const { value } of shown) expect(value).toMatch(/\d/);
});

test('a map for a file has the places of its points, its legend and its words, in the plane and in space', () => {
  for (const dimensions of [2, 3] as const) {
    const picture = drawn(pool, { dimensions });
    const names = frameNames(pool, domains);
    const cloud = cloudOf(picture, names, CHOICES, summarise(pool));
    const words = pictureWords(picture, names, false);
    const figure = mapFigure('Map', picture, cloud, names, words, null);
    const svg = figureSvg({ width: 720, height: 560 }, figure.draw, { title: figure.title, description: words });
    for (const label of names.domains) expect(svg).toContain(label);
    expect(svg).toContain('PCA map in');
    expect(figure.table.rows).toHaveLength(pool.n);
    expect(figure.table.rows[7].slice(0, dimensions)).toEqual([...picture.map.points.subarray(7 * dimensions, 8 * dimensions)]);
    expect(figure.table.columns.slice(0, dimensions)).toEqual(['x', 'y', 'z'].slice(0, dimensions));
  }
});

test('begins with the rollouts that training moves most, a correct and a wrong one of each domain', () => {
  const frame = {
    n: 7,
    domain: Uint32Array.of(1, 1, 1, 1, 0, 0, 4),
    reward: Float32Array.of(1, 1, 0, 0, 0, 0, 1),
    advantage: Float32Array.of(0.5, 1.5, -0.2, -0.9, 0, 0, 0),
  };
  const starts = [
    { domain: 0, rollouts: 2, correct: 0, rows: [4] },
    { domain: 1, rollouts: 4, correct: 2, rows: [1, 3] },
    { domain: 4, rollouts: 1, correct: 1, rows: [6] },
  ];
  expect(startsOf(frame)).toEqual(starts);
  // Held-out rollouts have no advantage.
  expect(startsOf({ ...frame, advantage: null })[1].rows).toEqual([0, 2]);
});
