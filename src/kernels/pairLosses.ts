import wgsl from '../../shaders/pairLosses.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { dotRows, pairWgsl, roles, sigmoid, softplus, weightOf } from './pairs';

/**
 * Sums over the positives j of each anchor i, with l = softplus(Λ_i − S_ij) of (9) and (10) and sig = sigmoid(Λ_i − S_ij).
 * `pairs` row: over C(i) (6) w, w·l, w·sig, S, w·(1 − cos); over I(i) (7) l, sig, S. Compatibilities come from `weight` when `table`
 * is 1, else from the prototypes in rows `rows` … of `z`.
 */
export const pairLosses = kernel({
  name: 'pairLosses',
  wgsl,
  uses: pairWgsl,
  params: { rows: 'u32', width: 'u32', points: 'u32', begin: 'u32', span: 'u32', prompts: 'u32', table: 'u32' },
  buffers: {
    z: 'read',
    order: 'read',
    prompt: 'read',
    domain: 'read',
    anchor: 'read',
    weight: 'read',
    pairs: 'read_write',
  },
  grid: ({ span }, runs) => [Math.ceil(span / 16), 1, runs],
  /** With half of the rows correct. */
  cost: ({ rows, span, width, table }) => ({ flops: (span * rows * width) / (table ? 2 : 1), bytes: 4 * rows * (width + 13) }),
  reference(shape, { z, order, prompt, domain, anchor, weight, pairs }) {
    const { positives, negatives } = roles(order, shape.rows);
    const w = weightOf(shape, weight, z);
    const { rows, begin, span } = shape;
    const scale = anchor[4 * rows + 2];
    for (const i of order.subarray(begin, Math.min(begin + span, rows))) pairs.fill(0, 8 * i, 8 * i + 8);
    for (let at = begin; at < Math.min(begin + span, positives.length); at++) {
      const i = positives[at];
      const sums = new Float64Array(8);
      for (let to = 0; to < positives.length; to++) {
        const j = positives[to];
        const cosine = dotRows(z, i, j, shape.width);
        if (j === i) continue;
        const gap = anchor[4 * i] - cosine * scale;
        const l = negatives.length ? softplus(gap) : 0;
        const sig = negatives.length ? sigmoid(gap) : 0;
        if (domain[i] === domain[j]) {
          sums[5] += l;
          sums[6] += sig;
          sums[7] += cosine * scale;
        } else {
          const v = w(prompt[i], prompt[j]);
          sums[0] += v;
          sums[1] += v * l;
          sums[2] += v * sig;
          sums[3] += cosine * scale;
          sums[4] += v * (1 - cosine);
        }
      }
      pairs.set(sums, 8 * i);
    }
  },
});
