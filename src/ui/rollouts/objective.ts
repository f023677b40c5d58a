/** Bounds of the ratio in (3); `dual` 0: no dual clip. */
export interface Clip {
  low: number;
  high: number;
  dual: number;
}

/** The clip of a configuration's objective. */
export const clipOf = (objective: { clipLow: number; clipHigh: number; dualClip: number }): Clip => ({
  low: objective.clipLow,
  high: objective.clipHigh,
  dual: objective.dualClip,
});

/** Where a ratio lies: below 1 − low, within, or above 1 + high. */
export type Side = 'below' | 'within' | 'above';

/** Which term of (3) the loss is: −Aρ, the clipped one, or the dual clip's bound; `same`: the first two are equal. */
export type Branch = 'same' | 'plain' | 'clipped' | 'dual';

/** One token's loss in (3) with what it was made from. */
export interface TokenObjective {
  side: Side;
  /** The ratio, brought into the clip range. */
  bounded: number;
  /** −A ρ. */
  plain: number;
  /** −A clip(ρ). */
  clipped: number;
  /** −A c; null where the dual clip does not apply. */
  dual: number | null;
  /** max(plain, clipped), before the dual clip. */
  inner: number;
  loss: number;
  branch: Branch;
  /** Whether the gradient flows (method.md 2.2). */
  live: boolean;
}

/** Limit of |log ratio|. */
const MAX_CHANGE = 20;

/** Where a ratio lies with respect to the clip range. */
export const sideOf = (ratio: number, { low, high }: Clip): Side =>
  ratio < 1 - low ? 'below' : ratio > 1 + high ? 'above' : 'within';

/** Whether the gradient of a token flows: the clip does not hold it, nor the dual clip, nor the limit of the log-ratio. */
export function isLive(advantage: number, ratio: number, clip: Clip): boolean {
  if (Math.abs(Math.log(ratio)) >= MAX_CHANGE * (1 - 1e-6)) return false;
  if (advantage >= 0) return ratio <= 1 + clip.high;
  return ratio >= 1 - clip.low && (clip.dual <= 0 || ratio <= clip.dual);
}

/** Equation (3) for one token of advantage A and ratio ρ. */
export function tokenObjective(advantage: number, ratio: number, clip: Clip): TokenObjective {
  const bounded = Math.min(Math.max(ratio, 1 - clip.low), 1 + clip.high);
  const [plain, clipped] = [-advantage * ratio, -advantage * bounded];
  const inner = Math.max(plain, clipped);
  const dual = advantage < 0 && clip.dual > 0 ? -advantage * clip.dual : null;
  const loss = dual === null ? inner : Math.min(inner, dual);
  const branch: Branch =
    dual !== null && dual < inner ? 'dual' : plain === clipped ? 'same' : plain > clipped ? 'plain' : 'clipped';
  return {
    side: sideOf(ratio, clip),
    bounded,
    plain,
    clipped,
    dual,
    inner,
    loss,
    branch,
    live: isLive(advantage, ratio, clip),
  };
}

/** In plain words, what the clip does to a token of this advantage and ratio. */
export function branchWords(advantage: number, { side, branch, live }: TokenObjective): string {
  if (advantage === 0) return 'The advantage is 0, so the token asks for nothing.';
  if (branch === 'dual') return 'The ratio is beyond the dual clip: the loss is held at −A·c and the gradient stops.';
  const aim = advantage > 0 ? 'more likely' : 'less likely';
  if (!live)
    return side === 'within'
      ? 'The log-ratio is at its limit of ±20: the gradient stops.'
      : `The token is already ${aim} than the clip range allows: the gradient stops.`;
  if (side === 'within') return `Within the clip range both sides are equal: the gradient makes the token ${aim}.`;
  return `Outside of the clip range, but on the wrong side: the gradient goes on making the token ${aim}.`;
}
