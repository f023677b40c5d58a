import wgsl from '../../shaders/geluGrad.wgsl?raw';
import normal from '../../shaders/lib/normal.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { normalCdf, normalPdf } from '../math/normal';

/** Gradient through `gelu`, in place: dx[i] *= Φ(x[i]) + x[i] φ(x[i]); `size` is a multiple of 4. */
export const geluGrad = kernel({
  name: 'geluGrad',
  wgsl,
  uses: [normal],
  params: { size: 'u32' },
  buffers: { x: 'read', dx: 'read_write' },
  grid: ({ size }, runs) => [Math.ceil(size / 256), 1, runs],
  cost: ({ size }) => ({ flops: 36 * size, bytes: 12 * size }),
  reference({ size }, { x, dx }) {
    for (let i = 0; i < size; i++) dx[i] *= normalCdf(x[i]) + x[i] * normalPdf(x[i]);
  },
});
