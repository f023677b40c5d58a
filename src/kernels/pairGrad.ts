import wgsl from '../../shaders/pairGrad.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { contrastChoices, dotRows, pairSlope, pairWgsl, roles, weightOf } from './pairs';

/**
 * ∂L_CL/∂z with w held fixed: dz_i = (1/τ) Σ_j f_ij z_j, where f_ij = −W_ij (share_i sig_ij + share_j sig_ji) between positives,
 * b_i exp(S_ij − Λ_i) between an anchor i and a negative j, and 0 between negatives. Where positives are rivals too (contrast.denominator
 * all), sig is 1 and pairs of positives also get b_i exp(S_ij − Λ_i) + b_j exp(S_ij − Λ_j). With contrast.scope prompt only rollouts of
 * one prompt meet. Shares (1, or per anchor 1 / its mass) lie in `anchor`. Cosines are made again: nothing N × N is stored.
 */
export const pairGrad = kernel({
  name: 'pairGrad',
  wgsl,
  uses: pairWgsl,
  params: { rows: 'u32', width: 'u32', points: 'u32', begin: 'u32', span: 'u32', prompts: 'u32', table: 'u32' },
  buffers: {
    hyper: 'read',
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
  reference(shape, { hyper, z, order, prompt, domain, anchor, weight, dz }) {
    const { rows, width, begin, span } = shape;
    const { byPrompt, all, ...map } = contrastChoices(hyper);
    const { positives, negatives } = roles(order, rows);
    const [cross, inside, scale] = anchor.subarray(4 * rows);
    const w = weightOf(shape, weight, z, map);
    const sum = new Float64Array(width);
    const pull = (j: number, f: number) => {
      for (let k = 0; k < width; k++) sum[k] += f * z[j * width + k];
    };
    /** b_i exp(S − Λ_i) of anchor i. */
    const push = (i: number, S: number) => anchor[4 * i + 1] * Math.exp(Math.min(0, S - anchor[4 * i]));
    for (let at = begin; at < Math.min(begin + span, rows); at++) {
      const i = order[at];
      const S = (j: number) => scale * dotRows(z, i, j, width);
      const near = (j: number) => j !== i && !(byPrompt && prompt[i] !== prompt[j]);
      sum.fill(0);
      if (at < positives.length && negatives.length) {
        for (const j of positives.filter(near)) {
          const s = S(j);
          const own = domain[i] === domain[j];
          const W = own ? inside : cross * w(prompt[i], prompt[j]);
          const slope = (a: number) => pairSlope(anchor[4 * a], s, all) * anchor[4 * a + (own ? 3 : 2)];
          pull(j, -W * (slope(i) + slope(j)) + (all ? push(i, s) + push(j, s) : 0));
        }
        for (const k of negatives.filter(near)) pull(k, push(i, S(k)));
      } else if (at < positives.length + negatives.length) {
        for (const j of positives.filter(near)) if (negatives.length) pull(j, push(j, S(j)));
      }
      for (let k = 0; k < width; k++) dz[i * width + k] = sum[k] * scale;
    }
  },
});
