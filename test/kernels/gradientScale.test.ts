import { describe, expect, it } from 'vitest';
import { HYPER, HYPER_SIZE } from '../../src/config/hyper';
import { gradientScale } from '../../src/kernels/gradientScale';
import { STATS_SIZE, statOf } from '../../src/kernels/metrics';
import { STATE, STATE_SIZE } from '../../src/kernels/state';
import { compareKernel, expectClose, gpuBackend, normals, reference64 } from './harness';

const hyper = new Float64Array(HYPER_SIZE);
hyper[HYPER['optimizer.clipNorm']] = 2.5;
hyper[HYPER['contrast.lambda']] = 0.1;

/** Norms 5 (policy) and 13 (head), spread over 70 groups. */
const squares = new Float64Array(280);
squares[0] = 9;
squares[276] = 16;
squares[5] = 144;
squares[273] = 25;
squares[2] = 4;

const spoilt = (at: number, values = squares) => values.map((v, i) => (i === at ? -1 : v));
const stats = (name?: 'loss/policy' | 'loss/contrastive', value = 0) => {
  const out = new Float64Array(STATS_SIZE);
  if (name) out[statOf(name)] = value;
  return out;
};
const anchored = stats();
anchored[statOf('clipo/loss') + 1] = 3;
const shape = { size: 70 * 1024, head: 1, clipo: 0 };

describe('gradientScale', () => {
  it.each([
    ['sound', shape, squares, stats()],
    ['one group', { size: 12, head: 0, clipo: 0 }, squares.slice(0, 4), stats()],
    ['policy gradient not finite', shape, spoilt(276), stats()],
    ['head gradient not finite', shape, spoilt(1), stats()],
    ['head left alone', { ...shape, head: 0 }, spoilt(1), stats()],
    ['CLIPO', { ...shape, clipo: 1 }, squares, anchored],
    ['CLIPO without anchors', { ...shape, clipo: 1 }, squares, stats()],
    ['policy loss NaN', shape, squares, stats('loss/policy', Number.NaN)],
    ['contrastive loss infinite', shape, squares, stats('loss/contrastive', Number.POSITIVE_INFINITY)],
  ])('%s', async (_, sizes, given, statistics) => {
    const inputs = { squares: given, tokens: [7], hyper, state: STATE_SIZE, stats: statistics, scale: normals(8) };
    await compareKernel(await gpuBackend(), gradientScale, sizes, inputs, { runs: 3 });
    await compareKernel(await gpuBackend(), gradientScale, sizes, { ...inputs, tokens: [0] });
  });

  const run = (given: Float64Array, statistics = stats(), { tokens = 7, clipo = 0, step = 0, settings = hyper } = {}) =>
    reference64(
      gradientScale,
      { ...shape, clipo },
      {
        squares: given,
        tokens: Uint32Array.of(tokens),
        hyper: settings,
        state: Uint32Array.from({ length: STATE_SIZE }, (_, i) => (i === STATE.step ? step : 0)),
        stats: statistics,
        scale: new Float64Array(8),
      },
    );

  it('clips the policy to norm 2.5 and leaves the unclipped head', () => {
    const out = run(squares);
    expectClose(out.scale, [0.5, 1, 0, 0, 1, 1, 0, 0], 'scale', { atol: 1e-6 });
    expect([out.state[STATE.adamPolicy], out.state[STATE.adamHead], out.state[STATE.skipped]]).toEqual([1, 1, 0]);
    expect([out.stats[statOf('gradient/norm')], out.stats[statOf('gradient/headNorm')]]).toEqual([5, 13]);
  });

  it('skips what is not finite, keeps its counter, and counts the skip', () => {
    const out = run(spoilt(0));
    expectClose(out.scale, [0, 1, 0, 0, 0, 1, 0, 0], 'scale');
    expect([out.state[STATE.adamPolicy], out.state[STATE.adamHead], out.state[STATE.skipped]]).toEqual([0, 1, 1]);
    expect(out.stats[statOf('gradient/skipped')]).toBe(1);
    expectClose(run(squares, stats('loss/policy', Number.NaN)).scale, new Float64Array(8), 'scale');
  });

  it('updates nothing without a response token, and counts that', () => {
    const out = run(squares, stats(), { tokens: 0 });
    expectClose(out.scale, new Float64Array(8), 'scale');
    expect([out.state[STATE.adamPolicy], out.state[STATE.skipped], out.state[STATE.empty]]).toEqual([0, 0, 1]);
    expect(out.stats[statOf('gradient/empty')]).toBe(1);
  });

  it("updates CLIPO's head where there are anchors; while it warms up the policy waits", () => {
    expect(run(squares, stats(), { clipo: 1 }).scale[6]).toBe(0);
    expect(Array.from(run(squares, anchored.slice(), { clipo: 1 }).scale)).toEqual([expect.closeTo(0.5, 6), 1, 1, 0, 1, 1, 1, 0]);
    const settings = hyper.slice();
    settings[HYPER['clipo.lambda']] = 0.2;
    settings[HYPER['clipo.warmup']] = 5;
    const waiting = run(squares, anchored.slice(), { clipo: 1, step: 4, settings });
    expect(Array.from(waiting.scale.subarray(4))).toEqual([0, 1, 1, 0]);
    expect(waiting.state[STATE.adamPolicy]).toBe(0);
    expect(run(squares, anchored.slice(), { clipo: 1, step: 5, settings }).scale[4]).toBe(1);
  });

  it('leaves the head of the fleet alone in a run without contrastive loss', () => {
    const settings = hyper.slice();
    settings[HYPER['contrast.lambda']] = 0;
    const out = run(squares, stats(), { settings });
    expect([out.scale[1], out.scale[5], out.state[STATE.adamHead]]).toEqual([0, 0, 0]);
    expect(out.stats[statOf('gradient/headNorm') + 1]).toBe(0);
  });
});
