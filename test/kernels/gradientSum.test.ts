import { describe, expect, it } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { gradientGroups, gradientSum } from '../../src/kernels/gradientSum';
import { compareKernel, gpuBackend, normals, runKernel } from './harness';

describe('gradientSum', () => {
  it.each([
    [4, 4, 4, 1, 1],
    [1020, 512, 516, 5, 3],
    [1028, 1024, 1028, 3, 3],
    [3076, 1020, 2048, 2, 1],
  ])('size %i, head from %i, CLIPO from %i, parts %i, runs %i', async (size, headStart, clipoStart, parts, runs) => {
    const shape = { size, headStart, clipoStart, parts, weighted: 0, tensors: 1 };
    const inputs = { grad: size * parts, tensors: 4, weight: parts, total: size, squares: 4 * gradientGroups(size) };
    await compareKernel(await gpuBackend(), gradientSum, shape, inputs, { runs, tolerance: { atol: 1e-5, rtol: 1e-5 } });
  });

  // First parameters of the tensors / 4; the head begins within a group of 1024, and one tensor within a thread's four rounds.
  it.each([
    [[0], 4, 4, 1, 1],
    [[0, 1, 2, 65], 1020, 512, 5, 3],
    [[0, 17, 256, 700], 3076, 3000, 8, 2],
  ])(
    'weights parts by tensor: tensors from %j · 4, size %i, head from %i, parts %i, runs %i',
    async (starts, size, head, parts, runs) => {
      const shape = { size, headStart: head, clipoStart: size, parts, weighted: 1, tensors: starts.length };
      const tensors = starts.flatMap((start) => [start, 9, 9, 9]);
      const weight = starts.length * parts;
      const inputs = { grad: size * parts, tensors, weight, total: size, squares: 4 * gradientGroups(size) };
      await compareKernel(await gpuBackend(), gradientSum, shape, inputs, { runs, tolerance: { atol: 1e-5, rtol: 1e-5 } });
    },
  );

  it('gives the head weight 1 and each tensor its own', async () => {
    const shape = { size: 12, headStart: 8, clipoStart: 12, parts: 2, weighted: 1, tensors: 2 };
    const grad = Array.from({ length: 24 }, (_, i) => (i < 12 ? 1 : 10));
    const tensors = [0, 1, 0, 0, 1, 1, 0, 0];
    const inputs = { grad, tensors, weight: [2, 3, 0.5, -1], total: 12, squares: 4 };
    for (const backend of [cpuBackend(), await gpuBackend()]) {
      const { total } = await runKernel(backend, gradientSum, shape, inputs);
      expect(Array.from(total)).toEqual([32, 32, 32, 32, -9.5, -9.5, -9.5, -9.5, 11, 11, 11, 11]);
    }
  });

  it('gives the same bits with weights of 1 as without weights', async () => {
    const shape = { size: 1028, headStart: 1000, clipoStart: 1028, parts: 5, tensors: 2 };
    const inputs = {
      grad: 5 * 1028,
      tensors: [0, 0, 0, 0, 99, 0, 0, 0],
      weight: new Float32Array(10).fill(1),
      total: 1028,
      squares: 8,
    };
    const plain = await runKernel(await gpuBackend(), gradientSum, { ...shape, weighted: 0 }, inputs);
    expect(await runKernel(await gpuBackend(), gradientSum, { ...shape, weighted: 1 }, inputs)).toEqual(plain);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30])(
    'marks the sum of squares that %d spoils',
    async (bad) => {
      const grad = normals(1028);
      grad[700] = bad;
      const shape = { size: 1028, headStart: 1024, clipoStart: 1028, parts: 1, weighted: 0, tensors: 1 };
      const inputs = { grad, tensors: 4, weight: 1, total: 1028, squares: 8 };
      await compareKernel(await gpuBackend(), gradientSum, shape, inputs, { ignore: ['total'] });
      const { squares } = await runKernel(await gpuBackend(), gradientSum, shape, inputs);
      expect(squares[0]).toBe(-1);
      expect(squares[5]).toBeGreaterThan(0);
    },
  );
});
