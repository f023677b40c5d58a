import type { Ailment, Finding } from '../../store/doctor';
import { fixed, percent } from '../format';

interface Measure {
  label: string;
  show(value: number): string;
}

/** Three figures. */
const number = (v: number): string =>
  Math.abs(v) >= 1000 ? v.toExponential(1) : fixed(v, Math.abs(v) >= 100 ? 0 : Math.abs(v) >= 10 ? 1 : 2);

/** What the doctor's metrics are called. */
const MEASURES: Record<string, Measure> = {
  'gradient/skipped': { label: 'Skipped updates', show: percent },
  'gradient/empty': { label: 'Steps without a batch', show: percent },
  'sampler/missing': { label: 'Empty places in the batch', show: percent },
  'sampler/kept': { label: 'Groups that pass the filter', show: percent },
  'reward/generated': { label: 'Reward', show: (v) => fixed(v, 2) },
  'policy/entropy': { label: 'Entropy', show: number },
  'policy/clipFraction': { label: 'Clipped tokens', show: percent },
  'group/mixed': { label: 'Mixed groups', show: percent },
  'group/allWrong': { label: 'Groups without a right response', show: percent },
  'group/allRight': { label: 'Groups without a wrong response', show: percent },
  'embedding/rank': { label: 'Effective rank of the embeddings', show: number },
  'embedding/uniformity': { label: 'Uniformity of the embeddings', show: number },
  'gradient/norm': { label: 'Gradient norm', show: number },
};

/** Name and number format of a metric. */
export const measureOf = (metric: string): Measure => MEASURES[metric] ?? { label: metric, show: number };

/** The evidence in one sentence: the mean of the last steps, the line that it is beyond, and since when. */
export function evidenceText({ severity, evidence }: Pick<Finding, 'severity' | 'evidence'>, window: number): string {
  const { metric, value, threshold, from } = evidence;
  const { label, show } = measureOf(metric);
  const side = value > threshold ? 'above' : 'below';
  const line = threshold === 0 ? 'where none is expected,' : `${side} the line at ${show(threshold)}`;
  // An ailment begins at the milder of its two lines.
  const since = severity === 'act' && threshold > 0 ? `; it began to show at step ${from}` : ` since step ${from}`;
  return `${label}: ${show(value)} over the last ${window} steps, ${line}${since}.`;
}

/** What is well with a run that does not have an ailment, and the metric that tells. */
export const WELL: Record<Ailment, { text: string; metric: string; hint: string }> = {
  notFinite: {
    text: 'All losses and gradients are finite numbers',
    metric: 'gradient/skipped',
    hint: 'A NaN or infinite loss makes the engine skip the update. One is an accident; several of the last ten are a finding.',
  },
  rewardCollapse: {
    text: 'The reward keeps what it has reached',
    metric: 'reward/generated',
    hint: 'A finding when the reward falls below 0.7 of its best so far.',
  },
  entropyCollapse: {
    text: 'The policy still explores',
    metric: 'policy/entropy',
    hint: 'A finding when the entropy falls below 0.35 of what it was at first, unless nearly everything is right.',
  },
  noise: {
    text: 'Its tokens are not becoming random',
    metric: 'policy/entropy',
    hint: 'A finding when the entropy rises above twice what it was at first.',
  },
  allWrong: {
    text: 'Most prompts get a right response now and then',
    metric: 'group/allWrong',
    hint: 'Groups of rollouts that are all wrong have zero variance: they teach nothing. A finding from 60 % of the groups on.',
  },
  allRight: {
    text: 'Most prompts are not solved every time',
    metric: 'group/allRight',
    hint: 'Groups of rollouts that are all right have zero variance, too. A finding from 60 % of the groups on.',
  },
  emptyBatches: {
    text: 'Batches are full',
    metric: 'sampler/missing',
    hint: 'Where a filter drops groups that teach nothing, it may find too few that do. A finding from 30 % empty places on.',
  },
  representationCollapse: {
    text: 'Embeddings point in different directions',
    metric: 'embedding/rank',
    hint: 'An effective rank near 1 means that all rollouts have the same embedding: nothing is left to contrast.',
  },
  clipSaturation: {
    text: 'The clip stops few tokens',
    metric: 'policy/clipFraction',
    hint: 'With a fifth of the tokens clipped the policy moves too far within one batch.',
  },
  gradientExplosion: {
    text: 'Gradients keep their length',
    metric: 'gradient/norm',
    hint: 'A finding from 15 times the norm clip on (or the first norm, where there is no clip).',
  },
};

/** The badge's words. */
export function badgeText(act: number, watch: number, judged: boolean): string {
  if (!judged) return 'No verdict yet';
  if (act + watch === 0) return 'Healthy';
  const parts = [act > 0 ? `${act} to act on` : '', watch > 0 ? `${watch} to watch` : ''];
  return parts.filter(Boolean).join(', ');
}
