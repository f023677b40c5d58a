import { describe, it } from 'vitest';
import { linear } from '../../src/kernels/linear';
import { linearGradInput } from '../../src/kernels/linearGradInput';
import { compareKernel, expectGradient, gpuBackend, normals, reference64 } from './harness';

describe('linearGradInput', () => {
  it.each([
    [1, 4, 4, 0, 0, 1],
    [63, 20, 12, 1, 1, 3],
    [65, 48, 64, 2, 0, 3],
    [257, 144, 8, 0, 1, 1],
  ] as const)(
    'rows %i, %i to %i, activation %i, accumulate %i, runs %i',
    async (rows, inputs, outputs, activation, accumulate, runs) => {
      const stride = inputs * outputs + 16;
      await compareKernel(
        await gpuBackend(),
        linearGradInput,
        { rows, inputs, outputs, weight: 12, stride, activation, accumulate },
        { dy: rows * outputs, parameters: stride, pre: rows * inputs, dx: rows * inputs },
        { runs },
      );
    },
  );

  it.each([0, 1, 2])('is the derivative of linear (activation %i)', (activation) => {
    const sizes = { rows: 3, inputs: 8, outputs: 4, weight: 0, stride: 32, activation, accumulate: 0 };
    const x = normals(24, 1);
    const parameters = normals(32, 2);
    const dy = normals(12, 3);
    const loss = () => {
      const { y } = reference64(linear, { ...sizes, bias: -1 }, { x, parameters, y: new Float64Array(12) });
      return dy.reduce((sum, d, i) => sum + d * y[i], 0);
    };
    const { dx } = reference64(linearGradInput, sizes, { dy, parameters, pre: x, dx: new Float64Array(24) });
    expectGradient(loss, x, dx, 'dx');
  });
});
