import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/engine/frame';
import { type FilmMap, type FilmOptions, filmOf, nextFilmMap } from '../../../src/host/analysis/film';
import { framePrototypes } from '../../../src/host/analysis/prototypes';
import { Random } from '../../../src/math/random';
import { makeFrame } from './frames';

const N = 60;

/** Held-out rollouts whose vectors turn slowly from frame to frame: the same rows, a little noise, domains drifting apart. */
function heldOut(steps: number, width = 6): Frame[] {
  const base = makeFrame({ seed: 3, source: 'heldOut', prompts: 5, group: 4, width, apart: 2, noise: 0.7 });
  return Array.from({ length: steps }, (_, step) => {
    const random = new Random(9, 99, step);
    const vectors = (base.vectors as Float32Array).map((x, at) => {
      const c = at % width;
      const partner = (base.vectors as Float32Array)[at - c + ((c + 1) % width)];
      return x + 0.04 * step * partner + 0.02 * random.normal();
    });
    return { ...base, step, vectors };
  });
}

/** Pools: other rollouts each time, around the same centres. */
const pools = (steps: number) =>
  Array.from({ length: steps }, (_, step) => makeFrame({ seed: 3, step, prompts: 5, group: 4, width: 6, apart: 2, noise: 0.7 }));

/** Root mean square movement of the centroids of (domain, correct) cells, from map to map. */
function unrest(frames: Frame[], maps: FilmMap[]): number {
  const centroids = maps.map((map, at) => {
    const { domain, reward } = frames[at];
    return Array.from({ length: 6 }, (_, cell) => {
      const rows = [...domain.keys()].filter((i) => 2 * domain[i] + reward[i] === cell);
      return [0, 1].map((d) => rows.reduce((s, i) => s + map.points[2 * i + d], 0) / rows.length);
    });
  });
  let sum = 0;
  for (let at = 1; at < maps.length; at++)
    centroids[at].forEach(([x, y], cell) => {
      sum += (x - centroids[at - 1][cell][0]) ** 2 + (y - centroids[at - 1][cell][1]) ** 2;
    });
  return Math.sqrt(sum / (6 * (maps.length - 1)));
}

const mean = (xs: number[]) => xs.reduce((s, x) => s + x, 0) / xs.length;
const shares = (maps: FilmMap[]) => maps.slice(1).map((m) => m.driftShare as number);

describe.each(['pca', 'tsne', 'umap'] as const)('a film by %s', (method) => {
  const options: FilmOptions = { method, dimensions: 2, seed: 1 };

  it('of held-out rollouts moves far less than pictures on their own', () => {
    const frames = heldOut(4);
    const film = filmOf(frames, options);
    // On their own: other seeds, as separate pictures would have, and no alignment.
    const alone = frames.map((frame, at) =>
      nextFilmMap(at ? { frame: frames[at - 1], points: film[at - 1].points } : null, frame, {
        ...options,
        seed: at,
        warm: false,
        align: false,
      }),
    );
    expect(film.map((m) => m.corresponds)).toEqual([false, true, true, true]);
    expect(film[0].drift).toBeNull();
    for (const share of shares(film)) expect(share).toBeLessThan(0.25);
    if (method !== 'pca') expect(mean(shares(film))).toBeLessThan(0.5 * mean(shares(alone)));
    for (const map of film) {
      expect(map.trustworthiness).toBeGreaterThan(0.75);
      expect(map.effectiveRank).toBeGreaterThan(1);
    }
  });

  it('of pools moves far less than pictures on their own', () => {
    const frames = pools(4);
    const film = filmOf(frames, options);
    const alone = frames.map((frame, seed) => nextFilmMap(null, frame, { ...options, seed }));
    expect(film.map((m) => m.corresponds)).toEqual([false, false, false, false]);
    expect(unrest(frames, film)).toBeLessThan((method === 'pca' ? 0.9 : 0.6) * unrest(frames, alone));
    for (const map of film.slice(1)) expect(map.drift).toBeGreaterThan(0);
  });

  it('is the same bit for bit when drawn again, or frame by frame', () => {
    const frames = pools(3);
    const film = filmOf(frames, options);
    expect(filmOf(frames, options)).toEqual(film);
    let last: FilmMap | null = null;
    frames.forEach((frame, at) => {
      last = nextFilmMap(last && { frame: frames[at - 1], points: last.points, rows: last.rows }, frame, options);
      expect(last).toEqual(film[at]);
    });
  });
});

describe('alignment', () => {
  const frames = heldOut(2);
  const options: FilmOptions = { method: 'tsne', dimensions: 2 };
  const [first] = filmOf(frames.slice(0, 1), options);
  const turn = (points: Float32Array, scale = 1) =>
    points.map((_, k) => scale * (k % 2 ? points[k - 1] : -points[k + 1])).map((x, k) => (k % 2 ? x : x + 7));

  it('undoes a turn of the picture before', () => {
    const previous = { frame: frames[0], points: turn(first.points) };
    const map = nextFilmMap(previous, frames[0], { ...options, warm: false });
    expect(map.driftShare).toBeLessThan(1e-4);
    map.points.forEach((x, k) => expect(x).toBeCloseTo(previous.points[k], 2));
    const loose = nextFilmMap(previous, frames[0], { ...options, warm: false, align: false });
    expect(loose.driftShare).toBeGreaterThan(0.5);
  });

  it('changes the size only where told to', () => {
    const previous = { frame: frames[0], points: turn(first.points, 0.5) };
    const map = nextFilmMap(previous, frames[0], { ...options, warm: false, scale: true });
    expect(map.driftShare).toBeLessThan(1e-4);
    expect(nextFilmMap(previous, frames[0], { ...options, warm: false }).driftShare).toBeGreaterThan(0.3);
  });

  it('works in space, and from a picture with too few cells', () => {
    const one = makeFrame({ seed: 8, domains: 1, prompts: 5, group: 6, correct: 1, width: 5 });
    const two = makeFrame({ seed: 8, domains: 1, prompts: 5, group: 6, correct: 1, width: 5, step: 1 });
    const film = filmOf([one, two], { method: 'tsne', dimensions: 3 });
    expect(film[1].points.length).toBe(90);
    expect(film[1].driftShare).toBeLessThan(1);
  });
});

describe('a film', () => {
  it('shows prototypes in the turned picture', () => {
    const frames = pools(2);
    const film = filmOf(frames, { method: 'pca', dimensions: 2, prototypes: true });
    film.forEach((map, at) => {
      const expected = framePrototypes(frames[at]);
      expect(map.prototypes?.prompt).toEqual(expected.prompt);
      expect(map.prototypes?.points.length).toBe(2 * expected.prompt.length);
      // A prototype lies along the mean of its prompt's correct rollouts: in PCA on the line from the origin's image through their mean.
      const { domain, prompt, reward } = frames[at];
      expected.prompt.forEach((p, k) => {
        const rows = [...prompt.keys()].filter((i) => prompt[i] === p && reward[i] === 1);
        const [x, y] = [0, 1].map((d) => mean(rows.map((i) => map.points[2 * i + d])));
        const points = map.prototypes?.points as Float32Array;
        const own = Math.hypot(points[2 * k] - x, points[2 * k + 1] - y);
        expect(own).toBeLessThan(0.5);
        expect(domain[rows[0]]).toBe(expected.domain[k]);
      });
    });
    expect(filmOf(frames.slice(0, 1), { method: 'pca', dimensions: 2 })[0].prototypes).toBeNull();
  });

  it('of samples keeps their rows', () => {
    const film = filmOf(heldOut(2), { method: 'tsne', dimensions: 2, sample: 30 });
    expect(film[1].rows).toEqual(film[0].rows);
    expect(film[1].corresponds).toBe(true);
    expect(film[1].points.length).toBe(60);
  });

  it('starts anew where frames have nothing in common', () => {
    const [frame] = pools(1);
    const wider = makeFrame({ width: 9 });
    const film = filmOf([frame, wider], { method: 'pca', dimensions: 2 });
    expect(film[1].drift).toBeNull();
    const empty = makeFrame({ prompts: 0, width: 6 });
    expect(filmOf([frame, empty, frame], { method: 'pca', dimensions: 2 }).map((m) => m.points.length)).toEqual([
      2 * N,
      0,
      2 * N,
    ]);
  });

  it('names what is wrong with a previous map or frame', () => {
    const [frame] = pools(1);
    const options: FilmOptions = { method: 'pca', dimensions: 2 };
    expect(() => nextFilmMap({ frame, points: new Float32Array(4) }, frame, options)).toThrow(
      'invalid previous map: 4 numbers (60 points of 2)',
    );
    expect(() => nextFilmMap(null, { ...frame, vectors: null }, options)).toThrow('These rollouts have no vectors');
  });
});
