import wgsl from '../../shaders/clipoPool.wgsl?raw';
import { kernel } from '../gpu/kernel';

/**
 * CLIPO's representation of the rollouts of one mini-batch (prompts `first`… of `totalPrompts`): the mean of the hidden states after
 * the final norm over the response tokens, into the mini-batch's rows of `h`; and `label`, the reward, or −1 without a response.
 */
export const clipoPool = kernel({
  name: 'clipoPool',
  wgsl,
  params: {
    first: 'u32',
    prompts: 'u32',
    group: 'u32',
    promptLength: 'u32',
    responseLength: 'u32',
    width: 'u32',
    totalPrompts: 'u32',
  },
  buffers: { hidden: 'read', length: 'read', reward: 'read', h: 'read_write', label: 'read_write' },
  grid: ({ prompts, group }, runs) => [prompts * group, 1, runs],
  cost: ({ prompts, group, responseLength, width }) => ({
    flops: prompts * group * responseLength * width,
    bytes: 4 * prompts * group * (responseLength + 1) * width,
  }),
  reference(shape, { hidden, length, reward, h, label }) {
    const { first, prompts, group, promptLength, responseLength, width } = shape;
    for (let m = 0; m < prompts; m++)
      for (let j = 0; j < group; j++) {
        const rollout = (first + m) * group + j;
        const start = m * (promptLength + group * responseLength) + promptLength + j * responseLength;
        const tokens = Math.min(length[rollout], responseLength);
        for (let k = 0; k < width; k++) {
          let sum = 0;
          for (let t = 0; t < tokens; t++) sum += hidden[(start + t) * width + k];
          h[rollout * width + k] = sum / Math.max(tokens, 1);
        }
        label[rollout] = tokens > 0 ? reward[rollout] : -1;
      }
  },
});
