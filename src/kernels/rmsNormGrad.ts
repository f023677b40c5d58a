import wgsl from '../../shaders/rmsNormGrad.wgsl?raw';
import { kernel } from '../gpu/kernel';

/** Gradient of `rmsNorm`: dx (+)= inv (dy − y · mean(dy y)), per row; `y` is the normalised row. */
export const rmsNormGrad = kernel({
  name: 'rmsNormGrad',
  wgsl,
  params: { rows: 'u32', width: 'u32', accumulate: 'u32' },
  buffers: { dy: 'read', y: 'read', inv: 'read', dx: 'read_write' },
  grid: ({ rows }, runs) => [Math.ceil(rows / 64), 1, runs],
  cost: ({ rows, width }) => ({ flops: 5 * rows * width, bytes: 4 * rows * (3 * width + 1) }),
  reference({ rows, width, accumulate }, { dy, y, inv, dx }) {
    for (let r = 0; r < rows; r++) {
      let products = 0;
      for (let i = r * width; i < (r + 1) * width; i++) products += dy[i] * y[i];
      const mean = products / width;
      for (let i = r * width; i < (r + 1) * width; i++) {
        const value = inv[r] * (dy[i] - y[i] * mean);
        dx[i] = accumulate ? dx[i] + value : value;
      }
    }
  },
});
