import wgsl from '../../shaders/spreadTotals.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { SPREAD_TILE } from './embeddingSpread';
import { type MetricName, metricsWgsl, statOf } from './metrics';

/**
 * Signals of collapse (Wang & Isola 2020) over the n usable rollouts, from the tiles of `embeddingSpread`: uniformity, the log of the mean
 * of exp(−2 |z_i − z_j|²) over ordered pairs, and the effective rank n² / Σ ⟨z_i, z_j⟩²; each a value of weight 1, 0 without data.
 */
export const spreadTotals = kernel({
  name: 'spreadTotals',
  wgsl,
  uses: [metricsWgsl],
  params: { rows: 'u32' },
  buffers: { order: 'read', partial: 'read', stats: 'read_write' },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ rows }) => ({ flops: (2 * rows * rows) / SPREAD_TILE ** 2, bytes: (8 * rows * rows) / SPREAD_TILE ** 2 }),
  reference({ rows }, { order, partial, stats }) {
    const n = order[rows] + order[rows + 1];
    let spread = 0;
    let squares = 0;
    for (let t = 0; t < partial.length; t += 2) {
      spread += partial[t];
      squares += partial[t + 1];
    }
    const put = (name: MetricName, value: number, known: boolean) => stats.set(known ? [value, 1] : [0, 0], statOf(name));
    put('embedding/uniformity', Math.log(spread / (n * (n - 1))), n > 1);
    put('embedding/rank', n ** 2 / (n + squares), n > 0);
  },
});
