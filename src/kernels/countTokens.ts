import wgsl from '../../shaders/countTokens.wgsl?raw';
import { kernel } from '../gpu/kernel';

/** Response tokens of a mini-batch, Σ m of equation (3): prompts [first, first + prompts) of `totalPrompts`. */
export const countTokens = kernel({
  name: 'countTokens',
  wgsl,
  params: { first: 'u32', prompts: 'u32', group: 'u32', totalPrompts: 'u32' },
  buffers: { length: 'read', tokens: 'read_write' },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ prompts, group }) => ({ flops: 0, bytes: 4 * prompts * group }),
  reference({ first, prompts, group }, { length, tokens }) {
    tokens[0] = 0;
    for (let i = first * group; i < (first + prompts) * group; i++) tokens[0] += length[i];
  },
});
