import { MAX_DOMAINS } from '../config/hyper';
import type { Data } from '../gpu/kernel';
import {
  DOMAIN_METRICS,
  METRIC_CENTROID,
  METRIC_GRADIENT_COSINE,
  METRICS,
  metricOfDomains,
  STATS_SIZE,
} from '../kernels/metrics';

/** Metrics of one training step; null where there is no data. */
export type Metrics = Record<string, number | null>;

/** What one training step of one run measured. */
export interface StepMetrics {
  /** Steps done, this one included. */
  step: number;
  metrics: Metrics;
  /** 1 − cosine of the domains' centroids, [domain][domain]; null where a domain has no correct rollout. */
  centroids: (number | null)[][];
  /** Cosine of the domains' gradients over all policy parameters, [domain][domain]; null where a domain has none. */
  gradientCosine: (number | null)[][];
}

/** One update's row of the ring as (sum, weight) pairs. */
function ratio(rows: readonly Data[], metric: number): number | null {
  let sum = 0;
  let weight = 0;
  for (const row of rows) {
    sum += row[2 * metric];
    weight += row[2 * metric + 1];
  }
  return weight > 0 ? sum / weight : null;
}

/** Merges the rows of one step's updates. `domains`: their ids, in registry order. */
export function mergeRows(rows: readonly Data[], domains: readonly string[], step: number): StepMetrics {
  const metrics: Metrics = {};
  METRICS.forEach((name, i) => {
    metrics[name] = ratio(rows, i);
  });
  // A run that takes every group as it comes has no sampler metrics of its own.
  metrics['reward/generated'] ??= metrics['reward/mean'];
  metrics['sampler/rounds'] ??= 1;
  metrics['sampler/kept'] ??= 1;
  metrics['sampler/missing'] ??= 0;
  const { 'logit/crossPositive': cross, 'logit/negative': negative } = metrics;
  metrics['logit/margin'] = cross === null || negative === null ? null : cross - negative;
  for (const name of DOMAIN_METRICS)
    domains.forEach((d, i) => {
      metrics[`${name}/${d}`] = ratio(rows, metricOfDomains(name) + i);
    });
  const matrix = (first: number) => domains.map((_, i) => domains.map((__, j) => ratio(rows, first + i * MAX_DOMAINS + j)));
  return { step, metrics, centroids: matrix(METRIC_CENTROID), gradientCosine: matrix(METRIC_GRADIENT_COSINE) };
}

/** Rows of one run's ring for updates [from, from + count). */
export function ringRows(ring: Data, run: number, ringRowCount: number, from: number, count: number): Data[] {
  return Array.from({ length: count }, (_, i) => {
    const at = (run * ringRowCount + ((from + i) % ringRowCount)) * STATS_SIZE;
    return ring.subarray(at, at + STATS_SIZE);
  });
}
