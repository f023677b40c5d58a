import wgsl from '../../shaders/gradientScale.wgsl?raw';
import finite from '../../shaders/lib/finite.wgsl?raw';
import squaresLib from '../../shaders/lib/squares.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { addSquares, gradientGroups } from './gradientSum';
import { metricsWgsl, statOf } from './metrics';
import { STATE, stateWgsl } from './state';

/** Groups of parameters with an optimiser of their own, as `scale`, `squares` and `adamW` number them. */
export const PARAMETER_GROUP = { policy: 0, head: 1, clipo: 2 } as const;

/**
 * Norm clip and NaN guard. `scale` [8] = scale of the policy's, the head's and CLIPO's head's gradient, 0, then for each whether it
 * is updated, 0; counts the updates in `state` (adamPolicy, adamHead, adamClipo, skipped, empty) and writes the gradient metrics.
 * Without a response token nothing is updated; while CLIPO's head warms up the policy waits. A run without contrastive loss leaves the
 * head alone that its fleet has.
 */
export const gradientScale = kernel({
  name: 'gradientScale',
  wgsl,
  uses: [finite, squaresLib, hyperWgsl, stateWgsl, metricsWgsl],
  params: { size: 'u32', head: 'u32', clipo: 'u32' },
  buffers: { squares: 'read', tokens: 'read', hyper: 'read', state: 'read_write', stats: 'read_write', scale: 'read_write' },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ size }) => ({ flops: 4 * gradientGroups(size), bytes: 16 * gradientGroups(size) }),
  reference({ size, head, clipo }, { squares, tokens, hyper, state, stats, scale }) {
    const add = (name: Parameters<typeof statOf>[0], value: number) => {
      stats[statOf(name)] += value;
      stats[statOf(name) + 1] += 1;
    };
    const lossesFinite = Number.isFinite(stats[statOf('loss/policy')]) && Number.isFinite(stats[statOf('loss/contrastive')]);
    const empty = tokens[0] === 0;
    let skipped = 0;
    scale.fill(0);
    const finish = (index: number, clip: number, counter: number, waits: boolean, metric?: Parameters<typeof statOf>[0]) => {
      let sum = 0;
      for (let g = 0; g < gradientGroups(size); g++) sum = addSquares(sum, squares[4 * g + index]);
      const norm = Math.sqrt(Math.max(sum, 0));
      if (sum >= 0 && metric) add(metric, norm);
      if (!lossesFinite || sum < 0) {
        skipped = 1;
        return;
      }
      if (empty || waits) return;
      scale[index] = clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1;
      scale[4 + index] = 1;
      state[counter] += 1;
    };
    const waits = hyper[HYPER['clipo.lambda']] > 0 && state[STATE.step] < hyper[HYPER['clipo.warmup']];
    finish(PARAMETER_GROUP.policy, hyper[HYPER['optimizer.clipNorm']], STATE.adamPolicy, waits, 'gradient/norm');
    if (head && hyper[HYPER['contrast.lambda']] > 0)
      finish(PARAMETER_GROUP.head, hyper[HYPER['head.clipNorm']], STATE.adamHead, false, 'gradient/headNorm');
    // CLIPO's head has no norm clip; without an anchor it is left alone.
    if (clipo) finish(PARAMETER_GROUP.clipo, 0, STATE.adamClipo, stats[statOf('clipo/loss') + 1] === 0);
    state[STATE.skipped] += skipped;
    state[STATE.empty] += Number(empty);
    add('gradient/skipped', skipped);
    add('gradient/empty', Number(empty));
  },
});
