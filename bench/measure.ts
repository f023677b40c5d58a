/** One way to do a piece of work; the benchmark interleaves contenders so that noise of the machine hits them alike. */
export interface Contender {
  name: string;
  /** Does the work once and resolves when its result is on the CPU. */
  run(): Promise<unknown>;
}

export interface Rounds {
  /** Rounds at least and at most; in between, stops after `seconds`. */
  least: number;
  most: number;
  seconds: number;
}

/** @param values sorted in place */
export function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

export const secondsSince = (start: number): number => (performance.now() - start) / 1000;

/** One unmeasured round, then round-robin: every contender once a round, in an order that rotates. Median seconds of each. */
export async function interleave(contenders: readonly Contender[], { least, most, seconds }: Rounds): Promise<number[]> {
  for (const c of contenders) await c.run();
  const times: number[][] = contenders.map(() => []);
  const begin = performance.now();
  for (let round = 0; round < most && (round < least || secondsSince(begin) < seconds); round++)
    for (let i = 0; i < contenders.length; i++) {
      const at = (i + round) % contenders.length;
      const start = performance.now();
      await contenders[at].run();
      times[at].push(secondsSince(start));
    }
  return times.map(median);
}

/** Largest absolute difference, NaN when a number is missing or not finite. */
export function largestError(have: ArrayLike<number>, want: ArrayLike<number>): number {
  if (have.length !== want.length) return Number.NaN;
  let worst = 0;
  for (let i = 0; i < want.length; i++) {
    const error = Math.abs(have[i] - want[i]);
    if (!(error <= worst)) worst = Number.isFinite(error) ? error : Number.NaN;
    if (Number.isNaN(worst)) return worst;
  }
  return worst;
}

/** Largest magnitude. */
export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
