/** "Leave this positive out": the objective without some of its terms or rollouts, beside the objective as it is. */
import { KIND, ROLE } from './roles';
import { demandRow } from './rows';
import { Terms } from './terms';

/**
 * What is left out. `pair`: the terms l_ij of one anchor i and the given positives j leave the sums, and their weights leave the mass
 * Z; the rollouts stay, as negatives' rivals, as positives of others and in their prototypes. `rollout`: the rows leave the pool
 * altogether, so that prototypes, compatibilities, masses and Λ are those of the smaller pool.
 */
export type LeaveOutMode = 'pair' | 'rollout';

/** Losses of the pool (11), (9), (10), and the anchor's part of (11). */
export interface Losses {
  contrastive: number;
  cross: number;
  inDomain: number;
  anchor: number;
}

/** The objective before and after. */
export interface LeaveOut {
  mode: LeaveOutMode;
  anchor: number;
  rows: Uint32Array;
  before: Losses;
  after: Losses;
  /** ∂L/∂z of the anchor, f64[width] each, their lengths, and the cosine between them; null where one is zero. */
  gradient: { before: Float64Array; after: Float64Array; normBefore: number; normAfter: number; cosine: number | null };
  /** Every other correct rollout that stays: its part of (11). */
  others: { row: Uint32Array; before: Float64Array; after: Float64Array };
}

const length = (x: Float64Array) => Math.sqrt(x.reduce((s, v) => s + v * v, 0));

/**
 * The objective without `rows`, from anchor `anchor`'s point of view. @throws RangeError for rows that the pool does not have, the
 * anchor itself, and (mode `pair`) rows that are no positives of it
 */
export function leaveOut(terms: Terms, anchor: number, rows: readonly number[], mode: LeaveOutMode): LeaveOut {
  const { pool, cosine, options } = terms;
  demandRow(pool, anchor, 'anchor');
  if (!rows.length) throw new RangeError('invalid rows: none (at least one rollout to leave out)');
  for (const row of rows) {
    demandRow(pool, row);
    if (row === anchor) throw new RangeError(`invalid row: ${row} (the anchor itself cannot be left out)`);
    const role = terms.role(anchor, row);
    if (mode === 'pair' && role !== ROLE.cross && role !== ROLE.inDomain)
      throw new RangeError(`invalid row: ${row} (not a positive of anchor ${anchor})`);
  }
  const out = new Set(rows);
  const without = mode === 'pair' ? { pairs: { anchor, rows: out } } : { rows: out };
  const fewer = new Terms(pool, cosine, options, without);
  const losses = (of: Terms): Losses => ({ ...of.loss, anchor: of.anchorLoss(anchor) });
  const [before, after] = [terms, fewer].map((of) => of.combine(of.coefficients(anchor)));
  const [normBefore, normAfter] = [length(before), length(after)];
  const dot = before.reduce((s, x, k) => s + x * after[k], 0);
  const staying: number[] = [];
  for (let i = 0; i < pool.n; i++) if (i !== anchor && fewer.kind[i] === KIND.correct) staying.push(i);
  return {
    mode,
    anchor,
    rows: Uint32Array.from(out),
    before: losses(terms),
    after: losses(fewer),
    gradient: {
      before,
      after,
      normBefore,
      normAfter,
      cosine: normBefore > 0 && normAfter > 0 ? dot / normBefore / normAfter : null,
    },
    others: {
      row: Uint32Array.from(staying),
      before: Float64Array.from(staying, (i) => terms.anchorLoss(i)),
      after: Float64Array.from(staying, (i) => fewer.anchorLoss(i)),
    },
  };
}
