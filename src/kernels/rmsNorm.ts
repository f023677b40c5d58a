import wgsl from '../../shaders/rmsNorm.wgsl?raw';
import { kernel } from '../gpu/kernel';

/** Root-mean-square normalisation without gain: y = x · inv, inv = 1/√(mean(x²) + 1e-6), per row. */
export const rmsNorm = kernel({
  name: 'rmsNorm',
  wgsl,
  params: { rows: 'u32', width: 'u32' },
  buffers: { x: 'read', y: 'read_write', inv: 'read_write' },
  grid: ({ rows }, runs) => [Math.ceil(rows / 64), 1, runs],
  cost: ({ rows, width }) => ({ flops: 3 * rows * width, bytes: 4 * rows * (2 * width + 1) }),
  reference({ rows, width }, { x, y, inv }) {
    for (let r = 0; r < rows; r++) {
      let squares = 0;
      for (let i = r * width; i < (r + 1) * width; i++) squares += x[i] * x[i];
      const scale = 1 / Math.sqrt(squares / width + 1e-6);
      for (let i = r * width; i < (r + 1) * width; i++) y[i] = x[i] * scale;
      inv[r] = scale;
    }
  },
});
