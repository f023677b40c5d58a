import wgsl from '../../shaders/poolHidden.wgsl?raw';
import { choiceIndex, HYPER, hyperWgsl } from '../config/hyper';
import { type Data, kernel } from '../gpu/kernel';

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

/** Calls `visit` for each rollout of the mini-batch: its place in the pool, and the rows of hidden states that it is the mean of. */
export function eachPooled(
  shape: PoolShape,
  length: Data,
  hyper: Data,
  visit: (i: number, rows: readonly number[]) => void,
): void {
  const { first, prompts, group, promptLength, responseLength } = shape;
  const last = hyper[HYPER['contrast.pooling']] === choiceIndex('contrast.pooling', 'last');
  const before = hyper[HYPER['contrast.position']] === choiceIndex('contrast.position', 'before');
  for (let m = 0; m < prompts; m++)
    for (let j = 0; j < group; j++) {
      const question = m * (promptLength + group * responseLength) + promptLength;
      const start = question + j * responseLength;
      const tokens = Math.min(length[(first + m) * group + j], responseLength);
      const all = Array.from({ length: tokens }, (_, t) => (before ? (t === 0 ? question : start + t) - 1 : start + t));
      visit(m * group + j, last ? all.slice(-1) : all);
    }
}

/**
 * Pooled hidden states (after the final norm) of each rollout: mean over its response tokens of the state after reading them, or of the one
 * that predicts them (contrast.position before), or that of the last token alone (contrast.pooling last); 0 for an empty response.
 */
export const poolHidden = kernel({
  name: 'poolHidden',
  wgsl,
  uses: [hyperWgsl],
  params: poolParams,
  buffers: { hyper: 'read', hidden: 'read', length: 'read', h: 'read_write' },
  grid: ({ prompts, group }, runs) => [prompts * group, 1, runs],
  cost: ({ prompts, group, responseLength, width }) => ({
    flops: prompts * group * responseLength * width,
    bytes: 4 * prompts * group * (responseLength + 1) * width,
  }),
  reference(shape, { hyper, hidden, length, h }) {
    const { width } = shape;
    eachPooled(shape, length, hyper, (i, rows) => {
      for (let k = 0; k < width; k++) {
        let sum = 0;
        for (const row of rows) sum += hidden[row * width + k];
        h[i * width + k] = sum / Math.max(rows.length, 1);
      }
    });
  },
});
