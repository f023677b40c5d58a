import wgsl from '../../shaders/pairGrad.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { dotRows, pairWgsl, roles, sigmoid, weightOf } from './pairs';

/**
 * ∂L_CL/∂z with w held fixed: dz_i = (1/τ) Σ_j f_ij z_j, where f_ij = −W_ij (sig_ij + sig_ji) between positives,
 * b_i exp(S_ij − Λ_i) between an anchor i and a negative j, and 0 between negatives. S is recomputed, nothing N × N is stored.
 * `lanes` (16, 32 or 64): vec4 of the width that one workgroup makes; `gradLanes` chooses it.
 */
export const pairGrad = kernel({
  name: 'pairGrad',
  wgsl,
  uses: pairWgsl,
  params: { rows: 'u32', width: 'u32', points: 'u32', prompts: 'u32', table: 'u32' },
  overrides: { lanes: 'u32' },
  buffers: { z: 'read', order: 'read', prompt: 'read', domain: 'read', anchor: 'read', total: 'read', weight: 'read', dz: 'read_write' },
  grid: ({ rows, width, lanes }, runs) => [Math.ceil(rows / 16), Math.ceil(width / 4 / lanes), runs],
  /** With half of the rows correct. */
  cost: ({ rows, width, lanes, table }) => ({
    flops: 2 * width * rows * rows * (0.75 + (table ? 0.75 : 1) * Math.ceil(width / 4 / lanes)),
    bytes: 8 * rows * width,
  }),
  reference(shape, { z, order, prompt, domain, anchor, total, weight, dz }) {
    const { rows, width } = shape;
    const { positives, negatives } = roles(order, rows);
    const [beta, gamma, scale] = total;
    const w = weightOf(shape, weight, z);
    const sum = new Float64Array(rows * width);
    const pull = (i: number, j: number, f: number) => {
      for (let k = 0; k < width; k++) sum[i * width + k] += f * z[j * width + k];
    };
    for (const i of negatives.length ? positives : []) {
      const lam = anchor[4 * i];
      for (const j of positives) {
        if (i === j) continue;
        const S = scale * dotRows(z, i, j, width);
        const W = domain[i] === domain[j] ? gamma : beta * w(prompt[i], prompt[j]);
        pull(i, j, -W * (sigmoid(lam - S) + sigmoid(anchor[4 * j] - S)));
      }
      for (const k of negatives) {
        const f = anchor[4 * i + 1] * Math.exp(Math.min(0, scale * dotRows(z, i, k, width) - lam));
        pull(i, k, f);
        pull(k, i, f);
      }
    }
    dz.set(sum.map((x) => x * scale));
  },
});

/** Fewest lanes that cover `width`, at most 64. */
export const gradLanes = (width: number): number => (width > 128 ? 64 : width > 64 ? 32 : 16);
