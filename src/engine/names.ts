import { DOMAIN_METRICS, METRICS } from '../kernels/metrics';
import { columnsOf, DOMAINS } from '../tasks/registry';

export { checkMixes, parseMix } from '../tasks/registry';

/** Ids of the domains, in the order of every per-domain buffer. */
export const DOMAIN_NAMES: readonly string[] = DOMAINS.map((d) => d.id);

/** Every metric that a training step measures. */
export const METRIC_NAMES: readonly string[] = [
  ...METRICS,
  'logit/margin',
  ...DOMAIN_METRICS.flatMap((name) => DOMAIN_NAMES.map((domain) => `${name}/${domain}`)),
];

/** What a held-out evaluation measures, as names of metrics: the average, each benchmark, each domain. */
export const HELD_OUT_NAMES: readonly string[] = [
  'heldOut/average',
  ...columnsOf().map(({ column }) => `heldOut/${column.id}`),
  ...DOMAIN_NAMES.map((domain) => `heldOut/domain/${domain}`),
];
