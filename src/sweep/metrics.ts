import { DOMAIN_NAMES, METRIC_NAMES } from '../engine/names';
import type { SweepSpec } from './types';

const ALWAYS: readonly string[] = [
  'reward/mean',
  ...DOMAIN_NAMES.map((domain) => `reward/${domain}`),
  'logit/crossPositive',
  'logit/inDomainPositive',
  'logit/negative',
  'logit/margin',
  'policy/entropy',
  'policy/clipFraction',
  'gradient/norm',
  'group/mixed',
  'embedding/rank',
];

/** Metrics that a sweep's journal keeps of every step: what its views draw, and what the objective is. */
export function recorded({ objective }: Pick<SweepSpec, 'objective'>): string[] {
  const own = METRIC_NAMES.includes(objective.metric) && !ALWAYS.includes(objective.metric);
  return own ? [...ALWAYS, objective.metric] : [...ALWAYS];
}
