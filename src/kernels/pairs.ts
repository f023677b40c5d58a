import dotTile from '../../shaders/lib/dotTile.wgsl?raw';
import pairMath from '../../shaders/lib/pairMath.wgsl?raw';
import pickLane from '../../shaders/lib/pickLane.wgsl?raw';
import type { Data } from '../gpu/kernel';

/** What the kernels over pairs of rollouts share: WGSL functions, and their float64 counterparts for the references. */

/** WGSL of dot products in tiles, softplus, sigmoid and compatibility; put it into `uses`. */
export const pairWgsl = [dotTile, pairMath, pickLane];

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
/** max(0, cosine) (5). Deviation: cosines below the rounding of f32 dot products count as orthogonal, a floor that (5) does not have. */
export const compatible = (cosine: number) => (cosine > 5e-7 ? cosine : 0);
/** Λ of an anchor without negatives: finite, since WGSL promises nothing about infinity. */
export const NO_NEGATIVES = -1e30;

/** w between the prompts of two rows: from the table, or from the prototypes behind the pool's rows. */
export function weightOf(shape: { table: number; prompts: number; rows: number; width: number }, weight: Data, z: Data) {
  const { table, prompts, rows, width } = shape;
  return (p: number, q: number) => (table ? weight[p * prompts + q] : compatible(dotRows(z, rows + p, rows + q, width)));
}

/** Rows of the positives and of the negatives, as `arrange` left them. */
export function roles(order: Data, rows: number): { positives: Data; negatives: Data } {
  const split = order[rows];
  return { positives: order.subarray(0, split), negatives: order.subarray(split, split + order[rows + 1]) };
}
