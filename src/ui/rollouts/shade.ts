import type { Frame } from '../../store/state';
import type { OptionValue } from '../../store/view';
import { fixed, signed } from '../format';
import { type Clip, isLive, type Side, sideOf } from './objective';

/** What tokens are shaded by. */
export type Shade = OptionValue<'rollouts.shade'>;

/** Place of a token: its rollout's row and its number in the response. */
export interface TokenPlace {
  row: number;
  t: number;
}

/** Everything known of one token. */
export interface TokenFacts {
  text: string;
  probability: number;
  logp: number;
  entropy: number;
  ratio: number;
  objective: number;
  side: Side;
  /** The clip stops its gradient. */
  stopped: boolean;
}

/** Facts of the token at place `t` of a rollout; null for frames without tokens' numbers. */
export function tokenFacts(
  frame: Frame,
  row: number,
  t: number,
  { vocabulary, clip }: { vocabulary: readonly string[]; clip: Clip },
): TokenFacts | null {
  if (!frame.tokens || !frame.response) return null;
  const at = row * frame.responseLength + t;
  const { logp, ratio, entropy, objective } = frame.tokens;
  const advantage = frame.advantage?.[row] ?? 0;
  return {
    text: vocabulary[frame.response[at]] ?? '',
    probability: Math.exp(logp[at]),
    logp: logp[at],
    entropy: entropy[at],
    ratio: ratio[at],
    objective: objective[at],
    side: sideOf(ratio[at], clip),
    stopped: advantage !== 0 && !isLive(advantage, ratio[at], clip),
  };
}

/** How a quantity becomes a colour: `at` gives a place on the palette's scale, 0 … 1 or −1 … 1. */
export interface Scale {
  kind: 'sequential' | 'diverging';
  at(value: number): number;
  /** Values and their texts along the scale, in the order of their places. */
  ticks: readonly { value: number; text: string }[];
  /** What both ends mean, in a word or two. */
  low: string;
  high: string;
}

function extent(frame: Frame, values: Float32Array): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < frame.n; row++)
    for (let t = 0; t < (frame.length?.[row] ?? 0); t++) {
      const v = values[row * frame.responseLength + t];
      if (v < low) low = v;
      if (v > high) high = v;
    }
  return low <= high ? [low, high] : [0, 0];
}

/** Up to the next half, at least `least`. */
const roundUp = (value: number, least: number) => Math.max(least, Math.ceil(2 * value) / 2);

/** The scale of a quantity over a whole frame, so that rollouts compare; null for frames without tokens' numbers. */
export function scaleOf(frame: Frame, shade: Shade, clip: Clip): Scale | null {
  const { tokens } = frame;
  if (!tokens) return null;
  if (shade === 'probability')
    return {
      kind: 'sequential',
      at: (p) => 1 - p,
      ticks: [1, 0.5, 0].map((value) => ({ value, text: String(value) })),
      low: 'sure',
      high: 'unlikely',
    };
  if (shade === 'entropy') {
    const most = roundUp(extent(frame, tokens.entropy)[1], 0.5);
    return {
      kind: 'sequential',
      at: (h) => h / most,
      ticks: [0, most / 2, most].map((value) => ({ value, text: fixed(value, most > 1 ? 1 : 2) })),
      low: 'decided',
      high: 'open',
    };
  }
  if (shade === 'ratio') {
    const [low, high] = extent(frame, tokens.ratio);
    // At least the clip range, so that the rounding of ratios of 1 stays unseen; at most a factor, so that a few outliers do not fade the rest.
    const range = Math.max(1 + clip.high, 1 / Math.max(1 - clip.low, 0.05), 1.05);
    const wide = Math.max(high, low > 0 ? 1 / low : 1);
    const most = Math.max(range, Math.min(2, wide));
    const limit = Math.log(most);
    const beyond = wide > most;
    return {
      kind: 'diverging',
      at: (ratio) => Math.log(ratio) / limit,
      ticks: [
        { value: 1 / most, text: `${beyond ? '≤ ' : ''}${fixed(1 / most, 2)}` },
        { value: 1, text: '1' },
        { value: most, text: `${beyond ? '≥ ' : ''}${fixed(most, 2)}` },
      ],
      low: 'less likely now',
      high: 'more likely now',
    };
  }
  const largest = Math.max(...extent(frame, tokens.objective).map(Math.abs));
  const gain = frame.advantage?.reduce((m, a) => Math.max(m, Math.abs(a)), 0) ?? largest;
  const most = roundUp(Math.min(largest, gain), 0.5);
  return {
    kind: 'diverging',
    at: (loss) => -loss / most,
    ticks: [most, 0, -most].map((value) => ({ value, text: signed(value, 1) })),
    low: 'pushed down',
    high: 'pushed up',
  };
}

/** The quantity that a token is shaded by. */
export const shadeValue = (facts: TokenFacts, shade: Shade): number => facts[shade];

/** Its text on a token: short. */
export const shadeText = (facts: TokenFacts, shade: Shade): string =>
  shade === 'objective' ? signed(facts.objective, 2) : fixed(facts[shade], 2);
