import dotTile from '../../shaders/lib/dotTile.wgsl?raw';
import pairMath from '../../shaders/lib/pairMath.wgsl?raw';
import pickLane from '../../shaders/lib/pickLane.wgsl?raw';
import { choiceIndex, HYPER, hyperWgsl } from '../config/hyper';
import type { Data } from '../gpu/kernel';

/** What the kernels over pairs of rollouts share: WGSL functions, and their float64 counterparts for the references. */

/** WGSL of dot products in tiles, pair losses and compatibility, and the constants of `hyper`; put it into `uses`. */
export const pairWgsl = [hyperWgsl, dotTile, pairMath, pickLane];

/** ⟨row a, row b⟩ of a matrix of rows of `width`. */
export function dotRows(z: Data, a: number, b: number, width: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += z[a * width + k] * z[b * width + k];
  return sum;
}

/** log(1 + eˣ). */
export const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
/** 1 / (1 + e⁻ˣ). */
export const sigmoid = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
/** Λ of an anchor that no rollout competes with: finite, since WGSL promises nothing about infinity. */
export const NO_RIVALS = -1e30;
const contested = (lam: number) => lam > NO_RIVALS / 2;

/** Loss of a pair: softplus(Λ − S), or Λ − S when the positive is among the rivals (`all`); 0 without rivals. */
export function pairLoss(lam: number, S: number, all: boolean): number {
  if (!contested(lam)) return 0;
  return all ? lam - S : softplus(lam - S);
}

/** Derivative of `pairLoss` by Λ, which is minus that by S at fixed Λ. */
export function pairSlope(lam: number, S: number, all: boolean): number {
  if (!contested(lam)) return 0;
  return all ? 1 : sigmoid(lam - S);
}

/** One run's open choices of the contrastive loss (method.md 11), as its kernels read them from `hyper`. */
export function contrastChoices(hyper: Data) {
  const is = (name: string, option: string) => hyper[HYPER[`contrast.${name}`]] === choiceIndex(`contrast.${name}`, option);
  return {
    /** An anchor meets the rollouts of its own prompt only. */
    byPrompt: is('scope', 'prompt'),
    /** Positives compete too. */
    all: is('denominator', 'all'),
    perAnchor: is('normalizer', 'anchor'),
    convex: is('mixing', 'convex'),
    half: is('weightMap', 'half'),
    raw: is('weightMap', 'raw'),
    throughWeights: hyper[HYPER['contrast.weightGradient']] !== 0,
  };
}

/** The map of (5): neither is the cosine's. */
export type WeightMap = { half: boolean; raw: boolean };

/** max(0, cosine). Deviation: cosines below the rounding of f32 dot products count as orthogonal, a floor that (5) does not have. */
export const compatible = (cosine: number) => (cosine > 5e-7 ? cosine : 0);

/** w (5) of two prompts from the cosine of their prototypes and the lengths of their means (0: a mean without direction). */
export function mapped(cosine: number, p: number, q: number, { half, raw }: WeightMap): number {
  if (half) return p > 0 && q > 0 ? Math.max(0, (1 + cosine) / 2) : 0;
  return compatible(cosine) * (raw ? p * q : 1);
}

/**
 * w between two prompts: from the table; or, without one, from the prototypes behind the pool's rows and the means' lengths, which
 * `weight` then holds as `groupMean` left them.
 */
export function weightOf(
  shape: { table: number; prompts: number; rows: number; width: number },
  weight: Data,
  z: Data,
  map: WeightMap,
) {
  const { table, prompts, rows, width } = shape;
  return (p: number, q: number) =>
    table ? weight[p * prompts + q] : mapped(dotRows(z, rows + p, rows + q, width), weight[2 * p + 1], weight[2 * q + 1], map);
}

/** Rows of the positives and of the negatives, as `arrange` left them. */
export function roles(order: Data, rows: number): { positives: Data; negatives: Data } {
  const split = order[rows];
  return { positives: order.subarray(0, split), negatives: order.subarray(split, split + order[rows + 1]) };
}
