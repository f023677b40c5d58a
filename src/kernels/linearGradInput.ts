import wgsl from '../../shaders/linearGradInput.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { activateGrad } from './linear';

/**
 * Gradient of `linear` with respect to its input: dx[r, i] (+)= act'(pre[r, i]) Σ_o dy[r, o] W[o, i]. `pre` is the layer's input
 * before the activation; with activation 0 it is not read and may be any other resource.
 */
export const linearGradInput = kernel({
  name: 'linearGradInput',
  wgsl,
  params: { rows: 'u32', inputs: 'u32', outputs: 'u32', weight: 'u32', stride: 'u32', activation: 'u32', accumulate: 'u32' },
  buffers: { dy: 'read', parameters: 'read', pre: 'read', dx: 'read_write' },
  grid: ({ rows, inputs }, runs) => [Math.ceil(rows / 256), inputs / 4, runs],
  cost: ({ rows, inputs, outputs, activation }) => ({
    flops: 2 * rows * inputs * outputs,
    bytes: 4 * (rows * outputs + inputs * outputs + rows * inputs * (activation ? 2 : 1)),
  }),
  reference({ rows, inputs, outputs, weight, activation, accumulate }, { dy, parameters, pre, dx }) {
    const sum = new Float64Array(inputs);
    for (let r = 0; r < rows; r++) {
      sum.fill(0);
      for (let o = 0; o < outputs; o++) {
        const d = dy[r * outputs + o];
        const w = weight + o * inputs;
        for (let i = 0; i < inputs; i++) sum[i] += d * parameters[w + i];
      }
      for (let i = 0; i < inputs; i++) {
        const at = r * inputs + i;
        const value = activation ? sum[i] * activateGrad(pre[at], activation) : sum[i];
        dx[at] = accumulate ? dx[at] + value : value;
      }
    }
  },
});
