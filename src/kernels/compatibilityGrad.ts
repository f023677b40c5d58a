import wgsl from '../../shaders/compatibilityGrad.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { contrastChoices, dotRows, pairLoss, pairWgsl, roles } from './pairs';

/**
 * ∂L/∂w (method.md 8.6) of each pair of prompts, both orders together: v_pq = Σ over i ∈ p⁺, j ∈ q⁺ of ∂L/∂w_ij + ∂L/∂w_ji, where
 * ∂L/∂w_ij = β / Z_x · share_i (l_ij − L_x) across domains and 0 within one; with contrast.normalizer anchor the anchor's own mean loss
 * stands for L_x. A run without contrast.weightGradient leaves `slope` as it is.
 */
export const compatibilityGrad = kernel({
  name: 'compatibilityGrad',
  wgsl,
  uses: pairWgsl,
  params: { rows: 'u32', width: 'u32', points: 'u32', prompts: 'u32' },
  buffers: {
    hyper: 'read',
    z: 'read',
    order: 'read',
    prompt: 'read',
    domain: 'read',
    anchor: 'read',
    pairs: 'read',
    slope: 'read_write',
  },
  grid: ({ prompts }, runs) => [Math.ceil(prompts / 8), Math.ceil(prompts / 8), runs],
  /** With half of the rows correct. */
  cost: ({ rows, width, prompts }) => ({
    flops: (rows * rows * width) / 2,
    bytes: 4 * (rows * (width + 13) + prompts * prompts),
  }),
  reference({ rows, width, prompts }, { hyper, z, order, prompt, domain, anchor, pairs, slope }) {
    const { throughWeights, all, perAnchor } = contrastChoices(hyper);
    if (!throughWeights) return;
    const { positives } = roles(order, rows);
    const [coefficient, , scale, Lx] = anchor.subarray(4 * rows);
    const v = new Float64Array(prompts * prompts);
    for (const i of positives) {
      const [lam, , share] = anchor.subarray(4 * i);
      const average = perAnchor ? share * pairs[8 * i + 1] : Lx;
      for (const j of positives) {
        if (domain[i] === domain[j]) continue;
        const dw = coefficient * share * (pairLoss(lam, scale * dotRows(z, i, j, width), all) - average);
        v[prompt[i] * prompts + prompt[j]] += dw;
        v[prompt[j] * prompts + prompt[i]] += dw;
      }
    }
    slope.set(v);
  },
});
