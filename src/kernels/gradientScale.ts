import wgsl from '../../shaders/gradientScale.wgsl?raw';
import finite from '../../shaders/lib/finite.wgsl?raw';
import squaresLib from '../../shaders/lib/squares.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { addSquares, gradientGroups } from './gradientSum';
import { metricsWgsl, statOf } from './metrics';
import { STATE, stateWgsl } from './state';

/**
 * Norm clip and NaN guard. `scale` = [policy scale, head scale, policy is updated, head is updated]; counts the update in
 * `state` (adamPolicy, adamHead, skipped) and writes the gradient metrics.
 */
export const gradientScale = kernel({
  name: 'gradientScale',
  wgsl,
  uses: [finite, squaresLib, hyperWgsl, stateWgsl, metricsWgsl],
  params: { size: 'u32', head: 'u32' },
  buffers: { squares: 'read', hyper: 'read', state: 'read_write', stats: 'read_write', scale: 'read_write' },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ size }) => ({ flops: 2 * gradientGroups(size), bytes: 8 * gradientGroups(size) }),
  reference({ size, head }, { squares, hyper, state, stats, scale }) {
    const lossesFinite = Number.isFinite(stats[statOf('loss/policy')]) && Number.isFinite(stats[statOf('loss/contrastive')]);
    let skipped = 0;
    scale.fill(0);
    const finish = (index: 0 | 1) => {
      let sum = 0;
      for (let g = 0; g < gradientGroups(size); g++) sum = addSquares(sum, squares[2 * g + index]);
      const norm = Math.sqrt(Math.max(sum, 0));
      if (sum >= 0) {
        const at = statOf(index === 0 ? 'gradient/norm' : 'gradient/headNorm');
        stats[at] += norm;
        stats[at + 1] += 1;
      }
      if (!lossesFinite || sum < 0) {
        skipped = 1;
        return;
      }
      const clip = hyper[HYPER[index === 0 ? 'optimizer.clipNorm' : 'head.clipNorm']];
      scale[index] = clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1;
      scale[2 + index] = 1;
      state[index === 0 ? STATE.adamPolicy : STATE.adamHead] += 1;
    };
    finish(0);
    if (head) finish(1);
    state[STATE.skipped] += skipped;
    stats[statOf('gradient/skipped')] += skipped;
    stats[statOf('gradient/skipped') + 1] += 1;
  },
});
