import wgsl from '../../shaders/embeddingSpread.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { dotRows, pairWgsl } from './pairs';

/** Rows and columns of a tile of `embeddingSpread`. */
export const SPREAD_TILE = 32;

/**
 * Sums over the ordered pairs i ≠ j of usable rollouts of exp(−2 |z_i − z_j|²) and of ⟨z_i, z_j⟩², a pair of sums for each tile of 32 × 32
 * positions; zeros below the diagonal, whose tiles count in their mirror images.
 */
export const embeddingSpread = kernel({
  name: 'embeddingSpread',
  wgsl,
  uses: pairWgsl,
  params: { rows: 'u32', width: 'u32', points: 'u32' },
  buffers: { z: 'read', order: 'read', partial: 'read_write' },
  grid: ({ rows }, runs) => [Math.ceil(rows / SPREAD_TILE), Math.ceil(rows / SPREAD_TILE), runs],
  cost: ({ rows, width }) => ({ flops: rows * rows * width, bytes: 4 * rows * (width + 1) }),
  reference({ rows, width }, { z, order, partial }) {
    const tiles = Math.ceil(rows / SPREAD_TILE);
    const used = order[rows] + order[rows + 1];
    const sums = new Float64Array(2 * tiles * tiles);
    for (let a = 0; a < used; a++)
      for (let b = a + 1; b < used; b++) {
        const cosine = dotRows(z, order[a], order[b], width);
        const at = 2 * (Math.floor(a / SPREAD_TILE) * tiles + Math.floor(b / SPREAD_TILE));
        sums[at] += 2 * Math.exp(4 * (Math.min(cosine, 1) - 1));
        sums[at + 1] += 2 * cosine * cosine;
      }
    partial.set(sums);
  },
});
