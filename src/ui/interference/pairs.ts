import { setOption } from '../../store/look';
import { OPTIONS, type OptionValue } from '../../store/view';
import { fixed } from '../format';

/** Two domains by their places, the smaller one first. */
export type Pair = readonly [a: number, b: number];

/** The metric with the cosine of their gradients. */
export const cosineOf = ([a, b]: Pair): string => `cosine/${a}-${b}`;
/** The metric with the distance of their centroids. */
export const distanceOf = ([a, b]: Pair): string => `centroid/${a}-${b}`;

/** What a link calls a pair. */
export const pairOf = (text: OptionValue<'interference.pair'>): Pair => text.split('-').map(Number) as unknown as Pair;

/** All pairs of some domains. */
export const pairsOf = (domains: number): Pair[] =>
  Array.from({ length: domains }, (_, a) => Array.from({ length: domains - 1 - a }, (__, i): Pair => [a, a + 1 + i])).flat();

/** Chooses a pair of different domains, in either order. */
export function choosePair(a: number, b: number): void {
  const name = OPTIONS['interference.pair'].find((x) => x === `${Math.min(a, b)}-${Math.max(a, b)}`);
  if (name) setOption('interference.pair', name);
}

/** What a cosine says about two domains. */
export function relation(cosine: number): string {
  if (!Number.isFinite(cosine)) return 'no gradient to compare';
  const size = Math.abs(cosine);
  if (size < 0.05) return 'hardly affect each other';
  const much = size < 0.2 ? 'a little' : size < 0.5 ? 'clearly' : 'strongly';
  return cosine > 0 ? `help each other ${much}` : `stand in each other’s way ${much}`;
}

/** A cosine as it is written: two places, and no sign where it rounds to nothing. */
export const cosineText = (value: number): string => fixed(Math.abs(value) < 0.005 ? 0 : value, 2);

/** What a pair of domains has to do with each other, in a sentence. */
export const sayPair = (one: string, other: string, cosine: number | null): string =>
  cosine === null || !Number.isFinite(cosine)
    ? `${one} and ${other}: no gradient to compare`
    : `${one} and ${other} ${relation(cosine)}: ${cosineText(cosine)}`;

/** End of a scale around 0 that holds these values: 0.1, 0.25, 0.5 or 1. */
export const scaleEnd = (values: Iterable<number | null>): number => {
  let most = 0;
  for (const v of values) if (v !== null && Number.isFinite(v)) most = Math.max(most, Math.abs(v));
  return [0.1, 0.25, 0.5].find((end) => most <= end) ?? 1;
};
