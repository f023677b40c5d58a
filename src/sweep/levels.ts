import type { Value } from '../config/fields';
import { isRange, type RangeField, type SweptField } from './types';

/** Most integers of a range that a grid goes through without a count. */
const FEW = 32;

/**
 * A sampled value to six digits, in a narrow range to six beyond those that its ends share: enough for any field, and the same in engines
 * whose exp and log differ in the last bit.
 */
export function sampled(x: number, { from, to, scale }: Pick<RangeField, 'from' | 'to' | 'scale'>): number {
  const width = scale === 'log' ? Math.log(to / from) : (to - from) / Math.max(Math.abs(from), Math.abs(to));
  return Number(x.toPrecision(6 + Math.min(6, Math.max(0, Math.floor(-Math.log10(width))))));
}

/** A value without the noise of its last digits: 0.3, not 0.30000000000000004. */
const clean = (value: number): number => Number(value.toPrecision(12));

/**
 * A field's values where they can be listed: a choice's, a range's when it is counted (arithmetic or geometric steps, both ends
 * exact, integers rounded) or spans few integers; else null.
 */
export function levelsOf(f: SweptField): readonly Value[] | null {
  if (!isRange(f)) return f.values;
  const { from, to, scale, integer, count } = f;
  if (count === undefined) return integer && to - from < FEW ? Array.from({ length: to - from + 1 }, (_, i) => from + i) : null;
  return Array.from({ length: count }, (_, i) => {
    if (i === 0 || i === count - 1) return i === 0 ? from : to;
    const share = i / (count - 1);
    const value = clean(scale === 'log' ? from * (to / from) ** share : from + (to - from) * share);
    return integer ? Math.round(value) : value;
  });
}
