import wgsl from '../../shaders/drawListed.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { RECORD, RECORD_SIZE } from '../tasks/record';
import { STATE, stateWgsl } from './state';
import { taskWgsl } from './taskConstants';

/** Takes prompts from a list in order, each record `repeats` times; `tally` moves the cursor on. Held-out evaluation. */
export const drawListed = kernel({
  name: 'drawListed',
  wgsl,
  uses: [stateWgsl, taskWgsl],
  params: { prompts: 'u32', repeats: 'u32', records: 'u32', promptLength: 'u32' },
  buffers: {
    records: 'read',
    state: 'read',
    record: 'read_write',
    domain: 'read_write',
    prompt: 'read_write',
    used: 'read_write',
  },
  grid: ({ prompts }, runs) => [Math.ceil(prompts / 64), 1, runs],
  cost: ({ prompts, promptLength }) => ({ flops: 0, bytes: 4 * prompts * (2 * promptLength + 4) }),
  reference({ prompts, repeats, records: count, promptLength }, { records, state, record, domain, prompt, used }) {
    for (let slot = 0; slot < prompts; slot++) {
      const wanted = state[STATE.cursor] + Math.floor(slot / repeats);
      record[slot] = Math.min(wanted, count - 1);
      used[slot] = Number(wanted < count);
      const source = record[slot] * RECORD_SIZE;
      domain[slot] = records[source + RECORD.domain];
      for (let t = 0; t < promptLength; t++) prompt[slot * promptLength + t] = records[source + RECORD.prompt + t];
    }
  },
});
