import wgsl from '../../shaders/filterGroups.wgsl?raw';
import random from '../../shaders/lib/random.wgsl?raw';
import shares from '../../shaders/lib/shares.wgsl?raw';
import { choiceIndex, HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { randomBits, STREAM } from '../math/random';
import { CURRICULUM, compensation, cumulate, curriculumWgsl } from './curriculum';
import { NONE, STATE, stateWgsl } from './state';
import { taskWgsl } from './taskConstants';

/** Whether this run's batch is put together from candidates; otherwise round 0 is the batch as it was drawn. */
export const selects = (hyper: ArrayLike<number>): boolean =>
  hyper[HYPER['sampler.filter']] !== choiceIndex('sampler.filter', 'none') ||
  hyper[HYPER['curriculum.rule']] !== choiceIndex('curriculum.rule', 'off');

/**
 * Dynamic sampling (DAPO; RPSampler of MT-GRPO): which candidate groups of round `round` pass the filter, by the unshaped reward, and
 * the place of each among all kept ones and among those of its domain; within a round in random order, so that cutting the list off is
 * fair. Counts in `state`, says there when the batch is full, and else how many prompts the next round takes: those that are missing over
 * the share that has passed (with task weights: over each domain's 1 − ρ_k, and domains are drawn by it), and a fifth more. At most 2048
 * prompts.
 */
export const filterGroups = kernel({
  name: 'filterGroups',
  wgsl,
  uses: [random, hyperWgsl, stateWgsl, curriculumWgsl, taskWgsl, shares],
  params: { prompts: 'u32', group: 'u32', domains: 'u32', round: 'u32', rounds: 'u32' },
  buffers: {
    record: 'read',
    domain: 'read',
    reward: 'read',
    hyper: 'read',
    state: 'read_write',
    curriculum: 'read_write',
    place: 'read_write',
  },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ prompts, group, domains }) => ({
    flops: prompts * (prompts + group * domains),
    bytes: 4 * prompts * (group + 4),
  }),
  reference({ prompts, group, domains, round }, { record, domain, reward, hyper, state, curriculum, place }) {
    const to = round * prompts;
    place.fill(NONE, 2 * to, 2 * (to + prompts));
    if (record[to] === NONE) return;
    if (!selects(hyper)) {
      for (let b = 0; b < prompts; b++) place.fill(b, 2 * b, 2 * b + 2);
      state[STATE.samplerDone] = 1;
      return;
    }
    const mixedOnly = hyper[HYPER['sampler.filter']] === choiceIndex('sampler.filter', 'mixed');
    const candidates = Array.from({ length: prompts }, (_, b) => {
      let correct = 0;
      for (let j = 0; j < group; j++) correct += reward[(to + b) * group + j];
      const mixed = correct > 0.5 && correct < group - 0.5;
      const key = randomBits(state[STATE.seed], STREAM.order, state[STATE.step], to + b);
      return { at: to + b, d: domain[to + b], correct, kept: !mixedOnly || mixed || group === 1, key };
    }).filter((c) => record[c.at] !== NONE);
    const kept = candidates.filter((c) => c.kept).sort((a, b) => a.key - b.key || a.at - b.at);
    const ofDomain = Array.from({ length: domains }, (_, d) => state[STATE.samplerAccepted + d]);
    kept.forEach(({ at, d }, rank) => {
      place[2 * at] = state[STATE.samplerKept] + rank;
      place[2 * at + 1] = ofDomain[d]++;
    });
    for (const { d, correct } of candidates) {
      state[STATE.samplerGenerated + d] += 1;
      state[STATE.samplerCorrect + d] += correct;
    }
    for (let d = 0; d < domains; d++) state[STATE.samplerAccepted + d] = ofDomain[d];
    state[STATE.samplerKept] += kept.length;
    state[STATE.samplerRounds] += 1;

    if (hyper[HYPER['curriculum.rule']] === choiceIndex('curriculum.rule', 'off')) {
      const all = state[STATE.samplerKept];
      state[STATE.samplerDone] = Number(all >= prompts);
      let generated = 0;
      for (let d = 0; d < domains; d++) generated += state[STATE.samplerGenerated + d];
      const wanted = all > 0 ? Math.ceil((6 * Math.max(prompts - all, 0) * generated) / (5 * all)) : prompts;
      state[STATE.samplerSlots] = Math.min(wanted, prompts);
      return;
    }
    const missing = Array.from({ length: domains }, (_, d) =>
      Math.max(0, state[STATE.samplerWanted + d] - state[STATE.samplerAccepted + d]),
    );
    state[STATE.samplerDone] = Number(missing.every((m) => m === 0));
    state[STATE.samplerSlots] = 0;
    if (state[STATE.samplerDone]) return;
    const most = hyper[HYPER['curriculum.maxFactor']];
    const mass = missing.map((m, d) => m * compensation(curriculum[CURRICULUM.filterRate + d], most));
    cumulate(mass, curriculum, CURRICULUM.share);
    // A thousandth less, so that rounding does not decide.
    state[STATE.samplerSlots] = Math.min(Math.ceil(1.2 * mass.reduce((a, b) => a + b, 0) - 1e-3), prompts);
  },
});
