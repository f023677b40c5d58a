import { describe, it } from 'vitest';
import { rmsNorm } from '../../src/kernels/rmsNorm';
import { compareKernel, expectClose, gpuBackend, reference64 } from './harness';

describe('rmsNorm', () => {
  it.each([
    [1, 4, 1],
    [63, 48, 3],
    [65, 12, 3],
    [131, 20, 1],
  ])('rows %i, width %i, runs %i', async (rows, width, runs) => {
    await compareKernel(await gpuBackend(), rmsNorm, { rows, width }, { x: rows * width, y: rows * width, inv: rows }, { runs });
  });

  it('leaves a zero row zero', async () => {
    await compareKernel(await gpuBackend(), rmsNorm, { rows: 1, width: 4 }, { x: [0, 0, 0, 0], y: 4, inv: 1 });
  });

  it('gives (3, 4, 0, 0) / 2.5', () => {
    const { y } = reference64(
      rmsNorm,
      { rows: 1, width: 4 },
      { x: Float64Array.from([3, 4, 0, 0]), y: new Float64Array(4), inv: new Float64Array(1) },
    );
    expectClose(y, [1.2, 1.6, 0, 0], 'y', { atol: 1e-6 });
  });
});
