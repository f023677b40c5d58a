import { afterEach, describe, expect, it } from 'vitest';
import { type Analysis, analysisOver, Cancelled, isCancelled, type Port } from '../../../src/host/analysis/client';
import { filmOf } from '../../../src/host/analysis/film';
import { project } from '../../../src/host/analysis/projection';
import type { FromWorker, ToWorker } from '../../../src/host/analysis/protocol';
import { framePrototypes } from '../../../src/host/analysis/prototypes';
import { Server } from '../../../src/host/analysis/server';
import { contrast } from '../../../src/math/contrast';
import { makeFrame, poolFor } from './frames';

const CONTRAST = { tau: 0.1, beta: 0.5, gamma: 0.5 };
const frame = makeFrame({ seed: 2, prompts: 4, group: 4 });
const options = { method: 'tsne', dimensions: 2 } as const;

/** A server at the other end of a real message channel, with what was said to it and copied by it. */
function connect() {
  const said: ToWorker[] = [];
  let transferred = 0;
  let opened = 0;
  const ports: MessagePort[] = [];
  let fail: (text: string) => void = () => {};
  const analysis = analysisOver((hear, failed): Port => {
    opened++;
    fail = failed;
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    const server = new Server({
      post: (message, transfer) => {
        port2.postMessage(message, transfer);
        transferred += transfer.filter((buffer) => buffer.byteLength === 0).length;
      },
      pause: () => new Promise((resolve) => setImmediate(resolve)),
      now: () => performance.now(),
    });
    port2.onmessage = ({ data }: MessageEvent<ToWorker>) => {
      said.push(data);
      server.handle(data);
    };
    port1.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
    return {
      post: (message) => port1.postMessage(message),
      close: () => {
        port1.close();
        port2.close();
      },
    };
  });
  return {
    analysis,
    said,
    kinds: () => said.map((m) => m.type),
    transferred: () => transferred,
    opened: () => opened,
    fail: (text: string) => fail(text),
  };
}

let ends: Analysis[] = [];
const start = () => {
  const link = connect();
  ends.push(link.analysis);
  return link;
};
afterEach(() => {
  for (const end of ends) end.close();
  ends = [];
});

describe('requests', () => {
  it('give what the computations give, handed over and not copied', async () => {
    const { analysis, transferred } = start();
    const [picture, film, view, spread, summary, near] = await Promise.all([
      analysis.project(frame, { ...options, prototypes: true }),
      analysis.filmOf([frame, makeFrame({ seed: 2, step: 1 })], { ...options, method: 'pca' }),
      analysis.similarity(frame, CONTRAST),
      analysis.distributions(frame, { tau: 0.1, bins: 20 }),
      analysis.summary(frame),
      analysis.neighbours(frame, 3, 5),
    ]);
    const { vectors, width, domain } = frame;
    const { vectors: directions, prompt } = framePrototypes(frame);
    const alone = project({ rows: vectors as Float32Array, width, label: domain }, { ...options, extra: directions });
    expect(picture.points).toEqual(alone.points);
    expect(picture.prototypes).toMatchObject({ prompt, points: alone.extra });
    expect(film).toEqual(filmOf([frame, makeFrame({ seed: 2, step: 1 })], { ...options, method: 'pca' }));
    const expected = contrast(poolFor(frame), CONTRAST);
    expect(spread.logit.negative.mean).toBeCloseTo(expected.logit.negative as number, 9);
    expect(summary.centroidDistance[0][1]).toBeCloseTo(expected.centroidDistance.matrix[0][1] as number, 9);
    expect(near.rows.length).toBe(5);
    expect(view.cell(0, 1)?.logit).toBe(view.matrix[1]);
    expect(view.zoom([0, 10], [0, 20], 5)).toMatchObject({ width: 5, height: 5 });
    expect(transferred()).toBeGreaterThan(20);
    expect(frame.vectors?.length).toBe(frame.n * frame.width);
  });

  it('inspect, leave out and go on with a film', async () => {
    const { analysis } = start();
    const anchor = frame.reward.indexOf(1);
    const found = await analysis.inspect(frame, anchor, CONTRAST);
    const { dz } = contrast(poolFor(frame), CONTRAST);
    found.gradient.forEach((x, c) => expect(x).toBeCloseTo(dz[anchor][c], 9));
    const without = await analysis.leaveOut(frame, anchor, [found.positives.row[0]], 'rollout', CONTRAST);
    expect(without.before.contrastive).toBeCloseTo(found.loss.pool, 12);
    const first = await analysis.nextFilmMap(null, frame, options);
    const next = makeFrame({ seed: 2, prompts: 4, group: 4, step: 1 });
    const second = await analysis.nextFilmMap({ frame, points: first.points, rows: first.rows }, next, options);
    expect(second).toEqual(filmOf([frame, next], options)[1]);
    expect(first.points.length).toBe(2 * frame.n);
  });

  it('send a frame once, and only what is analysed of it', async () => {
    const { analysis, said } = start();
    for (let row = 0; row < 3; row++) await analysis.neighbours(frame, row, 2);
    await analysis.summary(frame);
    const sent = said.filter((m) => m.type === 'frame');
    expect(sent.length).toBe(1);
    expect(Object.keys(sent[0].rows)).not.toContain('promptText');
    expect(said.filter((m) => m.type === 'run').length).toBe(4);
  });

  it('let the worker forget frames that were not used for long', async () => {
    const { analysis, said } = start();
    const frames = Array.from({ length: 12 }, (_, step) => makeFrame({ step, prompts: 1 }));
    await analysis.filmOf(frames, { method: 'pca', dimensions: 2 });
    expect(said.filter((m) => m.type === 'forget').length).toBe(4);
    await analysis.summary(frames[0]);
    await analysis.summary(frames[11]);
    expect(said.filter((m) => m.type === 'frame').length).toBe(13);
  });
});

describe('a channel', () => {
  it('keeps only the newest of what waits', async () => {
    const { analysis } = start();
    const results = await Promise.allSettled([0, 1, 2, 3].map((seed) => analysis.project(frame, { ...options, seed })));
    expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    const reason = (results[1] as PromiseRejectedResult).reason;
    expect(reason).toBeInstanceOf(Cancelled);
    expect(isCancelled(reason)).toBe(true);
    expect(reason.message).toBe('A newer request took the place of this one.');
    const last = (results[3] as PromiseFulfilledResult<{ points: Float32Array }>).value;
    expect(last.points).toEqual((await analysis.project(frame, { ...options, seed: 3 })).points);
  });

  it('does not hold up others: a click is answered while a map is drawn', async () => {
    const { analysis } = start();
    const order: string[] = [];
    const shares: number[] = [];
    await Promise.all([
      analysis
        .project(makeFrame({ prompts: 10, group: 8 }), options, { progress: (share) => shares.push(share) })
        .then(() => order.push('map')),
      analysis.neighbours(frame, 1, 3).then(() => order.push('click')),
      analysis.neighbours(frame, 2, 3, { channel: 'other' }).then(() => order.push('other click')),
    ]);
    expect(order).toEqual(['click', 'other click', 'map']);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.every((x) => x >= 0 && x <= 1)).toBe(true);
    expect(shares.length).toBeGreaterThan(0);
  });
});

describe('a signal', () => {
  it('stops what runs, what waits and what has not begun', async () => {
    const { analysis, kinds } = start();
    const [running, waiting] = [new AbortController(), new AbortController()];
    const large = makeFrame({ prompts: 12, group: 10 });
    const one = analysis.project(large, options, { signal: running.signal });
    const two = analysis.project(large, options, { signal: waiting.signal });
    waiting.abort();
    await expect(two).rejects.toThrow('The analysis was stopped.');
    const three = analysis.project(frame, { ...options, method: 'pca' });
    running.abort();
    await expect(one).rejects.toBeInstanceOf(Cancelled);
    expect((await three).method).toBe('pca');
    await expect(analysis.summary(frame, {}, { signal: running.signal })).rejects.toBeInstanceOf(Cancelled);
    expect(kinds().filter((kind) => kind === 'cancel').length).toBe(1);
    expect(kinds().filter((kind) => kind === 'run').length).toBe(2);
  });
});

describe('failures', () => {
  it('are sentences, and the next request works', async () => {
    const { analysis } = start();
    await expect(analysis.inspect(frame, 99, CONTRAST)).rejects.toThrow('invalid anchor: 99 (0 to 47)');
    await expect(analysis.summary({ ...frame, vectors: null })).rejects.toThrow('These rollouts have no vectors');
    await expect(analysis.similarity(frame, { ...CONTRAST, tau: 5 })).rejects.toThrow('invalid contrast.tau: 5 (0.01 to 2)');
    expect((await analysis.summary(frame)).n).toBe(48);
  });

  it('of the worker reject what is under way, and another worker is opened', async () => {
    const link = start();
    const one = link.analysis.project(frame, options);
    const two = link.analysis.project(frame, options);
    link.fail('out of memory');
    await expect(one).rejects.toThrow('The analysis stopped: out of memory.');
    await expect(two).rejects.toThrow('The analysis stopped: out of memory.');
    expect((await link.analysis.summary(frame)).n).toBe(48);
    expect(link.opened()).toBe(2);
    const last = link.analysis.project(frame, options);
    link.analysis.close();
    await expect(last).rejects.toThrow('The analysis was closed.');
  });
});
