import { RunningBand, RunningMean } from '../../charts/running';
import type { DomainBaseline } from '../../store/baselines';

/** A domain trained alone, laid over the steps of another run. */
export interface Alone {
  /** Where each of its steps lies among the run's, ascending. */
  steps: Float64Array;
  /** Mean reward over its seeds, and the 95 % interval of that mean. */
  mean: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

/**
 * Prompts of one domain that a run has seen after each of its steps, as far as its configuration tells.
 * @param weights the domain's share in each step where the run moves it (NaN or empty: it stays `share`)
 * @param prompts of all domains in a step
 */
export function promptsSeen(count: number, prompts: number, share: number, weights: ArrayLike<number>): Float64Array {
  const out = new Float64Array(count);
  let seen = 0;
  for (let i = 0; i < count; i++) {
    const weight = weights[i];
    seen += prompts * (Number.isFinite(weight) ? weight : share);
    out[i] = seen;
  }
  return out;
}

/**
 * Places on the run's steps where it has seen as many prompts as training alone had after each of its own steps; beyond the run's last step
 * they go on at its last pace. Places from 1 up; infinite where the run never sees the domain.
 * @param steps the run's steps, `seen` its prompts after each
 * @param perStep prompts a step of training alone
 */
export function placesOf(
  steps: ArrayLike<number>,
  seen: ArrayLike<number>,
  pace: number,
  perStep: number,
  count: number,
): Float64Array {
  const out = new Float64Array(count);
  const last = seen.length - 1;
  let k = 0;
  for (let b = 0; b < count; b++) {
    const wanted = (b + 1) * perStep;
    while (k <= last && seen[k] < wanted) k++;
    if (k > last) {
      const [from, done] = last < 0 ? [0, 0] : [steps[last], seen[last]];
      const rate = last > 0 && seen[last] > seen[last - 1] ? seen[last] - seen[last - 1] : pace;
      out[b] = from + (wanted - done) / rate;
    } else {
      const [from, before] = k === 0 ? [steps[0] - 1, 0] : [steps[k - 1], seen[k - 1]];
      out[b] = from + ((steps[k] - from) * (wanted - before)) / (seen[k] - before);
    }
  }
  return out;
}

/** Mean and band over the seeds of a baseline's curves, each smoothed over `window` of its steps (0: as they are). */
export function aloneOf({ reward }: Pick<DomainBaseline, 'reward'>, places: Float64Array, window: number): Alone {
  const rows = reward.map((curve) => new RunningMean(window).upTo(places.length, (i) => curve[i] ?? Number.NaN));
  const { mean, low, high } = new RunningBand().over(rows);
  return { steps: places, mean, low, high };
}

/** A curve's value at a step, linear between its own; the first one before that, NaN after the last. */
export function valueOn({ steps }: Pick<Alone, 'steps'>, values: ArrayLike<number>, step: number): number {
  const n = steps.length;
  if (n === 0 || step > steps[n - 1]) return Number.NaN;
  let [low, high] = [0, n - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] < step) low = middle + 1;
    else high = middle;
  }
  if (low === 0 || steps[low] === step) return values[low];
  const t = (step - steps[low - 1]) / (steps[low] - steps[low - 1]);
  return values[low - 1] + t * (values[low] - values[low - 1]);
}

/** How training together compares with training alone. */
export interface Verdict {
  here: number;
  alone: number;
  /** here − alone. */
  difference: number;
  /** Whether it leaves the baseline's interval. */
  clear: boolean;
  word: 'better' | 'worse' | 'even' | 'none';
}

/** The comparison at one step. */
export function compare(alone: Alone, here: number, step: number): Verdict {
  const [mean, low, high] = [alone.mean, alone.low, alone.high].map((v) => valueOn(alone, v, step));
  const difference = here - mean;
  if (!Number.isFinite(difference)) return { here, alone: mean, difference: Number.NaN, clear: false, word: 'none' };
  const clear = here > high || here < low;
  return {
    here,
    alone: mean,
    difference,
    clear,
    word: !clear ? 'even' : difference > 0 ? 'better' : 'worse',
  };
}
