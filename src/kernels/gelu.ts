import wgsl from '../../shaders/gelu.wgsl?raw';
import normal from '../../shaders/lib/normal.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { normalCdf } from '../math/normal';

/**
 * Gaussian error linear unit y = x Φ(x), element by element; `size` is a multiple of 4. A kernel of its own, since within the linear layers
 * it would cost those that do not use it: a software adapter runs both sides of a branch.
 */
export const gelu = kernel({
  name: 'gelu',
  wgsl,
  uses: [normal],
  params: { size: 'u32' },
  buffers: { x: 'read', y: 'read_write' },
  grid: ({ size }, runs) => [Math.ceil(size / 256), 1, runs],
  cost: ({ size }) => ({ flops: 30 * size, bytes: 8 * size }),
  reference({ size }, { x, y }) {
    for (let i = 0; i < size; i++) y[i] = x[i] * normalCdf(x[i]);
  },
});
