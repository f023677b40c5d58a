import wgsl from '../../shaders/logSumExpNegatives.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { dotRows, NO_NEGATIVES, pairWgsl, roles } from './pairs';

/**
 * Λ_i = log Σ_{k ∈ N⁻} exp S_ik for each anchor i: the incorrect rollouts in the denominators of (9) and (10).
 * `anchor` row: (Λ_i, 0, Σ_k S_ik, 0); Λ = −1e30 without negatives; zeros for rows that are no anchors; then one row (0, 0, 1/τ, 0).
 * Positions begin … begin + span of `order` are done, so that a large pool can be cut into short dispatches.
 */
export const logSumExpNegatives = kernel({
  name: 'logSumExpNegatives',
  wgsl,
  uses: [hyperWgsl, ...pairWgsl],
  params: { rows: 'u32', width: 'u32', points: 'u32', begin: 'u32', span: 'u32' },
  buffers: { hyper: 'read', z: 'read', order: 'read', anchor: 'read_write' },
  grid: ({ span }, runs) => [Math.ceil(span / 16), 1, runs],
  /** With half of the rows correct. */
  cost: ({ rows, span, width }) => ({ flops: (span * rows * width) / 2, bytes: 4 * rows * (width + 5) }),
  reference({ rows, width, begin, span }, { hyper, z, order, anchor }) {
    const tau = hyper[HYPER['contrast.tau']];
    const { positives, negatives } = roles(order, rows);
    for (const i of order.subarray(begin, Math.min(begin + span, rows))) anchor.fill(0, 4 * i, 4 * i + 4);
    if (begin === 0) anchor.set([0, 0, 1 / tau, 0], 4 * rows);
    const S = new Float64Array(negatives.length);
    for (let at = begin; at < Math.min(begin + span, positives.length); at++) {
      const i = positives[at];
      let most = NO_NEGATIVES;
      let sum = 0;
      let mass = 0;
      negatives.forEach((k, to) => {
        S[to] = dotRows(z, i, k, width) / tau;
        most = Math.max(most, S[to]);
        sum += S[to];
      });
      for (const s of S) mass += Math.exp(s - most);
      anchor[4 * i] = negatives.length ? most + Math.log(mass) : NO_NEGATIVES;
      anchor[4 * i + 2] = sum;
    }
  },
});
