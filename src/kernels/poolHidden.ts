import wgsl from '../../shaders/poolHidden.wgsl?raw';
import { kernel } from '../gpu/kernel';

/** Sizes of one mini-batch: the `prompts` prompts from `first` of a batch of `totalPrompts`, with `group` rollouts each. */
export const poolParams = {
  first: 'u32',
  prompts: 'u32',
  group: 'u32',
  promptLength: 'u32',
  responseLength: 'u32',
  width: 'u32',
  totalPrompts: 'u32',
} as const;
type PoolShape = Record<keyof typeof poolParams, number>;

/** Calls `visit` for each rollout of the mini-batch: its place in the pool, in the batch, and its first response row. */
export function eachRollout(shape: PoolShape, visit: (i: number, rollout: number, start: number) => void): void {
  const { first, prompts, group, promptLength, responseLength } = shape;
  const rows = promptLength + group * responseLength;
  for (let m = 0; m < prompts; m++)
    for (let j = 0; j < group; j++) visit(m * group + j, (first + m) * group + j, m * rows + promptLength + j * responseLength);
}

/**
 * Mean of the hidden states (after the final norm) over each rollout's response tokens, and the pool's labels. An empty response
 * gets h = 0 and reward −1, which leaves it out of the pool.
 */
export const poolHidden = kernel({
  name: 'poolHidden',
  wgsl,
  params: poolParams,
  buffers: {
    hidden: 'read',
    length: 'read',
    reward: 'read',
    domain: 'read',
    h: 'read_write',
    poolReward: 'read_write',
    poolPrompt: 'read_write',
    poolDomain: 'read_write',
  },
  grid: ({ prompts, group }, runs) => [prompts * group, 1, runs],
  cost: ({ prompts, group, responseLength, width }) => ({
    flops: prompts * group * responseLength * width,
    bytes: 4 * prompts * group * (responseLength + 1) * width,
  }),
  reference(shape, { hidden, length, reward, domain, h, poolReward, poolPrompt, poolDomain }) {
    const { first, group, width } = shape;
    eachRollout(shape, (i, rollout, start) => {
      const tokens = Math.min(length[rollout], shape.responseLength);
      const prompt = Math.floor(i / group);
      for (let k = 0; k < width; k++) {
        let sum = 0;
        for (let t = 0; t < tokens; t++) sum += hidden[(start + t) * width + k];
        h[i * width + k] = sum / Math.max(tokens, 1);
      }
      poolReward[i] = tokens > 0 ? reward[rollout] : -1;
      poolPrompt[i] = prompt;
      poolDomain[i] = domain[first + prompt];
    });
  },
});
