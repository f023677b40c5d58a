import wgsl from '../../shaders/normalizeRowsGrad.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';

/** du_i = (dz_i − ⟨dz_i, z_i⟩ z_i) / |u_i|, 0 for rows without a direction; times λ (12) when `weighted` is 1. */
export const normalizeRowsGrad = kernel({
  name: 'normalizeRowsGrad',
  wgsl,
  uses: [hyperWgsl],
  params: { rows: 'u32', width: 'u32', points: 'u32', weighted: 'u32' },
  buffers: { hyper: 'read', z: 'read', norm: 'read', dz: 'read', du: 'read_write' },
  grid: ({ rows }, runs) => [rows, 1, runs],
  cost: ({ rows, width }) => ({ flops: 5 * rows * width, bytes: 12 * rows * width }),
  reference({ rows, width, weighted }, { hyper, z, norm, dz, du }) {
    for (let i = 0; i < rows; i++) {
      const scale = norm[i] > 0 ? (weighted ? hyper[HYPER['contrast.lambda']] : 1) / norm[i] : 0;
      let along = 0;
      for (let k = i * width; k < (i + 1) * width; k++) along += dz[k] * z[k];
      for (let k = i * width; k < (i + 1) * width; k++) du[k] = (dz[k] - along * z[k]) * scale;
    }
  },
});
