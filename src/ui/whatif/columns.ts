import { laneColor, type Palette } from '../../charts/palette';
import { VARIANT_NAMES } from '../../store/variants';
import type { Frozen, Outcome } from '../../store/whatif';

/** One outcome of the frozen batch as the panels show it. */
export interface Column {
  /** `Run`, `A` or `B`. */
  name: string;
  /** Position among the variants; null for the run. */
  variant: number | null;
  outcome: Outcome;
  /** Whether it is the run's own step anyway. */
  same: boolean;
}

/** The run first, then the variants. */
export const columnsOf = ({ result: { base, variants } }: Frozen): Column[] => [
  { name: 'Run', variant: null, outcome: base, same: true },
  ...variants.map((outcome, i) => ({ name: VARIANT_NAMES[i], variant: i, outcome, same: outcome === base })),
];

/** The columns that differ from the run. */
export const changed = (columns: readonly Column[]): Column[] => columns.filter((c) => !c.same);

/** Ink for the run, a colour for each variant. */
export const columnColor = (palette: Palette, { variant }: Pick<Column, 'variant'>): string =>
  variant === null ? palette.ink : laneColor(palette, variant);

/** Rows of a frame of the outcome as rows of the run's frame: with a smaller group it has the first rollouts of each prompt. */
export function baseRows(outcome: Outcome, base: Outcome): Uint32Array {
  const [own, whole] = [outcome.config.rollout.group, base.config.rollout.group];
  return Uint32Array.from(outcome.before.frame.reward, (_, i) => Math.floor(i / own) * whole + (i % own));
}

/** Change of each response's log-probability, nats, by row of the outcome's frame; null where nothing was measured. */
export function logpChanges({ before, after }: Outcome): Float64Array | null {
  const [was, is] = [before.frame.tokens, after.frame.tokens];
  const { n, length, responseLength: T } = before.frame;
  if (!was || !is || !length) return null;
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let t = 0; t < length[i]; t++) sum += Math.log(is.ratio[i * T + t]) - Math.log(was.ratio[i * T + t]);
    return sum;
  });
}
