import { MAX_DOMAINS } from '../config/hyper';
import type { Data } from '../gpu/kernel';

/** The `curriculum` buffer, f32[R, CURRICULUM_SIZE]: MT-GRPO's state of each run, MAX_DOMAINS entries each. */
export const CURRICULUM = {
  /** Logits ξ of the task weights z = softmax(ξ), and their Adam moments. */
  logit: 0,
  moment1: MAX_DOMAINS,
  moment2: 2 * MAX_DOMAINS,
  /** Running accuracy J_k before filtering, running filter rate ρ_k. */
  accuracy: 3 * MAX_DOMAINS,
  filterRate: 4 * MAX_DOMAINS,
  /** Sampler, this round: cumulative shares of the domains among the candidates. */
  share: 5 * MAX_DOMAINS,
  /** Improvements summed since the last weight update, and rollouts behind them. */
  improvement: 6 * MAX_DOMAINS,
  rollouts: 7 * MAX_DOMAINS,
  /** Weight updates done (one entry). */
  updates: 8 * MAX_DOMAINS,
} as const;
/** f32 per run in `curriculum`. */
export const CURRICULUM_SIZE = 8 * MAX_DOMAINS + 4;

const constant = (name: string) => name.replace(/([A-Z])/g, '_$1').toUpperCase();

/** WGSL constants `CURRICULUM_LOGIT`, …, `CURRICULUM_SIZE`. */
export const curriculumWgsl: string = [
  ...Object.entries(CURRICULUM).map(([name, at]) => `const CURRICULUM_${constant(name)}: u32 = ${at}u;`),
  `const CURRICULUM_SIZE: u32 = ${CURRICULUM_SIZE}u;`,
].join('\n');

/** Task weights z = softmax(ξ) over the domains whose `mix` share is positive; 0 for the others (method.md 6). */
export function taskWeights(logits: ArrayLike<number>, mix: ArrayLike<number>, domains: number): number[] {
  let top = Number.NEGATIVE_INFINITY;
  for (let d = 0; d < domains; d++) if (mix[d] > 0) top = Math.max(top, logits[d]);
  const raw = Array.from({ length: domains }, (_, d) => (mix[d] > 0 ? Math.exp(logits[d] - top) : 0));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((x) => x / sum);
}

/** Compensation m_k = min(1 / (1 − ρ_k), M_acc) for prompts that the filter drops; 1 − ρ is at least 0.01 (RPSampler, Algorithm 2). */
export const compensation = (filterRate: number, most: number): number => Math.min(1 / Math.max(1 - filterRate, 0.01), most);

/** Writes the cumulative shares of `mass` (not all 0) into `out` from `at`. */
export function cumulate(mass: readonly number[], out: Data, at: number): void {
  const total = mass.reduce((a, b) => a + b, 0);
  let sum = 0;
  mass.forEach((m, d) => {
    sum += m / total;
    out[at + d] = sum;
  });
}

/** First domain of positive share whose cumulative share exceeds `unit`; the last one where rounding leaves none. */
export function pickShare(shares: ArrayLike<number>, at: number, domains: number, unit: number): number {
  let before = 0;
  let last = 0;
  for (let d = 0; d < domains; d++) {
    if (shares[at + d] > before) {
      last = d;
      if (unit < shares[at + d]) return d;
    }
    before = shares[at + d];
  }
  return last;
}
