import { DOMAINS } from '../../tasks/registry';
import type { Claim, Column, Variant } from './types';

/** A column of accuracies. */
export const percent = (id: string, label: string): Column => ({ id, label, unit: 'percent' });

/** Mean over the benchmark columns, as the paper's "Overall Avg.". */
export const AVERAGE: Column = percent('average', 'Average');
/** The benchmarks, domain by domain. */
export const BENCHMARKS: readonly Column[] = DOMAINS.flatMap((d) => d.columns.map((c) => percent(c.id, c.label)));
/** The domains' scores, each the mean of its benchmarks. */
export const DOMAIN_SCORES: readonly Column[] = DOMAINS.map((d) => percent(d.id, d.label));

/** Index in the registry of the domain that a column belongs to; null for one that is about several. */
export function domainOfColumn(id: string): number | null {
  const at = DOMAINS.findIndex((d) => d.id === id || d.columns.some((c) => c.id === id));
  return at < 0 ? null : at;
}

/** "on average", "in Math". */
export function where(column: Column): string {
  return column.id === AVERAGE.id ? 'on average' : `in ${column.label}`;
}

/** The paper's contrast from its own figures, rounded as they are; null where one is missing. */
export function paperContrast(
  variants: readonly Variant[],
  contrast: Claim['contrast'],
  column: string,
  key: 'paper' | 'second',
): number | null {
  let sum = 0;
  for (const [id, weight] of Object.entries(contrast)) {
    const value = variants.find((v) => v.id === id)?.[key]?.[column];
    if (value === undefined) return null;
    sum += weight * value;
  }
  return Math.round(100 * sum) / 100;
}

/** What a label says beyond another one's beginning up to a colon: `X: B` after `X: A` is `B`. */
function beyond(b: string, a: string): string {
  const cut = a.indexOf(': ') + 2;
  return cut > 1 && b.startsWith(a.slice(0, cut)) ? b.slice(cut) : b;
}

/** "A − B"; what both labels begin with (up to a colon) or end with (from a comma) is said once. */
export function differenceLabel(a: string, b: string): string {
  const comma = a.indexOf(', ');
  if (comma > 0 && b.endsWith(a.slice(comma))) return `${a.slice(0, comma)} − ${b}`;
  return `${a} − ${beyond(b, a)}`;
}

/**
 * The paper's statement that one variant scores higher or lower than another, with the direction taken from its table.
 * @throws Error when the table has no figures for it
 */
export function comparison(variants: readonly Variant[], a: string, b: string, column: Column = AVERAGE): Claim {
  const contrast = { [a]: 1, [b]: -1 };
  const paper = paperContrast(variants, contrast, column.id, 'paper');
  if (!paper) throw new Error(`no figures of the paper tell ${a} from ${b} ${where(column)}`);
  const label = (id: string) => variants.find((v) => v.id === id)?.label ?? id;
  const other = beyond(label(b), label(a)).replace(/^base model$/i, 'the base model');
  return {
    text: `${label(a)} scores ${paper > 0 ? 'higher' : 'lower'} than ${other} ${where(column)}.`,
    contrast,
    column: column.id,
    sign: paper > 0 ? 1 : -1,
    paper,
    second: paperContrast(variants, contrast, column.id, 'second'),
  };
}
