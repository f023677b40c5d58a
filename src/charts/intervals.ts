import { interval, type Summary } from '../math/statistics';

export type { Summary } from '../math/statistics';

/** Mean and 95 % t-interval over runs; values that are not finite do not count. */
export const overRuns = (values: readonly number[]): Summary => interval(values.filter(Number.isFinite));

/** Mean and 95 % t-interval of value − base over the pairs in which both are finite. @throws RangeError when the lengths differ */
export function overPairs(values: readonly number[], base: readonly number[]): Summary {
  if (values.length !== base.length)
    throw new RangeError(`invalid pairs: ${values.length} values against ${base.length} (as many)`);
  return interval(values.map((v, i) => v - base[i]).filter(Number.isFinite));
}

/** Whether an interval leaves 0 out. */
export const leavesOutZero = ({ mean, halfWidth }: Summary): boolean =>
  mean !== null && halfWidth !== null && Math.abs(mean) > halfWidth;
