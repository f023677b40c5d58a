import { describe, expect, it } from 'vitest';
import { HYPER, HYPER_SIZE } from '../../src/config/hyper';
import { gradientScale } from '../../src/kernels/gradientScale';
import { STATS_SIZE, statOf } from '../../src/kernels/metrics';
import { STATE, STATE_SIZE } from '../../src/kernels/state';
import { compareKernel, expectClose, gpuBackend, normals, reference64 } from './harness';

const hyper = new Float64Array(HYPER_SIZE);
hyper[HYPER['optimizer.clipNorm']] = 2.5;

/** Norms 5 (policy) and 13 (head), spread over 70 groups. */
const squares = new Float64Array(140);
squares[0] = 9;
squares[138] = 16;
squares[3] = 144;
squares[137] = 25;

const spoilt = (at: number, values = squares) => values.map((v, i) => (i === at ? -1 : v));
const stats = (name?: 'loss/policy' | 'loss/contrastive', value = 0) => {
  const out = new Float64Array(STATS_SIZE);
  if (name) out[statOf(name)] = value;
  return out;
};
const shape = { size: 70 * 1024, head: 1 };

describe('gradientScale', () => {
  it.each([
    ['sound', shape, squares, stats()],
    ['one group', { size: 12, head: 0 }, squares.slice(0, 2), stats()],
    ['policy gradient not finite', shape, spoilt(138), stats()],
    ['head gradient not finite', shape, spoilt(1), stats()],
    ['head left alone', { ...shape, head: 0 }, spoilt(1), stats()],
    ['policy loss NaN', shape, squares, stats('loss/policy', Number.NaN)],
    ['contrastive loss infinite', shape, squares, stats('loss/contrastive', Number.POSITIVE_INFINITY)],
  ])('%s', async (_, sizes, given, statistics) => {
    const inputs = { squares: given, hyper, state: STATE_SIZE, stats: statistics, scale: normals(4) };
    await compareKernel(await gpuBackend(), gradientScale, sizes, inputs, { runs: 3 });
  });

  const run = (given: Float64Array, statistics = stats()) =>
    reference64(gradientScale, shape, {
      squares: given,
      hyper,
      state: new Uint32Array(STATE_SIZE),
      stats: statistics,
      scale: new Float64Array(4),
    });

  it('clips the policy to norm 2.5 and leaves the unclipped head', () => {
    const out = run(squares);
    expectClose(out.scale, [0.5, 1, 1, 1], 'scale', { atol: 1e-6 });
    expect([out.state[STATE.adamPolicy], out.state[STATE.adamHead], out.state[STATE.skipped]]).toEqual([1, 1, 0]);
    expect([out.stats[statOf('gradient/norm')], out.stats[statOf('gradient/headNorm')]]).toEqual([5, 13]);
  });

  it('skips what is not finite, keeps its counter, and counts the skip', () => {
    const out = run(spoilt(0));
    expectClose(out.scale, [0, 1, 0, 1], 'scale');
    expect([out.state[STATE.adamPolicy], out.state[STATE.adamHead], out.state[STATE.skipped]]).toEqual([0, 1, 1]);
    expect(out.stats[statOf('gradient/skipped')]).toBe(1);
    expectClose(run(squares, stats('loss/policy', Number.NaN)).scale, [0, 0, 0, 0], 'scale');
  });
});
