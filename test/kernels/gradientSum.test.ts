import { describe, expect, it } from 'vitest';
import { gradientGroups, gradientSum } from '../../src/kernels/gradientSum';
import { compareKernel, gpuBackend, normals, runKernel } from './harness';

describe('gradientSum', () => {
  it.each([
    [4, 4, 4, 1, 1],
    [1020, 512, 516, 5, 3],
    [1028, 1024, 1028, 3, 3],
    [3076, 1020, 2048, 2, 1],
  ])('size %i, head from %i, CLIPO from %i, parts %i, runs %i', async (size, headStart, clipoStart, parts, runs) => {
    const shape = { size, headStart, clipoStart, parts };
    const inputs = { grad: size * parts, total: size, squares: 4 * gradientGroups(size) };
    await compareKernel(await gpuBackend(), gradientSum, shape, inputs, { runs, tolerance: { atol: 1e-5, rtol: 1e-5 } });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30])(
    'marks the sum of squares that %d spoils',
    async (bad) => {
      const grad = normals(1028);
      grad[700] = bad;
      const shape = { size: 1028, headStart: 1024, clipoStart: 1028, parts: 1 };
      const inputs = { grad, total: 1028, squares: 8 };
      await compareKernel(await gpuBackend(), gradientSum, shape, inputs, { ignore: ['total'] });
      const { squares } = await runKernel(await gpuBackend(), gradientSum, shape, inputs);
      expect(squares[0]).toBe(-1);
      expect(squares[5]).toBeGreaterThan(0);
    },
  );
});
