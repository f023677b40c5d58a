import wgsl from '../../shaders/policyStats.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { type MetricName, metricsWgsl, statOf } from './metrics';

const TOKEN_METRICS = ['loss/policy', 'policy/entropy', 'policy/ratio', 'policy/clipFraction'] as const satisfies MetricName[];

/** Adds the token statistics of `policyLoss` and the response lengths to the metrics, each as (sum, weight). */
export const policyStats = kernel({
  name: 'policyStats',
  wgsl,
  uses: [metricsWgsl],
  params: { first: 'u32', prompts: 'u32', group: 'u32', responseLength: 'u32', totalPrompts: 'u32' },
  buffers: { tokenStats: 'read', length: 'read', stats: 'read_write' },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ prompts, group, responseLength }) => ({
    flops: 4 * prompts * group * responseLength,
    bytes: 4 * prompts * group * (4 * responseLength + 1),
  }),
  reference({ first, prompts, group, responseLength }, { tokenStats, length, stats }) {
    let weight = 0;
    for (let i = first * group; i < (first + prompts) * group; i++) weight += length[i];
    TOKEN_METRICS.forEach((name, m) => {
      let sum = 0;
      for (let i = 0; i < prompts * group * responseLength; i++) sum += tokenStats[4 * i + m];
      stats[statOf(name)] += sum;
      stats[statOf(name) + 1] += weight;
    });
    stats[statOf('response/length')] += weight;
    stats[statOf('response/length') + 1] += prompts * group;
  },
});
