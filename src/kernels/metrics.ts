import { MAX_DOMAINS } from '../config/hyper';

/**
 * Metrics of one mini-batch update. Each is kept as (sum, weight) in the `stats` buffer, f32[R, STATS_SIZE]: the value is
 * sum / weight, and weight 0 means "no data". Updates of one step merge by adding both.
 */
export const METRICS = [
  'loss/policy', // token-mean clipped objective (3), with the entropy bonus
  'policy/entropy', // token-mean entropy
  'policy/ratio', // token-mean ratio
  'policy/clipFraction', // share of tokens whose gradient the clip stops
  'response/length', // tokens, EOS included
  'reward/mean',
  'group/mixed', // share of groups with a correct and a wrong rollout
  'gradient/norm', // policy, before clipping
  'gradient/headNorm', // head, before clipping
  'gradient/skipped', // 1 when the NaN guard skipped the update
  'loss/contrastive', // (11)
  'loss/cross', // (9)
  'loss/inDomain', // (10)
  'loss/attraction', // method.md 9: cross-domain attraction
  'loss/separation', // method.md 9: log-mean-exp of negative logits
  'mass/cross', // Z_x (8)
  'mass/inDomain', // Z_in (8)
  'logit/crossPositive',
  'logit/inDomainPositive',
  'logit/negative',
  'weight/cross', // mean compatibility over cross-domain positive pairs
  'pool/positiveRatio',
  'pool/positivesPer4', // 4 · positives / pool
  'pool/excluded', // rollouts without a usable embedding
  'pool/promptPositives', // per anchor: other positives of the same prompt
  'pool/inDomainPositives', // per anchor: other positives of the same domain
  'pool/crossPositives', // per anchor: positives of other domains
] as const;
/** Name of a metric that has a place in `stats`. */
export type MetricName = (typeof METRICS)[number];

/** First of MAX_DOMAINS entries: reward per domain. */
export const METRIC_REWARD_DOMAIN = METRICS.length;
/** First of MAX_DOMAINS² entries: centroid distance between domains, row-major. */
export const METRIC_CENTROID = METRIC_REWARD_DOMAIN + MAX_DOMAINS;
const COUNT = METRIC_CENTROID + MAX_DOMAINS * MAX_DOMAINS;
/** f32 per run: metric m has its sum at 2m and its weight at 2m + 1. */
export const STATS_SIZE = 2 * COUNT;

/** Position of a metric's sum in `stats`; its weight follows. */
export const statOf = (name: MetricName): number => 2 * METRICS.indexOf(name);

const constant = (name: string) =>
  name
    .replace('/', '_')
    .replace(/([A-Z])/g, '_$1')
    .toUpperCase();

/** WGSL constants `STAT_LOGIT_NEGATIVE` (position of the sum; the weight is at + 1), `STAT_REWARD_DOMAIN`, `STAT_CENTROID`. */
export const metricsWgsl: string = [
  ...METRICS.map((name, i) => `const STAT_${constant(name)}: u32 = ${2 * i}u;`),
  `const STAT_REWARD_DOMAIN: u32 = ${2 * METRIC_REWARD_DOMAIN}u;`,
  `const STAT_CENTROID: u32 = ${2 * METRIC_CENTROID}u;`,
  `const STATS_SIZE: u32 = ${STATS_SIZE}u;`,
  `const MAX_DOMAINS: u32 = ${MAX_DOMAINS}u;`,
].join('\n');
