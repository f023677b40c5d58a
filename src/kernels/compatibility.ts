import wgsl from '../../shaders/compatibility.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { compatible, dotRows, pairWgsl } from './pairs';

/** Compatibility of prompts, w_pq = max(0, ⟨c_p, c_q⟩) (5); prototypes c lie in rows first … first + prompts of `z`. */
export const compatibility = kernel({
  name: 'compatibility',
  wgsl,
  uses: pairWgsl,
  params: { prompts: 'u32', width: 'u32', points: 'u32', first: 'u32' },
  buffers: { z: 'read', weight: 'read_write' },
  grid: ({ prompts }, runs) => [Math.ceil(prompts / 32), Math.ceil(prompts / 32), runs],
  cost: ({ prompts, width }) => ({ flops: 2 * prompts * prompts * width, bytes: 4 * prompts * (prompts + width) }),
  reference({ prompts, width, first }, { z, weight }) {
    for (let p = 0; p < prompts; p++)
      for (let q = 0; q < prompts; q++) weight[p * prompts + q] = compatible(dotRows(z, first + p, first + q, width));
  },
});
