import { beforeEach, expect, test } from 'vitest';
import { nextFilmMap } from '../../src/host/analysis/film';
import type { Analysis, FilmOptions } from '../../src/store/analysis';
import type { Frame } from '../../src/store/state';
import { FilmMaps } from '../../src/ui/geometry/filmMaps';
import { makeFrame } from '../host/analysis/frames';

/** Which map is made when, and on which one it is laid: the worker is turned by hand. */

const PCA: FilmOptions = { method: 'pca', dimensions: 2, seed: 0 };
const pool = (step: number): Frame => makeFrame({ seed: 3, step, prompts: 4, group: 3, width: 5 });

interface Asked {
  step: number;
  on: number | null;
  options: FilmOptions;
  stopped: boolean;
  finish(): Promise<void>;
  fail(text: string): Promise<void>;
}
let asked: Asked[];
let maps: FilmMaps;

beforeEach(() => {
  asked = [];
  const worker: Pick<Analysis, 'nextFilmMap'> = {
    nextFilmMap: (previous, frame, options, call) =>
      new Promise((resolve, reject) => {
        const settled = () => new Promise<void>((done) => setTimeout(done));
        const one: Asked = {
          step: frame.step,
          on: previous?.frame.step ?? null,
          options,
          stopped: false,
          finish() {
            resolve(nextFilmMap(previous, frame, options));
            return settled();
          },
          fail(text) {
            reject(new Error(text));
            return settled();
          },
        };
        call?.signal?.addEventListener('abort', () => {
          one.stopped = true;
          reject(Object.assign(new Error('stopped'), { name: 'AbortError' }));
        });
        asked.push(one);
      }),
  };
  maps = new FilmMaps(() => worker);
});

const last = () => asked[asked.length - 1];

test('the frame looked at comes first, the others outwards from it, each on its neighbour', async () => {
  const frames = [1, 2, 3, 4, 5].map(pool);
  maps.want({ frames, shown: frames[2], options: PCA, fill: true });
  expect(maps.current()).toBe(null);
  expect(maps.busy()).toEqual({ step: 3, done: 0 });
  for (let i = 0; i < 5; i++) await asked[i].finish();
  expect(asked.map((a) => [a.step, a.on])).toEqual([
    [3, null],
    [2, 3],
    [4, 3],
    [1, 2],
    [5, 4],
  ]);
  expect(maps.current()?.frame).toBe(frames[2]);
  expect(maps.pictures().map((p) => p.frame.step)).toEqual([1, 2, 3, 4, 5]);
  expect(maps.pictures()).toBe(maps.pictures());
  expect(maps.busy()).toBe(null);
});

test('a frame that the user turns to does not wait for one that nobody looks at', async () => {
  const frames = [1, 2, 3, 4, 5].map(pool);
  maps.want({ frames, shown: frames[0], options: PCA, fill: true });
  await last().finish();
  expect(last().step).toBe(2);
  maps.want({ frames, shown: frames[4], options: PCA, fill: true });
  expect(asked.map((a) => [a.step, a.stopped])).toEqual([
    [1, false],
    [2, true],
    [5, false],
  ]);
  // What was on the canvas stays until then.
  expect(maps.current()?.frame).toBe(frames[0]);
  await last().finish();
  expect(maps.current()?.frame).toBe(frames[4]);
});

test('while frames come faster than maps, every map that was begun is shown', async () => {
  const frames = [1, 2, 3, 4].map(pool);
  maps.want({ frames: frames.slice(0, 1), shown: frames[0], options: PCA, fill: false });
  maps.want({ frames: frames.slice(0, 2), shown: frames[1], options: PCA, fill: false });
  // The film drops its provisional frames.
  maps.want({ frames: [frames[0], frames[2]], shown: frames[2], options: PCA, fill: false });
  expect(asked).toHaveLength(1);
  await last().finish();
  expect(maps.current()?.frame).toBe(frames[0]);
  expect([last().step, last().on]).toEqual([3, 1]);
  maps.want({ frames: [frames[0], frames[3]], shown: frames[3], options: PCA, fill: false });
  await asked[1].finish();
  expect(maps.current()?.frame).toBe(frames[2]);
  expect([last().step, last().on]).toEqual([4, 3]);
});

test('other options stop what is under way, and going back to known ones is immediate', async () => {
  const frames = [1, 2].map(pool);
  maps.want({ frames, shown: frames[1], options: PCA, fill: false });
  await last().finish();
  const known = maps.current();
  const umap: FilmOptions = { method: 'umap', dimensions: 2, seed: 0 };
  maps.want({ frames, shown: frames[1], options: umap, fill: false });
  expect(last().options.method).toBe('umap');
  expect(maps.current()).toBe(known);
  maps.want({ frames, shown: frames[1], options: PCA, fill: false });
  expect(last().stopped).toBe(true);
  expect([maps.current(), maps.busy(), asked.length]).toEqual([known, null, 2]);
});

test('a failure is told by its sentence and not tried again, until something else is wanted', async () => {
  const frames = [1, 2].map(pool);
  maps.want({ frames, shown: frames[1], options: PCA, fill: true });
  await last().fail('invalid number of rows for t-SNE: 5000');
  expect(maps.fault()).toBe('invalid number of rows for t-SNE: 5000');
  expect(asked).toHaveLength(1);
  maps.want({ frames, shown: frames[0], options: PCA, fill: true });
  expect([maps.fault(), last().step]).toEqual([null, 1]);
});

test('another source, or nothing to show, takes the old picture away', async () => {
  const frames = [pool(1)];
  maps.want({ frames, shown: frames[0], options: PCA, fill: false });
  await last().finish();
  const file: Frame = { ...pool(0), source: 'file' };
  maps.want({ frames: [file], shown: file, options: PCA, fill: false });
  expect(maps.current()).toBe(null);
  expect(last().on).toBe(null);
  maps.want(null);
  expect(last().stopped).toBe(true);
});
