import wgsl from '../../shaders/gatherOutcomes.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { NONE, stateWgsl } from './state';

/** Records, lengths and rewards of the batch from those of its candidates; an empty place has record NONE, length 0 and reward 0. */
export const gatherOutcomes = kernel({
  name: 'gatherOutcomes',
  wgsl,
  uses: [stateWgsl],
  params: { prompts: 'u32', group: 'u32', rounds: 'u32' },
  buffers: {
    source: 'read',
    candidateRecord: 'read',
    candidateLength: 'read',
    candidateReward: 'read',
    record: 'read_write',
    length: 'read_write',
    reward: 'read_write',
  },
  grid: ({ prompts, group }, runs) => [Math.ceil((prompts * group) / 64), 1, runs],
  cost: ({ prompts, group }) => ({ flops: 0, bytes: 4 * prompts * (3 + 4 * group) }),
  reference({ prompts, group }, { source, candidateRecord, candidateLength, candidateReward, record, length, reward }) {
    for (let b = 0; b < prompts; b++) {
      const from = source[b];
      record[b] = from === NONE ? NONE : candidateRecord[from];
      for (let j = 0; j < group; j++) {
        length[b * group + j] = from === NONE ? 0 : candidateLength[from * group + j];
        reward[b * group + j] = from === NONE ? 0 : candidateReward[from * group + j];
      }
    }
  },
});
