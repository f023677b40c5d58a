import { isRange, type SweptField } from '../types';
import { axisOf } from './axis';
import { type Cells, divergence, parzen } from './parzen';

/** Cells of a continuum. */
const STEPS = 50;

/** A field's cells, and the cell of each point. */
export interface CellColumn extends Cells {
  cells: readonly number[];
}

/**
 * Cuts a field into cells: a choice's values, integers one by one (on a log scale one for each doubling), a continuum into 50 whose
 * first and last have their middles at the ends. @param at axis value of each point
 */
export function cellsOf(f: SweptField, at: readonly number[]): CellColumn {
  if (!isRange(f)) return { count: f.values.length, ordered: false, cells: at };
  const { from, to, integer, scale } = f;
  const own = !integer ? STEPS : scale === 'log' ? Math.ceil(Math.log2(to - from + 1)) + 1 : to - from + 1;
  const count = Math.max(1, Math.min(STEPS, own));
  const { unit } = axisOf(f);
  const cells = at.map((x) => Math.min(count - 1, Math.max(0, Math.ceil(unit(x) * (count - 1) - 0.5))));
  return { count, ordered: true, cells };
}

function counted({ count, cells }: CellColumn, drawn: Iterable<number>): number[] {
  const counts = new Array<number>(count).fill(0);
  for (const i of drawn) counts[cells[i]]++;
  return counts;
}

/**
 * PED-ANOVA (Watanabe, Bansal, Hutter 2023): how much the density of each field's values among the best share `gamma` of the points, at
 * least two, differs from that among all (Pearson's divergence), normalised to sum to 1; zeros when the best are all.
 * @param losses by point, the smaller the better; ties with the last of the best are among them
 * @param drawn numbers of the points in the columns, one for each loss
 */
export function pedAnova(
  columns: readonly CellColumn[],
  losses: readonly number[],
  drawn: readonly number[],
  gamma: number,
): number[] {
  const cutoff = losses.slice().sort((a, b) => a - b)[Math.min(losses.length, Math.max(2, Math.ceil(gamma * losses.length))) - 1];
  const best = drawn.filter((_, i) => losses[i] <= cutoff);
  if (best.length === drawn.length) return columns.map(() => 0);
  const found = columns.map((c) => (c.count < 2 ? 0 : divergence(parzen(c, counted(c, best)), parzen(c, counted(c, drawn)))));
  const sum = found.reduce((a, b) => a + b, 0);
  return found.map((x) => (sum > 0 ? x / sum : 0));
}
