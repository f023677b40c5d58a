import wgsl from '../../shaders/poolHiddenGrad.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { eachPooled, poolParams } from './poolHidden';
import { STATE, stateWgsl } from './state';

/**
 * dfinal[row] += dh_i / rows for the rows that h_i is the mean of (`poolHidden`); nothing during the contrastive warm-up or with
 * contrast.backbone off, when the contrastive loss trains the head alone. dh includes λ.
 */
export const poolHiddenGrad = kernel({
  name: 'poolHiddenGrad',
  wgsl,
  uses: [hyperWgsl, stateWgsl],
  params: poolParams,
  buffers: { dh: 'read', length: 'read', hyper: 'read', state: 'read', dfinal: 'read_write' },
  grid: ({ prompts, group }, runs) => [prompts * (group + 1), 1, runs],
  cost: ({ prompts, group, responseLength, width }) => ({
    flops: prompts * group * responseLength * width,
    bytes: 4 * prompts * group * (2 * responseLength + 1) * width,
  }),
  reference(shape, { dh, length, hyper, state, dfinal }) {
    if (state[STATE.update] < hyper[HYPER['contrast.warmup']] || !hyper[HYPER['contrast.backbone']]) return;
    const { width } = shape;
    eachPooled(shape, length, hyper, (i, rows) => {
      for (const row of rows) for (let k = 0; k < width; k++) dfinal[row * width + k] += dh[i * width + k] / rows.length;
    });
  },
});
