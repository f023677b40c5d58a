import wgsl from '../../shaders/adamW.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { type Data, kernel } from '../gpu/kernel';
import { STATE, stateWgsl } from './state';

/**
 * One AdamW update (Loshchilov & Hutter 2019) of parameters [start, start + count) with the gradient scale · total, unless
 * `gradientScale` vetoed it. Group 0 is the policy (warm-up and linear decay of the rate), group 1 the head (constant rate).
 */
export const adamW = kernel({
  name: 'adamW',
  wgsl,
  uses: [hyperWgsl, stateWgsl],
  params: { start: 'u32', count: 'u32', group: 'u32', size: 'u32' },
  buffers: {
    parameters: 'read_write',
    total: 'read',
    moment1: 'read_write',
    moment2: 'read_write',
    hyper: 'read',
    state: 'read',
    scale: 'read',
  },
  grid: ({ count }, runs) => [Math.ceil(count / 256), 1, runs],
  cost: ({ count }) => ({ flops: 16 * count, bytes: 4 * 7 * count }),
  reference({ start, count, group }, { parameters, total, moment1, moment2, hyper, state, scale }) {
    if (scale[2 + group] === 0) return;
    const rate = group === 0 ? policyRate(hyper, state[STATE.step]) : hyper[HYPER['head.lr']];
    const decay = hyper[HYPER[group === 0 ? 'optimizer.weightDecay' : 'head.weightDecay']];
    const updates = state[group === 0 ? STATE.adamPolicy : STATE.adamHead];
    const beta1 = hyper[HYPER['optimizer.beta1']];
    const beta2 = hyper[HYPER['optimizer.beta2']];
    const epsilon = hyper[HYPER['optimizer.epsilon']];
    const correction1 = 1 - beta1 ** updates;
    const correction2 = 1 - beta2 ** updates;
    for (let i = start; i < start + count; i++) {
      const g = total[i] * scale[group];
      const m = beta1 * moment1[i] + (1 - beta1) * g;
      const v = beta2 * moment2[i] + (1 - beta2) * g * g;
      moment1[i] = m;
      moment2[i] = v;
      parameters[i] -= rate * (m / correction1 / (Math.sqrt(v / correction2) + epsilon) + decay * parameters[i]);
    }
  },
});

/** Learning rate of the policy at step `step` (from 0): linear warm-up times a linear decay to `optimizer.decay` at the last step. */
export function policyRate(hyper: Data, step: number): number {
  const warmup = hyper[HYPER['optimizer.warmup']];
  const steps = hyper[HYPER['steps']];
  const rise = warmup > 0 ? Math.min(1, (step + 1) / warmup) : 1;
  const progress = steps > 1 ? Math.min(1, step / (steps - 1)) : 0;
  return hyper[HYPER['optimizer.lr']] * rise * (1 + (hyper[HYPER['optimizer.decay']] - 1) * progress);
}
