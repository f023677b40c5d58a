import wgsl from '../../shaders/clipoStats.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { metricsWgsl, statOf } from './metrics';

/**
 * CLIPO's metrics of the batch into `stats` (overwritten): loss over its anchors, contrastive reward and share of anchors over its
 * rollouts. All weights are 0 for a run without λ_c.
 */
export const clipoStats = kernel({
  name: 'clipoStats',
  wgsl,
  uses: [hyperWgsl, metricsWgsl],
  params: { rows: 'u32' },
  buffers: { hyper: 'read', label: 'read', anchor: 'read', bonus: 'read', stats: 'read_write' },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ rows }) => ({ flops: 4 * rows, bytes: 24 * rows }),
  reference({ rows }, { hyper, label, anchor, bonus, stats }) {
    let loss = 0;
    let anchors = 0;
    let reward = 0;
    let rollouts = 0;
    for (let i = 0; i < rows; i++) {
      loss += anchor[4 * i];
      anchors += anchor[4 * i + 3];
      reward += bonus[i];
      rollouts += Number(label[i] >= 0);
    }
    const weight = hyper[HYPER['clipo.lambda']] > 0 ? rollouts : 0;
    stats.set([loss, anchors], statOf('clipo/loss'));
    stats.set([reward, weight], statOf('clipo/reward'));
    stats.set([anchors, weight], statOf('clipo/anchors'));
  },
});
