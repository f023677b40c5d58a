import wgsl from '../../shaders/poolHiddenGrad.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { eachRollout, poolParams } from './poolHidden';
import { STATE, stateWgsl } from './state';

/**
 * dfinal[i, t] += dh_i / T_i for t < T_i; nothing during the contrastive warm-up or with contrast.backbone off, when the
 * contrastive loss trains the head alone. dh includes λ.
 */
export const poolHiddenGrad = kernel({
  name: 'poolHiddenGrad',
  wgsl,
  uses: [hyperWgsl, stateWgsl],
  params: poolParams,
  buffers: { dh: 'read', length: 'read', hyper: 'read', state: 'read', dfinal: 'read_write' },
  grid: ({ prompts, group }, runs) => [prompts * group, 1, runs],
  cost: ({ prompts, group, responseLength, width }) => ({
    flops: prompts * group * responseLength * width,
    bytes: 4 * prompts * group * (2 * responseLength + 1) * width,
  }),
  reference(shape, { dh, length, hyper, state, dfinal }) {
    if (state[STATE.update] < hyper[HYPER['contrast.warmup']] || !hyper[HYPER['contrast.backbone']]) return;
    const { width } = shape;
    eachRollout(shape, (i, rollout, start) => {
      const tokens = Math.min(length[rollout], shape.responseLength);
      for (let t = 0; t < tokens; t++)
        for (let k = 0; k < width; k++) dfinal[(start + t) * width + k] += dh[i * width + k] / tokens;
    });
  },
});
