import wgsl from '../../shaders/normalizeRows.wgsl?raw';
import { kernel } from '../gpu/kernel';

/**
 * Unit embeddings z_i = u_i / |u_i| (4). `z` has `points` rows, of which the first `rows` are written. A row that is masked out, not
 * finite or shorter than 1e-12 gets z = 0 and norm 0, and takes no part in the step.
 */
export const normalizeRows = kernel({
  name: 'normalizeRows',
  wgsl,
  params: { rows: 'u32', width: 'u32', points: 'u32' },
  buffers: { u: 'read', mask: 'read', z: 'read_write', norm: 'read_write' },
  grid: ({ rows }, runs) => [rows, 1, runs],
  cost: ({ rows, width }) => ({ flops: 4 * rows * width, bytes: 8 * rows * width }),
  reference({ rows, width }, { u, mask, z, norm }) {
    for (let i = 0; i < rows; i++) {
      const row = u.subarray(i * width, (i + 1) * width);
      const length = mask[i] && row.every(Number.isFinite) ? Math.hypot(...row) : 0;
      norm[i] = length < 1e-12 ? 0 : Math.min(length, 3e38);
      for (let k = 0; k < width; k++) z[i * width + k] = length < 1e-12 ? 0 : row[k] / length;
    }
  },
});
