import wgsl from '../../shaders/drawDomains.wgsl?raw';
import random from '../../shaders/lib/random.wgsl?raw';
import shares from '../../shaders/lib/shares.wgsl?raw';
import { choiceIndex, HYPER, HYPER_MIX, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { randomUnit, STREAM } from '../math/random';
import { CURRICULUM, curriculumWgsl, pickShare } from './curriculum';
import { NONE, STATE, stateWgsl } from './state';
import { taskWgsl } from './taskConstants';

const { fround } = Math;

/** First slot s in [0, slots] with s + offset ≥ bound, in f32. */
function firstSlot(bound: number, offset: number, slots: number): number {
  let s = Math.min(Math.floor(bound), slots);
  while (s < slots && fround(s + offset) < bound) s++;
  while (s > 0 && fround(s - 1 + offset) >= bound) s--;
  return s;
}

/**
 * Draws the domains of round `round` of a step's prompts: by systematic sampling of `tasks.mix`, sorted within each mini-batch, or,
 * with task weights, one by one from the curriculum's shares. Round 0 has `prompts` places; a later one as many as the sampler asks for,
 * drawn as one mini-batch; the others are left empty (NONE).
 */
export const drawDomains = kernel({
  name: 'drawDomains',
  wgsl,
  uses: [random, hyperWgsl, stateWgsl, curriculumWgsl, taskWgsl, shares],
  params: { prompts: 'u32', miniBatches: 'u32', domains: 'u32', round: 'u32', rounds: 'u32' },
  buffers: { hyper: 'read', state: 'read', curriculum: 'read', domain: 'read_write', segments: 'read_write' },
  grid: ({ prompts }, runs) => [Math.ceil(prompts / 64), 1, runs],
  cost: ({ prompts, domains }) => ({ flops: prompts * domains * 3, bytes: 4 * prompts * (domains + 1) }),
  reference({ prompts, miniBatches, domains, round }, { hyper, state, curriculum, domain, segments }) {
    const to = round * prompts;
    const later = round > 0;
    const count = later ? Math.min(state[STATE.samplerSlots], prompts) : prompts;
    const seed = state[STATE.seed];
    const step = state[STATE.step];
    domain.fill(NONE, to, to + prompts);
    if (later && (round >= hyper[HYPER['sampler.rounds']] || state[STATE.samplerDone])) return;
    if (hyper[HYPER['curriculum.rule']] !== choiceIndex('curriculum.rule', 'off')) {
      for (let b = 0; b < count; b++) {
        const unit = randomUnit(seed, STREAM.task, step, prompts + to + b);
        domain[to + b] = pickShare(curriculum, CURRICULUM.share, domains, unit);
      }
      return;
    }
    const mix = Array.from({ length: domains }, (_, d) => hyper[HYPER_MIX + d]);
    const last = Math.max(
      0,
      mix.findLastIndex((share) => share > 0),
    );
    const slots = later ? count : prompts / miniBatches;
    for (let miniBatch = 0; miniBatch < (later ? 1 : miniBatches); miniBatch++) {
      const offset = randomUnit(seed, STREAM.domainOffset, step, round * miniBatches + miniBatch);
      let first = 0;
      let sum = 0;
      for (let d = 0; d < domains; d++) {
        if (!later) segments[miniBatch * (domains + 1) + d] = first;
        sum = fround(sum + fround(mix[d]));
        const next = d < last ? Math.max(first, firstSlot(fround(sum * slots), offset, slots)) : slots;
        domain.fill(d, to + miniBatch * slots + first, to + miniBatch * slots + next);
        first = next;
      }
      if (!later) segments[miniBatch * (domains + 1) + domains] = slots;
    }
  },
});
