import type { Layer } from './schema';

/** A named layer of the configuration: a size or a method. */
export interface Preset {
  name: string;
  kind: 'size' | 'method';
  label: string;
  help: string;
  layer: Layer;
}

/** Presets are layers: later ones win, the user's own values win over all. */
export const PRESETS: readonly Preset[] = [
  {
    name: 'tiny',
    kind: 'size',
    label: 'Tiny',
    help: 'For software adapters, phones and tests: a fraction of a second a step on a CPU.',
    layer: {
      steps: 100,
      rollout: { prompts: 20, group: 8 },
      policy: { width: 32, layers: 1, heads: 4 },
      head: { hidden: 32, width: 32 },
      eval: { prompts: 32, samples: 2 },
    },
  },
  {
    name: 'classroom',
    kind: 'size',
    label: 'Classroom',
    help: 'A laptop GPU trains it in minutes.',
    // 600 supervised steps leave out the fourth operation of AIME25: a skill that reinforcement cannot find (LOG.md).
    layer: { warmStart: { steps: 1200 } },
  },
  {
    name: 'paper',
    kind: 'size',
    label: 'Paper',
    help: 'The paper’s pool of 64 × 8 rollouts, its projection head and its contrastive numbers on a small policy.',
    layer: {
      steps: 513,
      rollout: { prompts: 128, group: 8, miniBatches: 2 },
      policy: { width: 64, layers: 3, heads: 4 },
      head: { hidden: 256, width: 256 },
      contrast: { lambda: 0.1, tau: 0.1, beta: 0.5, gamma: 0.5, warmup: 100 },
    },
  },
  {
    name: 'grpo',
    kind: 'method',
    label: 'GRPO',
    help: 'Group Relative Policy Optimization: advantages within each prompt’s group, nothing across.',
    layer: { contrast: { lambda: 0 } },
  },
  {
    name: 'mcpo-grpo',
    kind: 'method',
    label: 'MCPO-GRPO',
    help: 'GRPO plus the multi-domain contrastive loss over the pool of rollouts.',
    layer: { contrast: { lambda: 0.1 } },
  },
];
