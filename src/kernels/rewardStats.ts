import wgsl from '../../shaders/rewardStats.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { METRIC_REWARD_DOMAIN, metricsWgsl, statOf } from './metrics';

/** Reward metrics of one mini-batch (prompts `first`…): reward/mean, reward per domain, group/mixed. Overwrites these entries. */
export const rewardStats = kernel({
  name: 'rewardStats',
  wgsl,
  uses: [metricsWgsl],
  params: { first: 'u32', prompts: 'u32', group: 'u32', totalPrompts: 'u32', domains: 'u32' },
  buffers: { reward: 'read', domain: 'read', stats: 'read_write' },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ prompts, group, domains }) => ({ flops: 2 * prompts * group, bytes: 4 * (prompts * (group + 1) + 2 * (domains + 2)) }),
  reference({ first, prompts, group, domains }, { reward, domain, stats }) {
    const write = (at: number, sum: number, weight: number) => {
      stats[at] = sum;
      stats[at + 1] = weight;
    };
    const groups = Array.from({ length: prompts }, (_, p) => {
      let correct = 0;
      for (let j = 0; j < group; j++) correct += reward[(first + p) * group + j];
      return { domain: domain[first + p], correct };
    });
    const correctIn = (some: typeof groups) => some.reduce((sum, g) => sum + g.correct, 0);
    write(statOf('reward/mean'), correctIn(groups), prompts * group);
    write(statOf('group/mixed'), groups.filter((g) => g.correct > 0.5 && g.correct < group - 0.5).length, prompts);
    for (let d = 0; d < domains; d++) {
      const own = groups.filter((g) => g.domain === d);
      write(2 * (METRIC_REWARD_DOMAIN + d), correctIn(own), own.length * group);
    }
  },
});
