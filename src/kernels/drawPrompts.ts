import wgsl from '../../shaders/drawPrompts.wgsl?raw';
import random from '../../shaders/lib/random.wgsl?raw';
import { HYPER_MIX, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { randomBits, randomUnit, STREAM } from '../math/random';
import { RECORD, RECORD_SIZE } from '../tasks/record';
import { STATE, stateWgsl } from './state';
import { taskWgsl } from './taskConstants';

const { fround } = Math;

/** First slot s in [0, slots] with s + offset ≥ bound, in f32. */
function firstSlot(bound: number, offset: number, slots: number): number {
  let s = Math.min(Math.floor(bound), slots);
  while (s < slots && fround(s + offset) < bound) s++;
  while (s > 0 && fround(s - 1 + offset) >= bound) s--;
  return s;
}

/** Draws the prompts of one step: domains by systematic sampling of `tasks.mix`, columns and instances uniformly. */
export const drawPrompts = kernel({
  name: 'drawPrompts',
  wgsl,
  uses: [random, hyperWgsl, stateWgsl, taskWgsl],
  params: { prompts: 'u32', miniBatches: 'u32', domains: 'u32', columns: 'u32', records: 'u32', promptLength: 'u32' },
  buffers: {
    records: 'read',
    index: 'read',
    hyper: 'read',
    state: 'read',
    record: 'read_write',
    domain: 'read_write',
    prompt: 'read_write',
    segments: 'read_write',
  },
  grid: ({ prompts }, runs) => [Math.ceil(prompts / 64), 1, runs],
  cost: ({ prompts, domains, promptLength }) => ({
    flops: prompts * domains * 3,
    bytes: 4 * prompts * (2 * promptLength + domains + 6),
  }),
  reference({ prompts, miniBatches, domains, promptLength }, { records, index, hyper, state, record, domain, prompt, segments }) {
    const slots = prompts / miniBatches;
    const seed = state[STATE.seed];
    const step = state[STATE.step];
    const mix = Array.from({ length: domains }, (_, d) => hyper[HYPER_MIX + d]);
    const last = Math.max(
      0,
      mix.findLastIndex((share) => share > 0),
    );
    for (let miniBatch = 0; miniBatch < miniBatches; miniBatch++) {
      const offset = randomUnit(seed, STREAM.domainOffset, step, miniBatch);
      let first = 0;
      let sum = 0;
      for (let d = 0; d < domains; d++) {
        segments[miniBatch * (domains + 1) + d] = first;
        sum = fround(sum + fround(mix[d]));
        const next = d < last ? Math.max(first, firstSlot(fround(sum * slots), offset, slots)) : slots;
        for (let s = first; s < next; s++) domain[miniBatch * slots + s] = d;
        first = next;
      }
      segments[miniBatch * (domains + 1) + domains] = slots;
    }
    for (let b = 0; b < prompts; b++) {
      const [firstColumn, columns] = index.subarray(2 * domain[b]);
      const column = firstColumn + (randomBits(seed, STREAM.instance, step, 2 * b) % columns);
      const [start, count] = index.subarray(2 * (domains + column));
      record[b] = start + (randomBits(seed, STREAM.instance, step, 2 * b + 1) % count);
      const source = record[b] * RECORD_SIZE + RECORD.prompt;
      for (let t = 0; t < promptLength; t++) prompt[b * promptLength + t] = records[source + t];
    }
  },
});
