import { useMemo } from 'react';
import type { Cell, Side } from '../../charts/matrixChart';
import { domainColor } from '../../charts/palette';
import { useLab, useOption } from '../useLab';
import { usePalette } from '../usePalette';
import { type Pair, pairOf } from './pairs';

/** The domains of a matrix and the cell that stands out. */
export interface Cells {
  /** Domains that are not left out, in their order: row and column k are about domain `shown[k]`. */
  shown: readonly number[];
  sides: readonly Side[];
  pair: Pair;
  /** Of the pair under the pointer, else of the chosen one; null where one of its domains is left out. */
  cell: Cell | null;
}

/** What both matrices show. */
export function useCells(): Cells {
  const domains = useLab((s) => s.domains);
  const muted = useLab((s) => s.muted);
  const palette = usePalette();
  const chosen = useOption('interference.pair');
  const domain = useLab((s) => s.highlight.domain);
  const other = useLab((s) => s.highlight.other);
  const axes = useMemo(() => {
    const shown = domains.flatMap(({ id }, i) => (muted.includes(id) ? [] : [i]));
    return { shown, sides: shown.map((i) => ({ label: domains[i].label, symbol: i, color: domainColor(palette, i) })) };
  }, [domains, muted, palette]);
  return useMemo(() => {
    const pair = pairOf(chosen);
    const [a, b] = domain !== undefined && other !== undefined ? [domain, other] : pair;
    const cell = { row: axes.shown.indexOf(a), column: axes.shown.indexOf(b) };
    return { ...axes, pair, cell: cell.row < 0 || cell.column < 0 ? null : cell };
  }, [axes, chosen, domain, other]);
}
