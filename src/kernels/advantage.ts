import wgsl from '../../shaders/advantage.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';

const EPSILON = 1e-6;

/** Group-relative advantages (2): unbiased deviation plus 1e-6; 0 for a group of equal rewards; r / (1 + 1e-6) when G = 1. */
export const advantage = kernel({
  name: 'advantage',
  wgsl,
  uses: [hyperWgsl],
  params: { prompts: 'u32', group: 'u32' },
  buffers: { reward: 'read', hyper: 'read', advantages: 'read_write' },
  grid: ({ prompts }, runs) => [Math.ceil(prompts / 64), 1, runs],
  cost: ({ prompts, group }) => ({ flops: 6 * prompts * group, bytes: 8 * prompts * group }),
  reference({ prompts, group }, { reward, hyper, advantages }) {
    const normalize = hyper[HYPER['objective.normalizeStd']] > 0.5;
    for (let p = 0; p < prompts; p++) {
      const rewards = Array.from(reward.subarray(p * group, (p + 1) * group));
      const mean = group === 1 ? 0 : rewards.reduce((sum, r) => sum + r, 0) / group;
      const squares = rewards.reduce((sum, r) => sum + (r - mean) ** 2, 0);
      const deviation = group === 1 ? 1 : Math.sqrt(squares / (group - 1));
      const equal = group > 1 && rewards.every((r) => r === rewards[0]);
      rewards.forEach((r, i) => {
        advantages[p * group + i] = equal ? 0 : (r - mean) / (normalize ? deviation + EPSILON : 1);
      });
    }
  },
});
