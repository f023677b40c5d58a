import { describe, it } from 'vitest';
import { linear } from '../../src/kernels/linear';
import { compareKernel, expectClose, gpuBackend, normals, reference64 } from './harness';

const shape = (rows: number, inputs: number, outputs: number, bias: boolean, activation: number, accumulate: number) => ({
  rows,
  inputs,
  outputs,
  weight: 8,
  bias: bias ? 8 + inputs * outputs : -1,
  stride: 8 + (inputs + 1) * outputs + 12,
  activation,
  accumulate,
});

describe('linear', () => {
  it.each([
    [1, 4, 4, false, 0, 0, 1],
    [63, 12, 20, true, 0, 1, 3],
    [64, 48, 64, false, 1, 0, 3],
    [65, 20, 4, true, 2, 1, 1],
    [257, 8, 144, true, 0, 0, 3],
    [521, 192, 48, false, 2, 1, 1],
  ] as const)(
    'rows %i, %i to %i, bias %s, activation %i, accumulate %i, runs %i',
    async (rows, inputs, outputs, bias, act, acc, runs) => {
      const s = shape(rows, inputs, outputs, bias, act, acc);
      await compareKernel(await gpuBackend(), linear, s, { x: rows * inputs, parameters: s.stride, y: rows * outputs }, { runs });
    },
  );

  it('is W relu(x)² + b on numbers worked out by hand', () => {
    const parameters = Float64Array.from([1, 2, 3, 4, 0, 1, 0, -1, 1, 1, 1, 1, 0.5, 0, 0, 2, 10, 20, 30, 40]);
    const y = normals(4);
    const s = { rows: 1, inputs: 4, outputs: 4, weight: 0, bias: 16, stride: 20, activation: 2, accumulate: 0 };
    reference64(linear, s, { x: Float64Array.from([1, -5, 2, 3]), parameters, y });
    expectClose(y, [10 + 1 + 12 + 36, 20 - 9, 30 + 14, 40 + 0.5 + 18], 'y', { atol: 1e-12 });
  });
});
