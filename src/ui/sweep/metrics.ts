import type { DomainInfo } from '../../store/state';
import type { Objective } from '../../sweep/types';
import { fixed, percent } from '../format';

/** Something that can be best. */
export interface Measure {
  metric: string;
  label: string;
  group: string;
  hint: string;
  direction: Objective['direction'];
  /** A share of 1. */
  share: boolean;
}

const HELD_OUT = 'Held-out accuracy';
const TRAINING = 'Training';
const EMBEDDING = 'Embedding';

const measure = (
  group: string,
  metric: string,
  label: string,
  direction: Objective['direction'],
  share: boolean,
  hint: string,
): Measure => ({ group, metric, label, direction, share, hint });

const TRAINED: readonly Measure[] = [
  measure(TRAINING, 'reward/mean', 'Mean reward', 'max', true, 'Share of the batch’s rollouts that the verifier accepts.'),
  measure(
    TRAINING,
    'group/mixed',
    'Mixed groups',
    'max',
    true,
    'Share of prompts whose rollouts are partly right and partly wrong.',
  ),
  measure(TRAINING, 'policy/entropy', 'Entropy', 'max', false, 'How undecided the policy is about each token, in nats.'),
  measure(TRAINING, 'policy/clipFraction', 'Clipped', 'min', true, 'Share of tokens whose ratio was clipped.'),
  measure(TRAINING, 'response/length', 'Response length', 'min', false, 'Tokens of a response on average.'),
  measure(TRAINING, 'gradient/norm', 'Gradient norm', 'min', false, 'Length of the policy’s gradient before clipping.'),
  measure(
    TRAINING,
    'gradient/conflicts',
    'Gradient conflicts',
    'min',
    true,
    'Share of pairs of domains whose gradients point apart.',
  ),
  measure(TRAINING, 'loss/contrastive', 'Contrastive loss', 'min', false, 'The contrastive loss (11).'),
  measure(EMBEDDING, 'weight/cross', 'Compatibility', 'max', false, 'Mean weight of pairs of correct rollouts across domains.'),
  measure(EMBEDDING, 'logit/crossPositive', 'Cross-domain logit', 'max', false, 'Mean logit of positive pairs across domains.'),
  measure(EMBEDDING, 'logit/inDomainPositive', 'Within-domain logit', 'max', false, 'Mean logit of positive pairs of a domain.'),
  measure(EMBEDDING, 'logit/negative', 'Negative logit', 'min', false, 'Mean logit of pairs of a correct and a wrong rollout.'),
  measure(
    EMBEDDING,
    'logit/margin',
    'Logit margin',
    'max',
    false,
    'Logit of positive pairs across domains above that of negative pairs.',
  ),
  measure(EMBEDDING, 'embedding/alignment', 'Alignment', 'min', false, 'Mean squared distance of positive pairs of a domain.'),
  measure(EMBEDDING, 'embedding/uniformity', 'Uniformity', 'min', false, 'How evenly embeddings spread; lower is more even.'),
  measure(EMBEDDING, 'embedding/rank', 'Effective rank', 'max', false, 'Directions that the embedding makes use of.'),
];

/** What can be best, by groups: held-out accuracy of all, of a domain, of a benchmark; what training measures. */
export function measures(domains: readonly DomainInfo[]): Measure[] {
  const accuracy = (metric: string, label: string, hint: string) => measure(HELD_OUT, metric, label, 'max', true, hint);
  return [
    accuracy('heldOut/average', 'Average', 'Accuracy on held-out prompts, averaged over all benchmarks.'),
    ...domains.map((d) => accuracy(`heldOut/domain/${d.id}`, d.label, `Accuracy on held-out prompts of ${d.label}.`)),
    ...domains.flatMap((d) =>
      d.columns.map((c) =>
        accuracy(`heldOut/${c.id}`, `${d.label}: ${c.label}`, `Accuracy on the held-out benchmark ${c.label}.`),
      ),
    ),
    ...TRAINED.slice(0, 1),
    ...domains.map((d) =>
      measure(TRAINING, `reward/${d.id}`, `Reward in ${d.label}`, 'max', true, `Share of rollouts of ${d.label} that are right.`),
    ),
    ...TRAINED.slice(1),
  ];
}

/** What is said of an objective's metric; its own name where it has no words. */
export const measureOf = (metric: string, domains: readonly DomainInfo[]): Measure =>
  measures(domains).find((m) => m.metric === metric) ?? measure('Other', metric, metric, 'max', false, `The metric ${metric}.`);

/** In full, outside of its group: `Held-out accuracy, Math`. */
export const measureTitle = ({ group, label }: Measure): string =>
  group === HELD_OUT ? (label === 'Average' ? HELD_OUT : `${HELD_OUT}, ${label}`) : label;

/** A value of the objective in words. */
export const shownValue = ({ share }: Pick<Measure, 'share'>, value: number | null): string =>
  value === null || !Number.isFinite(value) ? '–' : share ? percent(value) : fixed(value, 3);
/** Half an interval. */
export const shownHalf = ({ share }: Pick<Measure, 'share'>, half: number): string =>
  share ? (100 * half).toFixed(1) : fixed(half, 3);
