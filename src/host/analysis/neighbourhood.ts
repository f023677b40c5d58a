/** The rows nearest to one row in the original space. */

import { poolOf } from './pool';
import { KIND } from './roles';
import { demandRow, type Rows } from './rows';

/** Nearest rows by cosine, nearest first, with their labels. */
export interface Neighbourhood {
  row: number;
  /** u32[k] each; `domain` and `column` index the frame's names. */
  rows: Uint32Array;
  domain: Uint32Array;
  column: Uint32Array;
  prompt: Uint32Array;
  reward: Float32Array;
  /** Cosine, and the distance √(2 − 2 cosine) of the unit vectors. */
  cosine: Float64Array;
  distance: Float64Array;
  /** Share of them that are of the row's domain; null without any. */
  purity: number | null;
}

/**
 * The k rows of largest cosine to `row`; rows without a direction are not among them. @throws RangeError for a row that is not there or
 * has no direction, or k below 1
 */
export function neighbourhood(frame: Rows, row: number, k: number): Neighbourhood {
  demandRow(frame, row);
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`invalid number of neighbours: ${k} (at least 1)`);
  const { n, width, z, kind } = poolOf(frame);
  if (kind[row] === KIND.excluded)
    throw new RangeError(`invalid row: ${row} (its response is empty, or its vector is zero or not finite)`);
  const cosine = new Float64Array(n);
  for (let j = 0; j < n; j++) for (let c = 0; c < width; c++) cosine[j] += z[row * width + c] * z[j * width + c];
  const rows = Uint32Array.from({ length: n }, (_, j) => j)
    .filter((j) => j !== row && kind[j] !== KIND.excluded)
    .sort((a, b) => cosine[b] - cosine[a] || a - b)
    .slice(0, k);
  const same = rows.reduce((s, j) => s + Number(frame.domain[j] === frame.domain[row]), 0);
  return {
    row,
    rows,
    domain: rows.map((j) => frame.domain[j]),
    column: rows.map((j) => frame.column[j]),
    prompt: rows.map((j) => frame.prompt[j]),
    reward: Float32Array.from(rows, (j) => frame.reward[j]),
    cosine: Float64Array.from(rows, (j) => cosine[j]),
    distance: Float64Array.from(rows, (j) => Math.sqrt(Math.max(0, 2 - 2 * cosine[j]))),
    purity: rows.length ? same / rows.length : null,
  };
}
