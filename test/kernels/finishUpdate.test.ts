import { describe, it } from 'vitest';
import { finishUpdate } from '../../src/kernels/finishUpdate';
import { STATS_SIZE } from '../../src/kernels/metrics';
import { STATE, STATE_SIZE } from '../../src/kernels/state';
import { compareKernel, gpuBackend } from './harness';

describe('finishUpdate', () => {
  it.each([
    [1, 0, 0],
    [4, 7, 1],
    [5, 3, 0],
  ])('ring of %i rows, update %i, end of step %i', async (rows, update, endOfStep) => {
    const state = (run: number) => Uint32Array.from({ length: STATE_SIZE }, (_, i) => (i === STATE.update ? update + run : i));
    const inputs = { stats: STATS_SIZE, state, ring: rows * STATS_SIZE };
    await compareKernel(await gpuBackend(), finishUpdate, { rows, endOfStep }, inputs, {
      runs: 3,
      tolerance: { atol: 0, rtol: 0 },
    });
  });
});
