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
  'reward/shaped', // mean of what advantages are made from: reward, overlong punishment, contrastive reward
  'reward/overlong', // mean overlong punishment of DAPO
  'reward/generated', // mean over all generated rollouts, before any filter
  'group/mixed', // share of groups with a correct and a wrong rollout
  'group/allRight', // share of groups without a wrong rollout: they teach nothing
  'group/allWrong', // share of groups without a correct rollout
  'sampler/rounds', // rounds of B prompts generated
  'sampler/missing', // share of the batch's places left empty
  'sampler/kept', // share of generated groups that passed the filter
  'gradient/norm', // policy, before clipping
  'gradient/headNorm', // head, before clipping
  'gradient/skipped', // 1 when the NaN guard skipped the update
  'gradient/empty', // 1 when the update was skipped for want of rollouts
  'gradient/conflicts', // share of pairs of domains whose gradients conflict, over parameter tensors
  'clipo/loss', // mean over anchors of CLIPO's contrastive loss
  'clipo/reward', // mean contrastive reward over all rollouts
  'clipo/anchors', // share of rollouts that are anchors
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
  'embedding/alignment', // mean squared distance of in-domain positive pairs
  'embedding/uniformity', // log of the mean of exp(−2 squared distance) over all pairs
  'embedding/rank', // effective rank: (trace)² / sum of squares of the uncentred covariance
] as const;
/** Name of a metric that has a place in `stats`. */
export type MetricName = (typeof METRICS)[number];

/** Metrics with one entry a domain, in the order of their blocks of MAX_DOMAINS entries. */
export const DOMAIN_METRICS = [
  'reward', // mean reward in the trained batch
  'weight', // MT-GRPO's task weight z_k
  'filterRate', // running share ρ_k of filtered prompts
  'improvement', // I_k of the last update
  'accuracy', // running accuracy J_k before filtering
] as const;
/** Name of a metric that has one entry a domain. */
export type DomainMetric = (typeof DOMAIN_METRICS)[number];

/** First of a per-domain metric's MAX_DOMAINS entries. */
export const metricOfDomains = (name: DomainMetric): number => METRICS.length + DOMAIN_METRICS.indexOf(name) * MAX_DOMAINS;
/** First of MAX_DOMAINS² entries: centroid distance between domains, row-major. */
export const METRIC_CENTROID = METRICS.length + DOMAIN_METRICS.length * MAX_DOMAINS;
/** First of MAX_DOMAINS² entries: cosine between the domains' gradients over all policy parameters, row-major. */
export const METRIC_GRADIENT_COSINE = METRIC_CENTROID + MAX_DOMAINS * MAX_DOMAINS;
const COUNT = METRIC_GRADIENT_COSINE + MAX_DOMAINS * MAX_DOMAINS;
/** f32 per run: metric m has its sum at 2m and its weight at 2m + 1. */
export const STATS_SIZE = 2 * COUNT;

/** Position of a metric's sum in `stats`; its weight follows. */
export const statOf = (name: MetricName): number => 2 * METRICS.indexOf(name);

const constant = (name: string) =>
  name
    .replace('/', '_')
    .replace(/([A-Z])/g, '_$1')
    .toUpperCase();

/** WGSL constants `STAT_LOGIT_NEGATIVE` (position of the sum; the weight is at + 1), `STAT_DOMAIN_REWARD`, …, `STAT_CENTROID`, `STAT_GRADIENT_COSINE`. */
export const metricsWgsl: string = [
  ...METRICS.map((name, i) => `const STAT_${constant(name)}: u32 = ${2 * i}u;`),
  ...DOMAIN_METRICS.map((name) => `const STAT_DOMAIN_${constant(name)}: u32 = ${2 * metricOfDomains(name)}u;`),
  `const STAT_CENTROID: u32 = ${2 * METRIC_CENTROID}u;`,
  `const STAT_GRADIENT_COSINE: u32 = ${2 * METRIC_GRADIENT_COSINE}u;`,
  `const STATS_SIZE: u32 = ${STATS_SIZE}u;`,
].join('\n');
