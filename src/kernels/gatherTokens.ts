import wgsl from '../../shaders/gatherTokens.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { RECORD, RECORD_SIZE } from '../tasks/record';
import { NONE, stateWgsl } from './state';
import { taskWgsl } from './taskConstants';

/** Tokens of the batch from those of its candidates: prompts out of the bank, responses and their log-probabilities; 0 in an empty place. */
export const gatherTokens = kernel({
  name: 'gatherTokens',
  wgsl,
  uses: [stateWgsl, taskWgsl],
  params: { prompts: 'u32', group: 'u32', promptLength: 'u32', responseLength: 'u32', rounds: 'u32', records: 'u32' },
  buffers: {
    source: 'read',
    record: 'read',
    records: 'read',
    candidateResponse: 'read',
    candidateLogp: 'read',
    prompt: 'read_write',
    response: 'read_write',
    logp: 'read_write',
  },
  grid: ({ prompts, group }, runs) => [Math.ceil((prompts * group) / 64), 1, runs],
  cost: ({ prompts, group, promptLength, responseLength }) => ({
    flops: 0,
    bytes: 8 * prompts * (promptLength + 2 * group * responseLength),
  }),
  reference(
    { prompts, group, promptLength, responseLength },
    { source, record, records, candidateResponse, candidateLogp, prompt, response, logp },
  ) {
    const size = group * responseLength;
    for (let b = 0; b < prompts; b++) {
      const from = source[b];
      const copy = (out: typeof prompt, count: number, of: (i: number) => number) => {
        for (let i = 0; i < count; i++) out[b * count + i] = from === NONE ? 0 : of(i);
      };
      copy(prompt, promptLength, (i) => records[record[from] * RECORD_SIZE + RECORD.prompt + i]);
      copy(response, size, (i) => candidateResponse[from * size + i]);
      copy(logp, size, (i) => candidateLogp[from * size + i]);
    }
  },
});
