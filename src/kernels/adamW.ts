import wgsl from '../../shaders/adamW.wgsl?raw';
import { choiceIndex, HYPER, hyperWgsl } from '../config/hyper';
import { type Data, kernel } from '../gpu/kernel';
import { STATE, stateWgsl } from './state';

/**
 * One AdamW update (Loshchilov & Hutter 2019) of parameters [start, start + count) with the gradient scale · total, unless
 * `gradientScale` vetoed it. Group 0 is the policy (warm-up and linear decay of the rate), 1 the head, 2 CLIPO's head (both at a
 * constant rate; the head's is 0 where `head.freeze` says so).
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
    if (scale[4 + group] === 0) return;
    const { rate, decay, updates } = [
      {
        rate: policyRate(hyper, state[STATE.step]),
        decay: hyper[HYPER['optimizer.weightDecay']],
        updates: state[STATE.adamPolicy],
      },
      {
        rate: headFrozen(hyper, state[STATE.update]) ? 0 : hyper[HYPER['head.lr']],
        decay: hyper[HYPER['head.weightDecay']],
        updates: state[STATE.adamHead],
      },
      { rate: hyper[HYPER['clipo.lr']], decay: hyper[HYPER['clipo.weightDecay']], updates: state[STATE.adamClipo] },
    ][group];
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

/** Whether `head.freeze` holds the head at update `update` (from 0). */
const headFrozen = (hyper: Data, update: number): boolean => {
  const freeze = hyper[HYPER['head.freeze']];
  if (freeze === choiceIndex('head.freeze', 'start')) return true;
  return freeze === choiceIndex('head.freeze', 'warmup') && update >= hyper[HYPER['contrast.warmup']];
};

/** Learning rate of the policy at step `step` (from 0): linear warm-up times a linear decay to `optimizer.decay` at the last step. */
export function policyRate(hyper: Data, step: number): number {
  const warmup = hyper[HYPER['optimizer.warmup']];
  const steps = hyper[HYPER['steps']];
  const rise = warmup > 0 ? Math.min(1, (step + 1) / warmup) : 1;
  const progress = steps > 1 ? Math.min(1, step / (steps - 1)) : 0;
  return hyper[HYPER['optimizer.lr']] * rise * (1 + (hyper[HYPER['optimizer.decay']] - 1) * progress);
}
