import random from '../../shaders/lib/random.wgsl?raw';
import shares from '../../shaders/lib/shares.wgsl?raw';
import wgsl from '../../shaders/openBatch.wgsl?raw';
import { choiceIndex, HYPER, HYPER_MIX, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { randomUnit, STREAM } from '../math/random';
import { CURRICULUM, compensation, cumulate, curriculumWgsl, pickShare, taskWeights } from './curriculum';
import { STATE, stateWgsl } from './state';
import { taskWgsl } from './taskConstants';

/**
 * Opens the sampling of one step: clears the sampler's counters. With task weights (RPSampler, Algorithm 2, lines 1 and 2) draws the
 * wanted numbers of prompts n ~ Multinomial(B, z) and sets the candidates' shares ẑ_k ∝ z_k m_k.
 */
export const openBatch = kernel({
  name: 'openBatch',
  wgsl,
  uses: [random, hyperWgsl, stateWgsl, curriculumWgsl, taskWgsl, shares],
  params: { prompts: 'u32', domains: 'u32' },
  buffers: { hyper: 'read', state: 'read_write', curriculum: 'read_write' },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ prompts, domains }) => ({ flops: prompts * domains, bytes: 4 * 16 * domains }),
  reference({ prompts, domains }, { hyper, state, curriculum }) {
    state[STATE.samplerDone] = 0;
    state[STATE.samplerKept] = 0;
    state[STATE.samplerRounds] = 0;
    state[STATE.samplerSlots] = prompts;
    for (const counts of [STATE.samplerWanted, STATE.samplerGenerated, STATE.samplerAccepted, STATE.samplerCorrect])
      state.fill(0, counts, counts + domains);
    if (hyper[HYPER['curriculum.rule']] === choiceIndex('curriculum.rule', 'off')) return;
    const z = taskWeights(curriculum.subarray(CURRICULUM.logit), hyper.subarray(HYPER_MIX), domains);
    cumulate(z, curriculum, CURRICULUM.share);
    for (let b = 0; b < prompts; b++) {
      const unit = randomUnit(state[STATE.seed], STREAM.task, state[STATE.step], b);
      state[STATE.samplerWanted + pickShare(curriculum, CURRICULUM.share, domains, unit)] += 1;
    }
    const most = hyper[HYPER['curriculum.maxFactor']];
    const mass = z.map((share, d) => share * compensation(curriculum[CURRICULUM.filterRate + d], most));
    cumulate(mass, curriculum, CURRICULUM.share);
  },
});
