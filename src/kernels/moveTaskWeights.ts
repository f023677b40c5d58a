import shares from '../../shaders/lib/shares.wgsl?raw';
import wgsl from '../../shaders/moveTaskWeights.wgsl?raw';
import { choiceIndex, HYPER, HYPER_MIX, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { CURRICULUM, curriculumWgsl, taskWeights } from './curriculum';
import { metricOfDomains, metricsWgsl } from './metrics';

/** Adam of the task weights' logits, as PyTorch's (method.md 6.1): β 0.9 and 0.999, ε 1e-8. */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Improvement-aware task weights of MT-GRPO (IWU, Subroutine 1) after an update: I_k from the losses of the mini-batch before and after,
 * s_k = clip(I_k) + λ J_k, one Adam step of descent on ξ along z_k (s_k − Σ z_j s_j). Rule `mean` averages I_k over sequences and moves
 * the weights once per step, `strict` sums it and moves them at every update, with the clip limit κ · (learning rate / 1e-6).
 */
export const moveTaskWeights = kernel({
  name: 'moveTaskWeights',
  wgsl,
  uses: [hyperWgsl, curriculumWgsl, metricsWgsl, shares],
  params: {
    first: 'u32',
    prompts: 'u32',
    group: 'u32',
    responseLength: 'u32',
    totalPrompts: 'u32',
    domains: 'u32',
    endOfStep: 'u32',
  },
  buffers: {
    before: 'read',
    after: 'read',
    length: 'read',
    domain: 'read',
    hyper: 'read',
    curriculum: 'read_write',
    stats: 'read_write',
  },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ prompts, group, responseLength, domains }) => ({
    flops: 3 * prompts * group * responseLength,
    bytes: 4 * prompts * group * (8 * responseLength + domains),
  }),
  reference(
    { first, prompts, group, responseLength, domains, endOfStep },
    { before, after, length, domain, hyper, curriculum, stats },
  ) {
    const rule = hyper[HYPER['curriculum.rule']];
    if (rule === choiceIndex('curriculum.rule', 'off')) return;
    const strict = rule === choiceIndex('curriculum.rule', 'strict');
    for (let i = 0; i < prompts * group; i++) {
      const tokens = Math.min(length[first * group + i], responseLength);
      if (tokens === 0) continue;
      let better = 0;
      for (let t = 0; t < tokens; t++) better += before[4 * (i * responseLength + t)] - after[4 * (i * responseLength + t)];
      const d = domain[first + Math.floor(i / group)];
      curriculum[CURRICULUM.improvement + d] += better / tokens;
      curriculum[CURRICULUM.rollouts + d] += 1;
    }
    if (!strict && !endOfStep) return;
    const mix = hyper.subarray(HYPER_MIX);
    const z = taskWeights(curriculum.subarray(CURRICULUM.logit), mix, domains);
    const limit = hyper[HYPER['curriculum.kappa']] * (strict ? hyper[HYPER['optimizer.lr']] / 1e-6 : 1);
    const s = z.map((_, d) => {
      const count = curriculum[CURRICULUM.rollouts + d];
      const improvement = curriculum[CURRICULUM.improvement + d] / (strict ? 1 : Math.max(count, 1));
      stats[2 * (metricOfDomains('improvement') + d)] += count > 0 ? improvement : 0;
      stats[2 * (metricOfDomains('improvement') + d) + 1] += Number(count > 0);
      const clipped = Math.min(Math.max(improvement, -limit), limit);
      return clipped + hyper[HYPER['curriculum.lambda']] * curriculum[CURRICULUM.accuracy + d];
    });
    const mean = z.reduce((sum, share, d) => sum + share * s[d], 0);
    const updates = curriculum[CURRICULUM.updates] + 1;
    curriculum[CURRICULUM.updates] = updates;
    for (let d = 0; d < domains; d++) {
      curriculum[CURRICULUM.improvement + d] = 0;
      curriculum[CURRICULUM.rollouts + d] = 0;
      if (!(mix[d] > 0)) continue;
      const xi = curriculum[CURRICULUM.logit + d];
      const g = z[d] * (s[d] - mean) + hyper[HYPER['curriculum.decay']] * xi;
      const m = BETA1 * curriculum[CURRICULUM.moment1 + d] + (1 - BETA1) * g;
      const v = BETA2 * curriculum[CURRICULUM.moment2 + d] + (1 - BETA2) * g * g;
      curriculum[CURRICULUM.moment1 + d] = m;
      curriculum[CURRICULUM.moment2 + d] = v;
      const root = Math.sqrt(v / (1 - BETA2 ** updates)) + EPSILON;
      curriculum[CURRICULUM.logit + d] = xi - (hyper[HYPER['curriculum.lr']] * m) / (1 - BETA1 ** updates) / root;
    }
  },
});
