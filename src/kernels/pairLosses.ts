import wgsl from '../../shaders/pairLosses.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { contrastChoices, dotRows, pairLoss, pairSlope, pairWgsl, roles, weightOf } from './pairs';

/**
 * Sums over the positives j of each anchor i, with l = softplus(Λ_i − S_ij) of (9) and (10) and its slope sig = sigmoid(Λ_i − S_ij), or
 * Λ_i − S_ij and 1 where positives compete too (contrast.denominator). `pairs` row: over C(i) (6) w, w·l, w·sig, S, w·(1 − cos); over
 * I(i) (7) l, sig, S. With contrast.scope prompt I(i) holds same-prompt positives and C(i) nothing. Compatibilities come from `weight`
 * when `table` is 1; else they are made from the prototypes in rows `rows` … of `z`, and `weight` holds the sizes of `groupMean`.
 */
export const pairLosses = kernel({
  name: 'pairLosses',
  wgsl,
  uses: pairWgsl,
  params: { rows: 'u32', width: 'u32', points: 'u32', begin: 'u32', span: 'u32', prompts: 'u32', table: 'u32' },
  buffers: {
    hyper: 'read',
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
  reference(shape, { hyper, z, order, prompt, domain, anchor, weight, pairs }) {
    const { byPrompt, all, ...map } = contrastChoices(hyper);
    const { positives } = roles(order, shape.rows);
    const w = weightOf(shape, weight, z, map);
    const { rows, begin, span } = shape;
    const scale = anchor[4 * rows + 2];
    for (const i of order.subarray(begin, Math.min(begin + span, rows))) pairs.fill(0, 8 * i, 8 * i + 8);
    for (const i of positives.subarray(begin, begin + span)) {
      const lam = anchor[4 * i];
      const sums = new Float64Array(8);
      for (const j of positives) {
        if (j === i || (byPrompt && prompt[i] !== prompt[j])) continue;
        const cosine = dotRows(z, i, j, shape.width);
        const S = cosine * scale;
        const l = pairLoss(lam, S, all);
        const sig = pairSlope(lam, S, all);
        if (domain[i] === domain[j]) {
          sums[5] += l;
          sums[6] += sig;
          sums[7] += S;
        } else {
          const v = w(prompt[i], prompt[j]);
          sums[0] += v;
          sums[1] += v * l;
          sums[2] += v * sig;
          sums[3] += S;
          sums[4] += v * (1 - cosine);
        }
      }
      pairs.set(sums, 8 * i);
    }
  },
});
