import wgsl from '../../shaders/clipoGrad.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { CLIPO_LOSS, clipoLogit, clipoReach } from './clipoLoss';
import { metricsWgsl, statOf } from './metrics';

/**
 * ∂L_head/∂z of CLIPO's head loss, the mean of l_i over the anchors: each row gathers its part as an anchor and its part in the losses
 * of other anchors. In terms of distances, like the logits: it differs from the gradient by cosines along z_i only, which the
 * normalisation takes away. Logits are made again: nothing N × N is stored.
 */
export const clipoGrad = kernel({
  name: 'clipoGrad',
  wgsl,
  uses: [hyperWgsl, metricsWgsl],
  params: { prompts: 'u32', group: 'u32', width: 'u32' },
  buffers: { hyper: 'read', z: 'read', norm: 'read', label: 'read', anchor: 'read', stats: 'read', dz: 'read_write' },
  grid: ({ prompts, group, width }, runs) => [prompts * group, Math.ceil(width / 256), runs],
  /** At the group level. */
  cost: ({ prompts, group, width }) => ({
    flops: 2 * prompts * group * group * width * (1 + Math.ceil(width / 256)),
    bytes: 4 * prompts * group * (2 * width + 5),
  }),
  reference({ prompts, group, width }, { hyper, z, norm, label, anchor, stats, dz }) {
    const tau = hyper[HYPER['clipo.tau']];
    const loss = hyper[HYPER['clipo.loss']];
    const anchors = stats[statOf('clipo/loss') + 1];
    dz.fill(0);
    if (!anchors) return;
    /** ∂l_i/∂S_ia of anchor i. */
    const pull = (i: number, a: number, S: number, positive: boolean) => {
      const [, denominator, own] = anchor.subarray(4 * i);
      const share = Math.exp(Math.min(0, S - denominator));
      if (!positive) return share;
      if (loss === CLIPO_LOSS.infonce) return share - Number(a === own);
      return share - (loss === CLIPO_LOSS.supconOut ? own : Math.exp(Math.min(0, S - own)));
    };
    const isAnchor = (i: number) => anchor[4 * i + 3] > 0;
    for (let i = 0; i < prompts * group; i++) {
      if (!(norm[i] > 0)) continue;
      const { first, count, near } = clipoReach(hyper, prompts, group, i);
      const sum = new Float64Array(width);
      for (let a = first; a < first + count; a++) {
        if (a === i || !(norm[a] > 0) || !(isAnchor(i) || isAnchor(a))) continue;
        const S = clipoLogit(z, i, a, width, tau);
        const positive = near(a) && label[i] >= 0.5 && label[a] >= 0.5;
        const f = (isAnchor(i) ? pull(i, a, S, positive) : 0) + (isAnchor(a) ? pull(a, i, S, positive) : 0);
        for (let k = 0; k < width; k++) sum[k] += f * (z[a * width + k] - z[i * width + k]);
      }
      for (let k = 0; k < width; k++) dz[i * width + k] = sum[k] / (tau * anchors);
    }
  },
});
