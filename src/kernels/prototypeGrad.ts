import wgsl from '../../shaders/prototypeGrad.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { contrastChoices, dotRows, mapped, pairWgsl, roles } from './pairs';

/**
 * The gradient through the compatibilities (method.md 8.6), added to that of the embeddings: dz_i += ∂L/∂μ_p / n_p for the correct
 * rollouts i of p, ∂L/∂μ_p = Σ_q v_pq ∂w_pq/∂μ_p by the map of contrast.weightMap. A run without contrast.weightGradient leaves `dz`.
 */
export const prototypeGrad = kernel({
  name: 'prototypeGrad',
  wgsl,
  uses: pairWgsl,
  params: { rows: 'u32', width: 'u32', points: 'u32', prompts: 'u32' },
  buffers: { hyper: 'read', z: 'read', order: 'read', prompt: 'read', size: 'read', slope: 'read', dz: 'read_write' },
  grid: ({ prompts, width }, runs) => [prompts, Math.ceil(width / 256), runs],
  cost: ({ rows, width, prompts }) => ({
    flops: 2 * prompts * prompts * width * (1 + Math.ceil(width / 256)),
    bytes: 4 * (prompts * (width + prompts) + rows * width),
  }),
  reference({ rows, width, prompts }, { hyper, z, order, prompt, size, slope, dz }) {
    const { throughWeights, ...map } = contrastChoices(hyper);
    if (!throughWeights) return;
    const { positives } = roles(order, rows);
    for (let p = 0; p < prompts; p++) {
      const [members, length] = size.subarray(2 * p);
      if (!length) continue;
      const dmu = new Float64Array(width);
      for (let q = 0; q < prompts; q++) {
        const v = slope[p * prompts + q];
        const cosine = dotRows(z, rows + p, rows + q, width);
        if (v === 0 || mapped(cosine, length, size[2 * q + 1], map) === 0) continue;
        for (let k = 0; k < width; k++) {
          const [own, other] = [z[(rows + p) * width + k], z[(rows + q) * width + k]];
          dmu[k] += map.raw ? v * size[2 * q + 1] * other : (v * (map.half ? 0.5 : 1) * (other - cosine * own)) / length;
        }
      }
      for (const i of positives) {
        if (prompt[i] !== p) continue;
        for (let k = 0; k < width; k++) dz[i * width + k] += dmu[k] / members;
      }
    }
  },
});
