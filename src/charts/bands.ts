import { deviation, mean } from '../math/statistics';
import { studentQuantile } from '../math/studentT';

/** Mean and confidence interval over runs, step by step. */
export interface MeanBand {
  /** Ascending; every step that some run has. */
  steps: number[];
  /** NaN where no run has a value. */
  mean: number[];
  /** Student t-interval; NaN where fewer than two runs have a value. */
  low: number[];
  high: number[];
  /** Runs with a value at each step. */
  n: number[];
}

const factors = new Map<string, number>();

/** Half-width of the t-interval of the mean of n ≥ 2 values, for a sample deviation of 1. */
export function tFactor(n: number, confidence: number): number {
  const key = `${n} ${confidence}`;
  let found = factors.get(key);
  if (found === undefined) factors.set(key, (found = studentQuantile((1 + confidence) / 2, n - 1) / Math.sqrt(n)));
  return found;
}

/** Mean ± t-interval over runs (seeds) at each step; values that are not finite do not count. @throws RangeError for a confidence outside (0, 1) */
export function bandOver(runs: readonly { steps: ArrayLike<number>; values: ArrayLike<number> }[], confidence = 0.95): MeanBand {
  const byStep = new Map<number, number[]>();
  for (const { steps, values } of runs)
    for (let i = 0; i < values.length; i++) {
      let found = byStep.get(steps[i]);
      if (!found) byStep.set(steps[i], (found = []));
      if (Number.isFinite(values[i])) found.push(values[i]);
    }
  const out: MeanBand = { steps: [...byStep.keys()].sort((a, b) => a - b), mean: [], low: [], high: [], n: [] };
  for (const step of out.steps) {
    const values = byStep.get(step) as number[];
    const centre = mean(values) ?? Number.NaN;
    const spread = deviation(values);
    const half = spread === null ? Number.NaN : spread * tFactor(values.length, confidence);
    out.mean.push(centre);
    out.low.push(centre - half);
    out.high.push(centre + half);
    out.n.push(values.length);
  }
  return out;
}

/** How many runs stand behind a band: `n = 5`, or `n = 3 to 5` where it changes; steps without any do not count. */
export function countText(n: readonly number[]): string {
  const some = n.filter((v) => v > 0);
  if (!some.length) return 'n = 0';
  const [low, high] = [Math.min(...some), Math.max(...some)];
  return low === high ? `n = ${low}` : `n = ${low} to ${high}`;
}
