import { randomBits, STREAM } from './random';

/**
 * Modular gradient surgery (MGS; method.md 5) straight from its definition, in float64, on whole vectors. The kernels work on
 * inner products instead and share only `surgeryOrder` with it.
 */

/** A gradient counts as zero up to this squared norm: nothing is projected off it. */
export const SURGERY_FLOOR = 1e-12;

/** Room for domains in one draw of orders; apart from it the counters of two draws would overlap. */
const STRIDE = 8;

/**
 * The order in which domain `i` is projected off the others in module `module` at update `update`: a random permutation of
 * {0 … domains − 1} \ {i}, the same bits as shaders/surgery.wgsl draws.
 * @param domains at most 8
 */
export function surgeryOrder(seed: number, update: number, module: number, i: number, domains: number): number[] {
  const order = Array.from({ length: domains - 1 }, (_, k) => k + Number(k >= i));
  for (let k = domains - 2; k > 0; k--) {
    const other = randomBits(seed, STREAM.surgery, update, (module * STRIDE + i) * STRIDE + k) % (k + 1);
    [order[k], order[other]] = [order[other], order[k]];
  }
  return order;
}

const dot = (a: Float64Array, b: ArrayLike<number>) => a.reduce((sum, x, n) => sum + x * b[n], 0);

/**
 * Surgery of one module: every domain's gradient v_i is projected off the others' original gradients where they conflict.
 * @param gradients of each domain, of equal lengths; zeros for a domain without one
 * @param orders for each domain i, the other domains in the order in which v_i meets them
 * @returns v, one vector a domain; the module's gradient is their sum
 */
export function gradientSurgery(gradients: readonly ArrayLike<number>[], orders: readonly (readonly number[])[]): Float64Array[] {
  return gradients.map((own, i) => {
    const v = Float64Array.from(own);
    for (const j of orders[i]) {
      const g = gradients[j];
      const conflict = dot(v, g);
      const square = dot(Float64Array.from(g), g);
      if (conflict < 0 && square > SURGERY_FLOOR) for (let n = 0; n < v.length; n++) v[n] -= (conflict / square) * g[n];
    }
    return v;
  });
}
