import overlongLib from '../../shaders/lib/overlong.wgsl?raw';
import wgsl from '../../shaders/rewardStats.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { overlong } from './advantage';
import { type MetricName, metricOfDomains, metricsWgsl, statOf } from './metrics';
import { NONE, stateWgsl } from './state';

/**
 * Reward metrics of one mini-batch (prompts `first`…): mean reward, score and overlong punishment, reward per domain, shares of mixed,
 * all-right and all-wrong groups. Empty places of the batch do not count. Overwrites these entries.
 */
export const rewardStats = kernel({
  name: 'rewardStats',
  wgsl,
  uses: [hyperWgsl, metricsWgsl, stateWgsl, overlongLib],
  params: { first: 'u32', prompts: 'u32', group: 'u32', totalPrompts: 'u32', domains: 'u32', responseLength: 'u32' },
  buffers: { reward: 'read', score: 'read', length: 'read', record: 'read', domain: 'read', hyper: 'read', stats: 'read_write' },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ prompts, group, domains }) => ({
    flops: 2 * prompts * group * (domains + 1),
    bytes: 4 * (prompts * (3 * group + 2) + 2 * (domains + 6)),
  }),
  reference({ first, prompts, group, domains, responseLength }, { reward, score, length, record, domain, hyper, stats }) {
    const write = (at: number, sum: number, weight: number) => {
      stats[at] = sum;
      stats[at + 1] = weight;
    };
    const buffer = hyper[HYPER['reward.overlongBuffer']];
    const factor = hyper[HYPER['reward.overlongFactor']];
    const groups = Array.from({ length: prompts }, (_, p) => first + p)
      .filter((p) => record[p] !== NONE)
      .map((p) => {
        const rollouts = Array.from({ length: group }, (_, j) => p * group + j);
        const sum = (of: (i: number) => number) => rollouts.reduce((s, i) => s + of(i), 0);
        return {
          domain: domain[p],
          correct: sum((i) => reward[i]),
          score: sum((i) => score[i]),
          overlong: sum((i) => overlong(length[i], responseLength, buffer, factor)),
        };
      });
    const sum = (some: typeof groups, of: (g: (typeof groups)[0]) => number) => some.reduce((s, g) => s + of(g), 0);
    const mean = (name: MetricName, of: (g: (typeof groups)[0]) => number) =>
      write(statOf(name), sum(groups, of), groups.length * group);
    const share = (name: MetricName, of: (g: (typeof groups)[0]) => boolean) =>
      write(
        statOf(name),
        sum(groups, (g) => Number(of(g))),
        groups.length,
      );
    mean('reward/mean', (g) => g.correct);
    mean('reward/shaped', (g) => g.score);
    mean('reward/overlong', (g) => g.overlong);
    share('group/mixed', (g) => g.correct > 0.5 && g.correct < group - 0.5);
    share('group/allRight', (g) => g.correct >= group - 0.5);
    share('group/allWrong', (g) => g.correct <= 0.5);
    for (let d = 0; d < domains; d++) {
      const own = groups.filter((g) => g.domain === d);
      write(
        2 * (metricOfDomains('reward') + d),
        sum(own, (g) => g.correct),
        own.length * group,
      );
    }
  },
});
