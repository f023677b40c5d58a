import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { gelu } from '../../src/kernels/gelu';
import { compareKernel, gpuBackend, normals, runKernel } from './harness';

describe('gelu', () => {
  test.each([
    [4, 1],
    [252, 3],
    [256, 1],
    [260, 2],
    [1012, 3],
  ])('%i elements, %i runs', async (size, runs) => {
    const inputs = { x: (run: number) => normals(size, 3 + run, 3), y: size };
    await compareKernel(await gpuBackend(), gelu, { size }, inputs, { runs, tolerance: { atol: 1e-7, rtol: 1e-6 } });
  });

  test('is x Φ(x) as published, far out and near zero, within the rounding of f32', async () => {
    const table = [
      [-6, -5.91952587e-9],
      [-3, -4.04969409489e-3],
      [-1, -0.158655253931],
      [-1e-3, -4.99601057786e-4],
      [0, 0],
      [0.5, 0.345731230637],
      [2, 1.954499736104],
      [3, 2.99595030591],
      [40, 40],
      [1e30, 1e30],
      [-40, 0],
      [-1e30, 0],
    ];
    for (const backend of [await gpuBackend(), cpuBackend()]) {
      const { y } = await runKernel(backend, gelu, { size: 12 }, { x: table.map(([x]) => x), y: 12 });
      table.forEach(([x, want], i) => {
        // The exponent x²/2 is rounded to f32, which moves a tail by as much times 2⁻²³; the fit of erfc adds 1.2e-7.
        const allowed = Math.abs(want) * 1.2e-7 * (4 + Math.min(x * x, 40));
        expect(Math.abs(y[i] - want), `gelu(${x}) on ${backend.kind}: ${y[i]}, published ${want}`).toBeLessThanOrEqual(allowed);
      });
    }
  });
});
