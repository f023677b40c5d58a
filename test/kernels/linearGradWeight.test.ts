import { describe, expect, it } from 'vitest';
import { linear } from '../../src/kernels/linear';
import { linearGradWeight } from '../../src/kernels/linearGradWeight';
import { compareKernel, expectGradient, gpuBackend, normals, reference64 } from './harness';

/** `bounds`: prompts at which the parts begin, and their number, at offset 3 of a longer segments buffer. */
function sizes(
  inputs: number,
  outputs: number,
  rowsPerPrompt: number,
  bounds: readonly number[],
  bias: boolean,
  activation: number,
) {
  const parts = bounds.length - 1;
  const stride = (inputs + 1) * outputs + 8;
  return {
    rows: bounds[parts] * rowsPerPrompt,
    inputs,
    outputs,
    weight: 4,
    bias: bias ? 4 + inputs * outputs : -1,
    stride,
    parts,
    segments: 3,
    segmentsLength: 3 + bounds.length,
    rowsPerPrompt,
    activation,
    gradLength: (parts + 1) * stride,
  };
}

describe('linearGradWeight', () => {
  it.each([
    [4, 4, 1, [0, 1], false, 0, 1],
    [12, 20, 7, [0, 2, 2, 5], true, 2, 3],
    [48, 64, 5, [0, 0, 1, 13], false, 1, 3],
    [20, 4, 13, [0, 5], true, 1, 3],
    [8, 144, 1, [0, 63, 64, 65, 127], true, 0, 1],
  ] as const)(
    '%i to %i, %i rows a prompt, parts %j, bias %s, activation %i, runs %i',
    async (inputs, outputs, per, bounds, bias, act, runs) => {
      const s = sizes(inputs, outputs, per, bounds, bias, act);
      await compareKernel(
        await gpuBackend(),
        linearGradWeight,
        s,
        { x: s.rows * inputs, dy: s.rows * outputs, segments: [9, 9, 9, ...bounds], grad: s.gradLength },
        { runs, tolerance: { atol: 1e-4 } },
      );
    },
  );

  it('is the derivative of linear, part by part', () => {
    const s = sizes(8, 4, 2, [0, 2, 3], true, 2);
    const x = normals(s.rows * 8, 1);
    const parameters = normals(s.stride, 2);
    const dy = normals(s.rows * 4, 3);
    const segments = Uint32Array.from([9, 9, 9, 0, 2, 3]);
    const { grad } = reference64(linearGradWeight, s, { x, dy, segments, grad: new Float64Array(s.gradLength) });
    for (let c = 0; c < 2; c++) {
      const loss = () => {
        const { y } = reference64(linear, { ...s, accumulate: 0 }, { x, parameters, y: new Float64Array(s.rows * 4) });
        let sum = 0;
        for (let i = segments[3 + c] * 8; i < segments[4 + c] * 8; i++) sum += dy[i] * y[i];
        return sum;
      };
      expectGradient(loss, parameters, grad.subarray(c * s.stride, (c + 1) * s.stride), `part ${c}`);
    }
    expect(Math.max(...grad.subarray(2 * s.stride))).toBe(0);
  });
});
