import { describe, it } from 'vitest';
import { rmsNorm } from '../../src/kernels/rmsNorm';
import { rmsNormGrad } from '../../src/kernels/rmsNormGrad';
import { compareKernel, expectGradient, gpuBackend, normals, reference64 } from './harness';

describe('rmsNormGrad', () => {
  it.each([
    [1, 4, 0, 1],
    [63, 48, 1, 3],
    [65, 12, 0, 3],
    [131, 20, 1, 1],
  ])('rows %i, width %i, accumulate %i, runs %i', async (rows, width, accumulate, runs) => {
    const size = rows * width;
    await compareKernel(
      await gpuBackend(),
      rmsNormGrad,
      { rows, width, accumulate },
      { dy: size, y: size, inv: rows, dx: size },
      { runs },
    );
  });

  it('is the derivative of rmsNorm', () => {
    const shape = { rows: 2, width: 8 };
    const x = normals(16, 1);
    const dy = normals(16, 2);
    const forward = () => reference64(rmsNorm, shape, { x, y: new Float64Array(16), inv: new Float64Array(2) });
    const { y, inv } = forward();
    const { dx } = reference64(rmsNormGrad, { ...shape, accumulate: 0 }, { dy, y, inv, dx: new Float64Array(16) });
    const loss = () => {
      const now = forward().y;
      return dy.reduce((sum, d, i) => sum + d * now[i], 0);
    };
    expectGradient(loss, x, dx, 'dx');
  });
});
