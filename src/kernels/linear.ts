import wgsl from '../../shaders/linear.wgsl?raw';
import { kernel } from '../gpu/kernel';

/**
 * A linear layer: y[r, o] (+)= Σ_i act(x[r, i]) W[o, i] + b[o]. `weight` and `bias` are offsets in `parameters` (bias −1: none),
 * `stride` is the length of one run's parameters, `activation` acts on x (0 none, 1 relu, 2 relu squared).
 */
export const linear = kernel({
  name: 'linear',
  wgsl,
  params: {
    rows: 'u32',
    inputs: 'u32',
    outputs: 'u32',
    weight: 'u32',
    bias: 'i32',
    stride: 'u32',
    activation: 'u32',
    accumulate: 'u32',
  },
  buffers: { x: 'read', parameters: 'read', y: 'read_write' },
  grid: ({ rows, outputs }, runs) => [Math.ceil(rows / 256), outputs / 4, runs],
  cost: ({ rows, inputs, outputs }) => ({
    flops: 2 * rows * inputs * outputs,
    bytes: 4 * (rows * inputs + inputs * outputs + rows * outputs),
  }),
  reference({ rows, inputs, outputs, weight, bias, activation, accumulate }, { x, parameters, y }) {
    const a = new Float64Array(inputs);
    for (let r = 0; r < rows; r++) {
      for (let i = 0; i < inputs; i++) a[i] = activate(x[r * inputs + i], activation);
      for (let o = 0; o < outputs; o++) {
        const w = weight + o * inputs;
        let sum = bias < 0 ? 0 : parameters[bias + o];
        for (let i = 0; i < inputs; i++) sum += a[i] * parameters[w + i];
        y[r * outputs + o] = accumulate ? y[r * outputs + o] + sum : sum;
      }
    }
  },
});

/** The activation of code `code`: 0 none, 1 relu, 2 relu squared. */
export function activate(x: number, code: number): number {
  if (code === 0) return x;
  const positive = Math.max(x, 0);
  return code === 1 ? positive : positive * positive;
}

/** Derivative of `activate`. */
export function activateGrad(x: number, code: number): number {
  if (code === 0) return 1;
  if (x <= 0) return 0;
  return code === 1 ? 1 : 2 * x;
}
