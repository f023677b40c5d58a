import wgsl from '../../shaders/gruGrad.wgsl?raw';
import pickLane from '../../shaders/lib/pickLane.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { forSuccessors } from './gru';

/**
 * Gradient of `gru`: `dx` [X, H], which the new states receive, → `dgates` [X, 3H] for W_ih y and `dhidden` [X, 3H] for W_hh h' (they
 * differ in n by the reset gate). What the rollouts of a prompt send back to its last row is added in their order.
 */
export const gruGrad = kernel({
  name: 'gruGrad',
  wgsl,
  uses: [pickLane],
  params: {
    prompts: 'u32',
    group: 'u32',
    promptLength: 'u32',
    responseLength: 'u32',
    width: 'u32',
    weight: 'u32',
    stride: 'u32',
  },
  buffers: {
    parameters: 'read',
    gates: 'read',
    hidden: 'read',
    candidate: 'read',
    dx: 'read',
    dgates: 'read_write',
    dhidden: 'read_write',
    carry: 'read_write',
  },
  scratch: ['carry'],
  grid: ({ prompts }, runs) => [prompts, 1, runs],
  cost: (s) => {
    const rows = s.prompts * (s.promptLength + s.group * s.responseLength);
    return {
      flops: rows * (6 * s.width * s.width + 20 * s.width),
      bytes: 4 * (3 * s.width * s.width + rows * 12 * s.width),
    };
  },
  reference(shape, { parameters, gates, hidden, candidate, dx, dgates, dhidden }) {
    const { width, weight } = shape;
    const rows: [row: number, next: readonly number[]][] = [];
    forSuccessors(shape, (row, next) => void rows.push([row, next]));
    const total = new Float64Array(gates.length / 3);
    for (const [row, followers] of rows.reverse()) {
      const dh = new Float64Array(width);
      for (const next of followers)
        for (let i = 0; i < width; i++) {
          dh[i] += gates[(next * 3 + 1) * width + i] * total[next * width + i];
          for (let o = 0; o < 3 * width; o++) dh[i] += parameters[weight + o * width + i] * dhidden[next * 3 * width + o];
        }
      for (let i = 0; i < width; i++) {
        const at = row * width + i;
        const [gr, gz, gn] = [0, 1, 2].map((g) => (row * 3 + g) * width + i);
        const [r, z, n] = [gates[gr], gates[gz], gates[gn]];
        dh[i] += dx[at];
        total[at] = dh[i];
        const dn = dh[i] * (1 - z) * (1 - n * n);
        dgates[gn] = dn;
        dgates[gz] = dhidden[gz] = dh[i] * (hidden[at] - n) * z * (1 - z);
        dgates[gr] = dhidden[gr] = dn * candidate[at] * r * (1 - r);
        dhidden[gn] = dn * r;
      }
    }
  },
});
