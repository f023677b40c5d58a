import { field } from '../../config/fields';
import { fixed, percent } from '../format';

/** A number of a step. */
export interface Readout {
  metric: string;
  label: string;
  hint: string;
  show(value: number): string;
  /** Half an interval, without its unit. */
  half(value: number): string;
}

const number = { show: (v: number) => fixed(v, 3), half: (v: number) => fixed(v, 3) };
const share = { show: percent, half: (v: number) => (100 * v).toFixed(1) };

/** The overview's numbers. */
export const READOUTS: readonly Readout[] = [
  { metric: 'reward/mean', label: 'Mean reward', hint: 'Share of the batch’s rollouts that the verifier accepts.', ...number },
  {
    metric: 'group/mixed',
    label: 'Mixed groups',
    hint: 'Prompts whose rollouts are partly right and partly wrong: only these give the policy a signal.',
    ...share,
  },
  {
    metric: 'policy/entropy',
    label: 'Entropy',
    hint: 'How undecided the policy is about each token, in nats. Near zero it has stopped exploring.',
    ...number,
  },
  {
    metric: 'gradient/norm',
    label: 'Gradient norm',
    hint: `Length of the policy’s gradient before clipping. ${field('optimizer.clipNorm').help}`,
    ...number,
  },
  {
    metric: 'policy/ratio',
    label: 'Ratio',
    hint: 'Probability of the sampled tokens now, over that when they were sampled. Stays 1 with one update per batch.',
    ...number,
  },
  {
    metric: 'policy/clipFraction',
    label: 'Clipped',
    hint: 'Share of tokens whose gradient the clip range stops.',
    ...share,
  },
  {
    metric: 'weight/cross',
    label: 'Compatibility',
    hint: 'Mean weight, 0 to 1, of pairs of correct rollouts from different domains: how alike their prompts’ average embeddings are.',
    ...number,
  },
  {
    metric: 'pool/positiveRatio',
    label: 'Positives',
    hint: 'Share of the pool that is correct and serves as positive.',
    ...share,
  },
];
