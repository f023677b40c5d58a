import wgsl from '../../shaders/pairGrad.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { dotRows, pairWgsl, roles, sigmoid, weightOf } from './pairs';

/**
 * ∂L_CL/∂z with w held fixed: dz_i = (1/τ) Σ_j f_ij z_j, where f_ij = −W_ij (sig_ij + sig_ji) between positives,
 * b_i exp(S_ij − Λ_i) between an anchor i and a negative j, and 0 between negatives. Cosines are made again: nothing N × N is stored.
 */
export const pairGrad = kernel({
  name: 'pairGrad',
  wgsl,
  uses: pairWgsl,
  params: { rows: 'u32', width: 'u32', points: 'u32', begin: 'u32', span: 'u32', prompts: 'u32', table: 'u32' },
  buffers: {
    z: 'read',
    order: 'read',
    prompt: 'read',
    domain: 'read',
    anchor: 'read',
    weight: 'read',
    dz: 'read_write',
  },
  grid: ({ span, width }, runs) => [Math.ceil(span / 16), Math.ceil(width / 256), runs],
  /** With half of the rows correct. */
  cost: ({ rows, span, width, table }) => ({
    flops: 2 * width * span * rows * (0.75 + (table ? 0.75 : 1) * Math.ceil(width / 256)),
    bytes: 8 * rows * width,
  }),
  reference(shape, { z, order, prompt, domain, anchor, weight, dz }) {
    const { rows, width, begin, span } = shape;
    const { positives, negatives } = roles(order, rows);
    const [beta, gamma, scale] = anchor.subarray(4 * rows);
    const w = weightOf(shape, weight, z);
    const sum = new Float64Array(width);
    const pull = (j: number, f: number) => {
      for (let k = 0; k < width; k++) sum[k] += f * z[j * width + k];
    };
    /** b_i exp(S − Λ_i) of anchor i. */
    const share = (i: number, S: number) => anchor[4 * i + 1] * Math.exp(Math.min(0, S - anchor[4 * i]));
    for (let at = begin; at < Math.min(begin + span, rows); at++) {
      const i = order[at];
      const S = (j: number) => scale * dotRows(z, i, j, width);
      sum.fill(0);
      if (at < positives.length && negatives.length) {
        for (const j of positives) {
          if (i === j) continue;
          const W = domain[i] === domain[j] ? gamma : beta * w(prompt[i], prompt[j]);
          const s = S(j);
          pull(j, -W * (sigmoid(anchor[4 * i] - s) + sigmoid(anchor[4 * j] - s)));
        }
        for (const k of negatives) pull(k, share(i, S(k)));
      } else if (at < positives.length + negatives.length) {
        for (const j of positives) if (negatives.length) pull(j, share(j, S(j)));
      }
      for (let k = 0; k < width; k++) dz[i * width + k] = sum[k] * scale;
    }
  },
});
