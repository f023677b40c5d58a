import wgsl from '../../shaders/normalizeRows.wgsl?raw';
import { kernel } from '../gpu/kernel';

/**
 * Unit embeddings z_i = u_i / |u_i| (4). `z` has `points` rows, of which the first `rows` are written. A row out of the pool (reward below 0),
 * not finite or shorter than 1e-12 gets z = 0 and norm 0, and takes no part in the step.
 */
export const normalizeRows = kernel({
  name: 'normalizeRows',
  wgsl,
  params: { rows: 'u32', width: 'u32', points: 'u32' },
  buffers: { u: 'read', reward: 'read', z: 'read_write', norm: 'read_write' },
  grid: ({ rows }, runs) => [rows, 1, runs],
  cost: ({ rows, width }) => ({ flops: 4 * rows * width, bytes: 8 * rows * width }),
  reference({ rows, width }, { u, reward, z, norm }) {
    for (let i = 0; i < rows; i++) {
      const row = u.subarray(i * width, (i + 1) * width);
      const length = reward[i] >= 0 && row.every(Number.isFinite) ? Math.hypot(...row) : 0;
      norm[i] = length < 1e-12 ? 0 : Math.min(length, 3e38);
      for (let k = 0; k < width; k++) z[i * width + k] = length < 1e-12 ? 0 : row[k] / length;
    }
  },
});
