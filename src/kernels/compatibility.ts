import wgsl from '../../shaders/compatibility.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { contrastChoices, dotRows, mapped, pairWgsl } from './pairs';

/**
 * Compatibility of prompts (5): w_pq = max(0, ⟨c_p, c_q⟩), or by the map of contrast.weightMap; 0 for a prompt without prototype.
 * Prototypes c lie in rows first … first + prompts of `z`, the lengths of their means in `size`.
 */
export const compatibility = kernel({
  name: 'compatibility',
  wgsl,
  uses: pairWgsl,
  params: { prompts: 'u32', width: 'u32', points: 'u32', first: 'u32' },
  buffers: { hyper: 'read', z: 'read', size: 'read', weight: 'read_write' },
  grid: ({ prompts }, runs) => [Math.ceil(prompts / 32), Math.ceil(prompts / 32), runs],
  cost: ({ prompts, width }) => ({ flops: 2 * prompts * prompts * width, bytes: 4 * prompts * (prompts + width) }),
  reference({ prompts, width, first }, { hyper, z, size, weight }) {
    const map = contrastChoices(hyper);
    for (let p = 0; p < prompts; p++)
      for (let q = 0; q < prompts; q++)
        weight[p * prompts + q] = mapped(dotRows(z, first + p, first + q, width), size[2 * p + 1], size[2 * q + 1], map);
  },
});
