import wgsl from '../../shaders/drawPrompts.wgsl?raw';
import random from '../../shaders/lib/random.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { randomBits, STREAM } from '../math/random';
import { RECORD, RECORD_SIZE } from '../tasks/record';
import { NONE, STATE, stateWgsl } from './state';
import { taskWgsl } from './taskConstants';

/**
 * Draws the prompts of round `round` of a step, whose domains are given: columns uniformly within the domain, instances uniformly within
 * the column. A place without a domain gets record and first token NONE.
 */
export const drawPrompts = kernel({
  name: 'drawPrompts',
  wgsl,
  uses: [random, stateWgsl, taskWgsl],
  params: {
    prompts: 'u32',
    domains: 'u32',
    columns: 'u32',
    records: 'u32',
    promptLength: 'u32',
    round: 'u32',
    rounds: 'u32',
  },
  buffers: { records: 'read', index: 'read', state: 'read', domain: 'read', record: 'read_write', prompt: 'read_write' },
  grid: ({ prompts }, runs) => [Math.ceil(prompts / 64), 1, runs],
  cost: ({ prompts, promptLength }) => ({ flops: 0, bytes: 4 * prompts * (2 * promptLength + 6) }),
  reference({ prompts, domains, promptLength, round }, { records, index, state, domain, record, prompt }) {
    const seed = state[STATE.seed];
    const step = state[STATE.step];
    const to = round * prompts;
    for (let b = 0; b < prompts; b++) {
      if (domain[to + b] === NONE) {
        record[to + b] = NONE;
        prompt[b * promptLength] = NONE;
        continue;
      }
      const [firstColumn, columns] = index.subarray(2 * domain[to + b]);
      const column = firstColumn + (randomBits(seed, STREAM.instance, step, 2 * (to + b)) % columns);
      const [start, count] = index.subarray(2 * (domains + column));
      record[to + b] = start + (randomBits(seed, STREAM.instance, step, 2 * (to + b) + 1) % count);
      const source = record[to + b] * RECORD_SIZE + RECORD.prompt;
      for (let t = 0; t < promptLength; t++) prompt[b * promptLength + t] = records[source + t];
    }
  },
});
