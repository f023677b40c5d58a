import type { Summary } from '../../math/statistics';
import type { Column } from './types';

/** What stands where there is no number. */
export const NO_DATA = 'no data';

/** A number as a column shows it: one decimal for per cent, about three significant digits otherwise, a true minus sign. */
export function shown(value: number | null, unit: Column['unit']): string {
  if (value === null) return NO_DATA;
  const text = unit === 'percent' ? value.toFixed(1) : significant(value);
  return /^-[0.]*$/.test(text) ? text.slice(1) : text.replace('-', '−');
}

function significant(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.01 || size === 0 ? 3 : 4);
}

/** The same with a plus sign for what is positive as shown. */
export function signed(value: number | null, unit: Column['unit']): string {
  const text = shown(value, unit);
  return value !== null && value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** A figure of the paper: two decimals for per cent, otherwise as many of two as it needs. */
export function printed(value: number, unit: Column['unit']): string {
  return (unit === 'percent' ? value.toFixed(2) : String(Math.round(100 * value) / 100)).replace('-', '−');
}

/** The same with a plus sign for what is positive. */
export const printedChange = (value: number, unit: Column['unit']): string => `${value > 0 ? '+' : ''}${printed(value, unit)}`;

/** Mean ± half-width; without ± where there is no interval. */
export function withInterval({ mean, halfWidth }: Summary, unit: Column['unit'], format = shown): string {
  return mean === null || halfWidth === null ? format(mean, unit) : `${format(mean, unit)} ± ${shown(halfWidth, unit)}`;
}

/** A p-value to two significant digits. */
export function probability(p: number | null): string {
  if (p === null) return NO_DATA;
  return p < 0.001 ? '< .001' : p >= 0.995 ? '1' : p.toFixed(p < 0.1 ? 3 : 2).replace('0.', '.');
}

/** "1 pair", "8 pairs". */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
