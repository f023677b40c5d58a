import shares from '../../shaders/lib/shares.wgsl?raw';
import wgsl from '../../shaders/samplerStats.wgsl?raw';
import { choiceIndex, HYPER, HYPER_MIX, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { CURRICULUM, curriculumWgsl, taskWeights } from './curriculum';
import { selects } from './filterGroups';
import { type MetricName, metricOfDomains, metricsWgsl, statOf } from './metrics';
import { STATE, stateWgsl } from './state';

/**
 * What the sampling of a step was like: metrics, and MT-GRPO's running filter rates ρ_k and accuracies J_k before the filter, which move
 * for the domains that were generated. Runs that select nothing have no sampler metrics.
 */
export const samplerStats = kernel({
  name: 'samplerStats',
  wgsl,
  uses: [hyperWgsl, stateWgsl, curriculumWgsl, metricsWgsl, shares],
  params: { prompts: 'u32', group: 'u32', domains: 'u32' },
  buffers: { hyper: 'read', state: 'read', curriculum: 'read_write', stats: 'read_write' },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ domains }) => ({ flops: 20 * domains, bytes: 4 * 16 * domains }),
  reference({ prompts, group, domains }, { hyper, state, curriculum, stats }) {
    if (!selects(hyper)) return;
    const counts = (at: number) => Array.from(state.subarray(at, at + domains));
    const sum = (xs: number[]) => xs.reduce((a, b) => a + b, 0);
    const [generated, accepted, correct] = [STATE.samplerGenerated, STATE.samplerAccepted, STATE.samplerCorrect].map(counts);
    const write = (name: MetricName, value: number, weight: number) => {
      stats[statOf(name)] = value;
      stats[statOf(name) + 1] = weight;
    };
    write('reward/generated', sum(correct), sum(generated) * group);
    write('sampler/rounds', sum(generated) / prompts, 1);
    write('sampler/kept', sum(accepted), sum(generated));
    write('sampler/missing', Math.max(prompts - sum(accepted), 0), prompts);
    if (hyper[HYPER['curriculum.rule']] === choiceIndex('curriculum.rule', 'off')) return;
    const z = taskWeights(curriculum.subarray(CURRICULUM.logit), hyper.subarray(HYPER_MIX), domains);
    for (let d = 0; d < domains; d++) {
      const move = (at: number, decay: number, value: number) => {
        if (generated[d] > 0) curriculum[at + d] = decay * curriculum[at + d] + (1 - decay) * value;
        return curriculum[at + d];
      };
      const filtered = 1 - accepted[d] / generated[d];
      const rate = move(CURRICULUM.filterRate, hyper[HYPER['curriculum.filterAverage']], filtered);
      const accuracy = move(CURRICULUM.accuracy, hyper[HYPER['curriculum.average']], correct[d] / (generated[d] * group));
      const known = Number(hyper[HYPER_MIX + d] > 0);
      const entries = [
        ['weight', z[d]],
        ['filterRate', rate],
        ['accuracy', accuracy],
      ] as const;
      for (const [name, value] of entries) {
        stats[2 * (metricOfDomains(name) + d)] = known * value;
        stats[2 * (metricOfDomains(name) + d) + 1] = known;
      }
    }
  },
});
