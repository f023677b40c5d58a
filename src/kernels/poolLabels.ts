import wgsl from '../../shaders/poolLabels.wgsl?raw';
import { choiceIndex, HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';

/**
 * Labels of the contrastive pool: reward (with contrast.labels shaped, 1 where the score is at least 0.5, else 0), prompt within the
 * mini-batch and domain of each rollout. An empty response gets reward −1, which leaves it out of the pool.
 */
export const poolLabels = kernel({
  name: 'poolLabels',
  wgsl,
  uses: [hyperWgsl],
  params: { first: 'u32', prompts: 'u32', group: 'u32', totalPrompts: 'u32' },
  buffers: {
    hyper: 'read',
    reward: 'read',
    score: 'read',
    length: 'read',
    domain: 'read',
    poolReward: 'read_write',
    poolPrompt: 'read_write',
    poolDomain: 'read_write',
  },
  grid: ({ prompts, group }, runs) => [Math.ceil((prompts * group) / 64), 1, runs],
  cost: ({ prompts, group }) => ({ flops: 0, bytes: 28 * prompts * group }),
  reference({ first, prompts, group }, { hyper, reward, score, length, domain, poolReward, poolPrompt, poolDomain }) {
    const shaped = hyper[HYPER['contrast.labels']] === choiceIndex('contrast.labels', 'shaped');
    for (let i = 0; i < prompts * group; i++) {
      const rollout = first * group + i;
      const prompt = Math.floor(i / group);
      const label = shaped ? Number(score[rollout] >= 0.5) : reward[rollout];
      poolReward[i] = length[rollout] > 0 ? label : -1;
      poolPrompt[i] = prompt;
      poolDomain[i] = domain[first + prompt];
    }
  },
});
