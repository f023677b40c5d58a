import { describe, expect, test, vi } from 'vitest';
import { openArchive } from '../../src/archive/archive';
import { FILM_BOUNDS, films, fitting, frameName } from '../../src/archive/films';
import { decodeFrame, encodeFrame, frameSize } from '../../src/archive/frameFile';
import { memoryTables } from '../../src/archive/memoryTables';
import type { Parts } from '../../src/archive/parts';
import { tableVault } from '../../src/archive/vault';
import { makeFrame } from '../host/analysis/frames';
import { newRun } from './support';

const trained = (step: number) => {
  const frame = makeFrame({ step, prompts: 2 });
  const T = 3;
  const numbers = (k: number) => Float32Array.from({ length: frame.n * T }, (_, i) => Math.sin(i * k));
  return {
    ...frame,
    reason: frame.reason.map((_, i) => `Grund “${i}” 🦊`),
    advantage: Float32Array.from(frame.reward, (r) => r - 0.5),
    score: frame.reward,
    response: Uint32Array.from({ length: frame.n * T }, (_, i) => i % 7),
    length: new Uint32Array(frame.n).fill(T),
    responseLength: T,
    tokens: { logp: numbers(1), ratio: numbers(2), entropy: numbers(3), objective: numbers(4) },
  };
};
const steps = (frames: readonly { step: number }[]) => frames.map((f) => f.step);

describe('a frame as a file', () => {
  test.each([
    ['of training', trained(3)],
    ['without token numbers', makeFrame({ step: 4 })],
    ['without vectors', { ...makeFrame({ step: 5 }), vectors: null, width: 0 }],
  ])('%s comes back bit for bit', (_, frame) => {
    expect(decodeFrame(encodeFrame(frame))).toStrictEqual(frame);
  });

  test('a damaged one is none', () => {
    const bytes = encodeFrame(trained(3));
    expect(decodeFrame(bytes.slice(0, bytes.length - 4))).toBeNull();
    expect(decodeFrame(new Uint8Array(3))).toBeNull();
    expect(decodeFrame(bytes.map((b, i) => (i === 8 ? 0 : b)))).toBeNull();
    const newer = new TextDecoder('latin1').decode(bytes).replace('"version":1', '"version":2');
    expect(decodeFrame(Uint8Array.from(newer, (c) => c.charCodeAt(0)))).toBeNull();
  });
});

describe('the film of a fleet', () => {
  test('is kept frame by frame: what is there is not written again, what was thinned out goes', async () => {
    const tables = memoryTables();
    const vault = tableVault(tables.files);
    const write = vi.spyOn(vault, 'write');
    const { keepFilm, film } = films({ name: 'x', tables, vault, now: () => 1e12 } as Parts);
    const frames = [1, 2, 3, 4].map(trained);
    await keepFilm('a', frames.slice(0, 3));
    await keepFilm('a', [frames[0], frames[2], frames[3]]);
    expect(write).toHaveBeenCalledTimes(4);
    expect(await film('a')).toStrictEqual([frames[0], frames[2], frames[3]]);
    // Another run of the fleet takes its place; another fleet has its own.
    await keepFilm('a', [{ ...frames[1], run: 1 }]);
    await keepFilm('b', [frames[1]]);
    expect([await film('a'), await film('b')].map((f) => f.map((x) => [x.run, x.step]))).toEqual([[[1, 2]], [[0, 2]]]);
    // A damaged frame is left out.
    const [name] = (await vault.names()).filter((n) => frameName(n)?.fleet === 'b');
    await vault.write(name, new Uint8Array(10));
    expect(await film('b')).toEqual([]);
    expect(await film('c')).toEqual([]);
  });

  test('takes a bounded room: frames are thinned evenly, the newest stays; old fleets’ films go', async () => {
    const frames = Array.from({ length: 40 }, (_, i) => trained(i + 1));
    const size = frameSize(frames[0]);
    expect(steps(fitting(frames, 40 * size))).toEqual(steps(frames));
    const thin = fitting(frames, 12 * size);
    expect(steps(thin)).toEqual([4, 8, 12, 16, 20, 24, 28, 32, 36, 40]);
    expect(fitting(frames, size - 1)).toEqual([]);

    const tables = memoryTables();
    const vault = tableVault(tables.files);
    let now = 1e12;
    const { keepFilm } = films({ name: 'x', tables, vault, now: () => now++ } as Parts);
    for (const fleet of ['a', 'b', 'c', 'a', 'd']) await keepFilm(fleet, [frames[fleet === 'a' ? now % 40 : 0]]);
    const kept = new Set((await vault.names()).map((n) => frameName(n)?.fleet));
    expect([...kept].sort()).toEqual(['a', 'c', 'd']);
    expect(kept.size).toBe(FILM_BOUNDS.fleets);
  });

  test('goes with its runs', async () => {
    const tables = memoryTables();
    let now = 1e12;
    const archive = await openArchive('x', { tables, vault: tableVault(tables.files), now: () => now });
    const [run] = await archive.create([newRun('grpo')]);
    await archive.keepFilm(run.fleet, [trained(1)]);
    await archive.purge();
    expect(steps(await archive.film(run.fleet))).toEqual([1]);
    await archive.remove([run.id]);
    now += 3_600_000;
    await archive.purge();
    expect(await archive.film(run.fleet)).toEqual([]);
  });
});
