import wgsl from '../../shaders/verify.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { RECORD_SIZE } from '../tasks/record';
import { verify as accepts } from '../tasks/verify';
import { NONE, stateWgsl } from './state';
import { taskWgsl } from './taskConstants';

/**
 * Rewards (1) of round `round`: 1 when the verifier of the prompt's record accepts the response, else 0; 0 in an empty place. Responses of
 * at most 16 tokens.
 */
export const verify = kernel({
  name: 'verify',
  wgsl,
  uses: [stateWgsl, taskWgsl],
  params: { prompts: 'u32', group: 'u32', responseLength: 'u32', records: 'u32', round: 'u32', rounds: 'u32' },
  buffers: { records: 'read', record: 'read', response: 'read', length: 'read', reward: 'read_write' },
  grid: ({ prompts, group }, runs) => [Math.ceil((prompts * group) / 64), 1, runs],
  cost: ({ prompts, group, responseLength }) => ({
    flops: 0,
    bytes: 4 * prompts * (RECORD_SIZE + 1 + group * (responseLength + 2)),
  }),
  reference({ prompts, group, responseLength, round }, { records, record, response, length, reward }) {
    for (let i = round * prompts * group; i < (round + 1) * prompts * group; i++) {
      const chosen = record[Math.floor(i / group)];
      if (chosen === NONE) {
        reward[i] = 0;
        continue;
      }
      const rule = chosen * RECORD_SIZE;
      const tokens = response.subarray(i * responseLength, (i + 1) * responseLength);
      reward[i] = Number(accepts(records.subarray(rule, rule + RECORD_SIZE), tokens, length[i]));
    }
  },
});
