import type { Config, Frame } from '../../store/state';

/** Added to the deviation in (2). */
export const EPSILON = 1e-6;

/** What a rollout's score is the sum of; null: that part is switched off. */
export interface ScoreParts {
  reward: number;
  /** Overlong punishment R_len (method.md 3): 0 or negative. */
  overlong: number | null;
  /** CLIPO's contrastive reward (method.md 4): what the engine's score holds beyond the other parts. */
  bonus: number | null;
  /** Sum of the parts. */
  total: number;
  /** The engine's score. */
  engine: number;
}

/** R_len of a response of `length` tokens: 0 up to `limit` − `buffer`, then linear down to −`factor` at `limit`. */
export function overlongPunishment(length: number, limit: number, buffer: number, factor: number): number {
  const over = length - (limit - buffer);
  return buffer > 0 && over > 0 ? (-over / buffer) * factor : 0;
}

/** The parts of one rollout's score; null for a frame without scores. */
export function scoreParts(frame: Frame, row: number, { reward: rules, clipo }: Config): ScoreParts | null {
  if (!frame.score || !frame.length) return null;
  const { overlongBuffer: buffer, overlongFactor: factor } = rules;
  const reward = frame.reward[row];
  const engine = frame.score[row];
  const overlong = buffer > 0 && factor > 0 ? overlongPunishment(frame.length[row], frame.responseLength, buffer, factor) : null;
  const known = reward + (overlong ?? 0);
  const bonus = clipo.lambda > 0 ? engine - known : null;
  return { reward, overlong, bonus, total: known + (bonus ?? 0), engine };
}

/**
 * Which form of (2) holds: divided by the deviation, Dr. GRPO's difference alone, a group of equal scores (0), or a group of one rollout
 * (mean 0, deviation 1).
 */
export type AdvantageRule = 'standard' | 'centred' | 'equal' | 'single';

/** The advantage (2) of one rollout with what it was made from. */
export interface GroupAdvantage {
  rule: AdvantageRule;
  size: number;
  sum: number;
  mean: number;
  /** Σ (s − mean)². */
  squares: number;
  /** Unbiased. */
  deviation: number;
  score: number;
  value: number;
}

/** The group-relative advantage (2) of the group's rollout `at`; `normalize`: divided by the deviation. */
export function groupAdvantage(scores: ArrayLike<number>, at: number, normalize: boolean): GroupAdvantage {
  const all = Array.from(scores);
  const size = all.length;
  const single = size === 1;
  const sum = all.reduce((a, s) => a + s, 0);
  const mean = single ? 0 : sum / size;
  const squares = all.reduce((a, s) => a + (s - mean) ** 2, 0);
  const deviation = single ? 1 : Math.sqrt(squares / (size - 1));
  const equal = !single && all.every((s) => s === all[0]);
  const score = all[at];
  const value = equal ? 0 : (score - mean) / (normalize ? deviation + EPSILON : 1);
  const rule = single ? 'single' : equal ? 'equal' : normalize ? 'standard' : 'centred';
  return { rule, size, sum, mean, squares, deviation, score, value };
}

/** Largest difference between a number computed here and the engine's f32 that counts as equal, relative to numbers above 1. */
export const TOLERANCE = 1e-5;

/** Whether a number computed here equals the engine's, to TOLERANCE. */
export const agrees = (here: number, engine: number): boolean =>
  Math.abs(here - engine) <= TOLERANCE * Math.max(1, Math.abs(engine));
