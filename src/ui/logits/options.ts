import type { ContrastOptions, DistributionOptions } from '../../store/analysis';
import type { Lane } from '../../store/lanes';
import type { Config } from '../../store/state';

/** The objective's terms as a run has them. */
export function contrastOptions({ contrast }: Config): ContrastOptions {
  const { tau, beta, gamma, labels, scope, weightMap, weightGradient, denominator, normalizer, mixing } = contrast;
  return { tau, beta, gamma, labels, switches: { scope, weightMap, weightGradient, denominator, normalizer, mixing } };
}

/** Bins that are counted: a twentieth of a logit each at τ = 0.1. Histograms show them in lots. */
export const BINS = 400;

/** What distributions of a run's pools depend on. */
export function distributionOptions({ contrast }: Config): DistributionOptions {
  const { tau, scope, weightMap, labels } = contrast;
  return { tau, scope, weightMap, labels, bins: BINS };
}

/** Whether some lane trains a projection head: then all runs of the fleet have one. */
export const hasHead = (lanes: readonly Lane[]): boolean => lanes.some((l) => l.config.contrast.lambda > 0);

/** Why a run's embedding is none that was learned; null where it is. */
export function untrained({ contrast, head }: Config): string | null {
  if (contrast.lambda === 0) return 'λ is 0';
  if (head.freeze === 'start' || head.lr === 0) return 'its head is frozen from the start';
  return null;
}
