import wgsl from '../../shaders/tally.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { RECORD, RECORD_SIZE } from '../tasks/record';
import { STATE, stateWgsl } from './state';
import { taskWgsl } from './taskConstants';

/**
 * Counts correct and drawn rollouts per benchmark column over the used prompts and moves the list's cursor on by prompts / repeats.
 * Its grid throws when `prompts` is no multiple of `repeats`: a record would then be counted too rarely.
 */
export const tally = kernel({
  name: 'tally',
  wgsl,
  uses: [stateWgsl, taskWgsl],
  params: { prompts: 'u32', group: 'u32', repeats: 'u32', records: 'u32', columns: 'u32' },
  buffers: { records: 'read', record: 'read', used: 'read', reward: 'read', counts: 'read_write', state: 'read_write' },
  grid({ prompts, repeats, columns }, runs) {
    if (prompts % repeats !== 0) throw new Error(`tally: ${prompts} prompts (a multiple of repeats, ${repeats})`);
    return [Math.ceil(columns / 64), 1, runs];
  },
  cost: ({ prompts, group, columns }) => ({ flops: 0, bytes: 4 * (prompts * (group + 3) + 4 * columns + 2) }),
  reference({ prompts, group, repeats, records: count }, { records, record, used, reward, counts, state }) {
    for (let p = 0; p < prompts; p++) {
      if (used[p] === 0) continue;
      const column = records[record[p] * RECORD_SIZE + RECORD.column];
      for (let j = 0; j < group; j++) counts[2 * column] += Number(reward[p * group + j] > 0.5);
      counts[2 * column + 1] += group;
    }
    state[STATE.cursor] = Math.min(state[STATE.cursor] + prompts / repeats, count);
  },
});
