import wgsl from '../../shaders/fillBatch.wgsl?raw';
import { choiceIndex, HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { selects } from './filterGroups';
import { NONE, STATE, stateWgsl } from './state';

/**
 * Puts the batch together from the kept candidates of all rounds: DAPO takes the first `prompts`; MT-GRPO at most the wanted number of
 * each domain, then fills up with the first of the rest. They are dealt to the mini-batches in turn and sorted by domain within each;
 * places that stay empty come last and get NONE and the last domain. At most 2048 prompts.
 */
export const fillBatch = kernel({
  name: 'fillBatch',
  wgsl,
  uses: [hyperWgsl, stateWgsl],
  params: { prompts: 'u32', miniBatches: 'u32', domains: 'u32', rounds: 'u32' },
  buffers: {
    place: 'read',
    candidate: 'read',
    hyper: 'read',
    state: 'read',
    source: 'read_write',
    domain: 'read_write',
    segments: 'read_write',
  },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ prompts, domains }) => ({ flops: 4 * prompts * prompts, bytes: 4 * prompts * (8 + domains) }),
  reference({ prompts, miniBatches, domains, rounds }, { place, candidate, hyper, state, source, domain, segments }) {
    if (!selects(hyper)) {
      for (let b = 0; b < prompts; b++) {
        source[b] = b;
        domain[b] = candidate[b];
      }
      return;
    }
    const weighted = hyper[HYPER['curriculum.rule']] !== choiceIndex('curriculum.rule', 'off');
    const kept = Array.from({ length: rounds * prompts }, (_, c) => ({
      c,
      d: candidate[c],
      place: place[2 * c],
      placeInDomain: place[2 * c + 1],
    }))
      .filter((k) => k.place !== NONE)
      .sort((a, b) => a.place - b.place);
    const own = (k: (typeof kept)[0]) => !weighted || k.placeInDomain < state[STATE.samplerWanted + k.d];
    const chosen = [...kept.filter(own), ...kept.filter((k) => !own(k))].slice(0, prompts);
    const size = prompts / miniBatches;
    for (let m = 0; m < miniBatches; m++) {
      const members = chosen.filter((_, i) => i % miniBatches === m);
      const sorted = Array.from({ length: domains }, (_, d) => members.filter((k) => k.d === d));
      let first = 0;
      sorted.forEach((some, d) => {
        segments[m * (domains + 1) + d] = first;
        for (const k of some) {
          source[m * size + first] = k.c;
          domain[m * size + first] = d;
          first++;
        }
      });
      segments[m * (domains + 1) + domains] = first;
      source.fill(NONE, m * size + first, (m + 1) * size);
      domain.fill(domains - 1, m * size + first, (m + 1) * size);
    }
  },
});
