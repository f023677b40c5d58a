import wgsl from '../../shaders/arrange.wgsl?raw';
import { kernel } from '../gpu/kernel';

/**
 * Roles and a stable permutation of the pool: `order` lists the positives P⁺ (reward ≥ 0.5), the negatives N⁻, then the rows without
 * an embedding (norm 0), each in row order; its last four elements are #P⁺, #N⁻, #excluded and 0.
 */
export const arrange = kernel({
  name: 'arrange',
  wgsl,
  params: { rows: 'u32' },
  buffers: { norm: 'read', reward: 'read', order: 'read_write' },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ rows }) => ({ flops: 0, bytes: 12 * rows }),
  reference({ rows }, { norm, reward, order }) {
    const all = Array.from({ length: rows }, (_, i) => i);
    const positive = all.filter((i) => norm[i] > 0 && reward[i] >= 0.5);
    const negative = all.filter((i) => norm[i] > 0 && !(reward[i] >= 0.5));
    const excluded = all.filter((i) => !(norm[i] > 0));
    order.set([...positive, ...negative, ...excluded, positive.length, negative.length, excluded.length, 0]);
  },
});
