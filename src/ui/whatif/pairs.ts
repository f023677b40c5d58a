import type { HeatmapCell } from '../../charts/heatmap';
import type { LogitChange } from '../../store/analysis';
import type { Frame } from '../../store/state';
import type { Outcome } from '../../store/whatif';

/** One pair of rollouts in an outcome. */
export interface PairInfo {
  /** Rows of the outcome's frame. */
  anchor: number;
  partner: number;
  role: string;
  /** S_ij by the run's τ. */
  before: number;
  after: number;
}

const CORRECT = 1;
const EXCLUDED = 2;

/** What the partner is to the anchor, in words. */
export function roleWords({ kind, domain, prompt, scope }: LogitChange, a: number, b: number): string {
  if (kind[a] === EXCLUDED || kind[b] === EXCLUDED) return 'left out: no usable embedding';
  if (a === b) return 'itself';
  if (kind[a] !== CORRECT) return kind[b] === CORRECT ? 'negative of the other' : 'two wrong answers';
  if (scope === 'prompt' && prompt[a] !== prompt[b]) return 'other prompts are not compared';
  if (kind[b] !== CORRECT) return 'negative';
  return domain[a] === domain[b] ? 'in-domain positive' : 'cross-domain positive';
}

function logit({ vectors, width }: Frame, a: number, b: number, tau: number): number {
  if (!vectors) return Number.NaN;
  const length = (i: number) => Math.hypot(...vectors.subarray(i * width, (i + 1) * width));
  let s = 0;
  for (let c = 0; c < width; c++) s += vectors[a * width + c] * vectors[b * width + c];
  return s / (length(a) * length(b)) / tau;
}

/** The pair at a cell of the sorted matrix. */
export function pairAt(change: LogitChange, { before, after }: Outcome, { row, column }: HeatmapCell, tau: number): PairInfo {
  const [anchor, partner] = [change.order[row], change.order[column]];
  return {
    anchor,
    partner,
    role: roleWords(change, row, column),
    before: logit(before.frame, anchor, partner, tau),
    after: logit(after.frame, anchor, partner, tau),
  };
}
