import wgsl from '../../shaders/linearGradWeight.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { activate } from './linear';

/**
 * Gradient of `linear` with respect to its weights and bias, one per part c: dW[c, o, i] = Σ_r dy[r, o] act(x[r, i]) over the rows
 * of part c. `segments` is where this mini-batch's parts + 1 prompt bounds start in the segments buffer, whose run part has
 * `segmentsLength` elements; `gradLength` is that of `grad`. With `parts` = 1 the part is all rows and `segments` is not read.
 */
export const linearGradWeight = kernel({
  name: 'linearGradWeight',
  wgsl,
  params: {
    rows: 'u32',
    inputs: 'u32',
    outputs: 'u32',
    weight: 'u32',
    bias: 'i32',
    stride: 'u32',
    parts: 'u32',
    segments: 'u32',
    segmentsLength: 'u32',
    rowsPerPrompt: 'u32',
    activation: 'u32',
    gradLength: 'u32',
  },
  buffers: { x: 'read', dy: 'read', segments: 'read', grad: 'read_write' },
  grid: ({ inputs, outputs, parts }, runs) => [Math.ceil((inputs * outputs) / 256), parts, runs],
  cost: ({ rows, inputs, outputs, parts }) => ({
    flops: 2 * rows * inputs * outputs,
    bytes: 4 * (rows * (inputs + outputs) + parts * inputs * outputs),
  }),
  reference(shape, { x, dy, segments, grad }) {
    const { rows, inputs, outputs, weight, bias, stride, parts, rowsPerPrompt, activation } = shape;
    const dW = new Float64Array(outputs * inputs);
    const db = new Float64Array(outputs);
    const a = new Float64Array(inputs);
    for (let c = 0; c < parts; c++) {
      const begin = parts === 1 ? 0 : segments[shape.segments + c] * rowsPerPrompt;
      const end = parts === 1 ? rows : segments[shape.segments + c + 1] * rowsPerPrompt;
      dW.fill(0);
      db.fill(0);
      for (let r = begin; r < end; r++) {
        for (let i = 0; i < inputs; i++) a[i] = activate(x[r * inputs + i], activation);
        for (let o = 0; o < outputs; o++) {
          const d = dy[r * outputs + o];
          if (d === 0) continue;
          db[o] += d;
          const w = o * inputs;
          for (let i = 0; i < inputs; i++) dW[w + i] += d * a[i];
        }
      }
      grad.set(dW, c * stride + weight);
      if (bias >= 0) grad.set(db, c * stride + bias);
    }
  },
});
