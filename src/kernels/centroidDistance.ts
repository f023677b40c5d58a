import wgsl from '../../shaders/centroidDistance.wgsl?raw';
import { hyperWgsl, MAX_DOMAINS } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { METRIC_CENTROID, metricsWgsl } from './metrics';
import { dotRows } from './pairs';

/**
 * Distance of domains, 1 − ⟨ν_a, ν_b⟩ of their unit centroids (rows first … first + domains of `z`); −1 where one has none.
 * The first MAX_DOMAINS domains also go to `stats`.
 */
export const centroidDistance = kernel({
  name: 'centroidDistance',
  wgsl,
  uses: [hyperWgsl, metricsWgsl],
  params: { domains: 'u32', width: 'u32', points: 'u32', first: 'u32' },
  buffers: { z: 'read', distance: 'read_write', stats: 'read_write' },
  grid: ({ domains }, runs) => [Math.ceil((domains * domains) / 64), 1, runs],
  cost: ({ domains, width }) => ({ flops: 7 * domains * domains * width, bytes: 4 * domains * (domains + width) }),
  reference({ domains, width, first }, { z, distance, stats }) {
    const known = (d: number) => dotRows(z, first + d, first + d, width) > 0.5;
    for (let a = 0; a < domains; a++)
      for (let b = 0; b < domains; b++) {
        let apart = 0;
        for (let k = 0; k < width; k++) apart += (z[(first + a) * width + k] - z[(first + b) * width + k]) ** 2 / 2;
        const both = known(a) && known(b);
        distance[a * domains + b] = both ? apart : -1;
        if (a >= MAX_DOMAINS || b >= MAX_DOMAINS) continue;
        const at = 2 * (METRIC_CENTROID + a * MAX_DOMAINS + b);
        stats[at] = both ? apart : 0;
        stats[at + 1] = both ? 1 : 0;
      }
  },
});
