import wgsl from '../../shaders/finishUpdate.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { metricsWgsl, STATS_SIZE } from './metrics';
import { STATE, stateWgsl } from './state';

/** Copies `stats` into row update % rows of `ring`, clears them, and counts the update (and the step when `endOfStep` = 1). */
export const finishUpdate = kernel({
  name: 'finishUpdate',
  wgsl,
  uses: [metricsWgsl, stateWgsl],
  params: { rows: 'u32', endOfStep: 'u32' },
  buffers: { stats: 'read_write', state: 'read_write', ring: 'read_write' },
  grid: (_, runs) => [1, 1, runs],
  cost: () => ({ flops: 0, bytes: 12 * STATS_SIZE }),
  reference({ rows, endOfStep }, { stats, state, ring }) {
    ring.set(stats, (state[STATE.update] % rows) * STATS_SIZE);
    stats.fill(0);
    state[STATE.update] += 1;
    state[STATE.step] += endOfStep;
  },
});
