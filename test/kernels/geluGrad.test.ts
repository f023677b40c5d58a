import { describe, expect, test } from 'vitest';
import { gelu } from '../../src/kernels/gelu';
import { geluGrad } from '../../src/kernels/geluGrad';
import { compareKernel, expectGradient, gpuBackend, normals, reference64 } from './harness';

describe('geluGrad', () => {
  test.each([
    [4, 1],
    [252, 3],
    [256, 1],
    [260, 2],
    [1012, 3],
  ])('%i elements, %i runs', async (size, runs) => {
    const inputs = { x: (run: number) => normals(size, 3 + run, 3), dx: size };
    await compareKernel(await gpuBackend(), geluGrad, { size }, inputs, { runs, tolerance: { atol: 3e-7, rtol: 1e-6 } });
  });

  test('is the derivative of gelu', () => {
    const x = normals(24, 1, 2);
    const dy = normals(24, 2);
    const loss = () => {
      const { y } = reference64(gelu, { size: 24 }, { x, y: new Float64Array(24) });
      return dy.reduce((sum, d, i) => sum + d * y[i], 0);
    };
    const { dx } = reference64(geluGrad, { size: 24 }, { x, dx: dy.slice() });
    expectGradient(loss, x, dx, 'dx');
    expect(Math.max(...dx.map(Math.abs))).toBeGreaterThan(0.1);
  });
});
