import wgsl from '../../shaders/groupMean.wgsl?raw';
import { kernel } from '../gpu/kernel';

/**
 * Mean direction of the correct rollouts of each group: prototypes c_p (5) when grouped by prompt, centroids when grouped by domain.
 * Writes rows first … first + groups of `z` (0 for a group without correct rollouts or whose mean is shorter than 1e-6) and, in the same
 * order from entry first − rows, `size` = (correct rollouts, length of their mean, 0 when that short). Labels must ascend with the row.
 */
export const groupMean = kernel({
  name: 'groupMean',
  wgsl,
  params: { rows: 'u32', width: 'u32', points: 'u32', first: 'u32', groups: 'u32' },
  buffers: { label: 'read', order: 'read', z: 'read_write', size: 'read_write' },
  grid: ({ groups }, runs) => [groups, 1, runs],
  cost: ({ rows, groups, width }) => ({ flops: rows * width, bytes: 4 * (rows + groups) * width }),
  reference({ rows, width, first, groups }, { label, order, z, size }) {
    const count = new Float64Array(groups);
    const sum = new Float64Array(groups * width);
    for (const i of order.subarray(0, order[rows])) {
      count[label[i]]++;
      for (let k = 0; k < width; k++) sum[label[i] * width + k] += z[i * width + k];
    }
    for (let g = 0; g < groups; g++) {
      const mean = sum.subarray(g * width, (g + 1) * width).map((x) => x / Math.max(count[g], 1));
      const length = Math.sqrt(mean.reduce((total, x) => total + x * x, 0));
      const at = 2 * (first - rows + g);
      size[at] = count[g];
      size[at + 1] = length < 1e-6 ? 0 : length;
      z.set(
        mean.map((x) => (length < 1e-6 ? 0 : x / length)),
        (first + g) * width,
      );
    }
  },
});
