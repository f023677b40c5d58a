import wgsl from '../../shaders/logSumExpNegatives.wgsl?raw';
import { HYPER } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { contrastChoices, dotRows, NO_RIVALS, pairWgsl, roles } from './pairs';

/**
 * Λ_i = log E_i = log Σ_k exp S_ik over the rivals k of each anchor i: the incorrect rollouts N⁻, or all other rollouts
 * (contrast.denominator), of its prompt only with contrast.scope prompt; none without an incorrect rollout in that scope.
 * `anchor` row: (Λ_i, rivals, Σ S_ik over its incorrect rollouts, their number); Λ = −1e30 without rivals; zeros for rows that are no
 * anchors; then one row (0, 0, 1/τ, 0). Positions begin … begin + span of `order` are done, so that a large pool can be cut into short
 * dispatches.
 */
export const logSumExpNegatives = kernel({
  name: 'logSumExpNegatives',
  wgsl,
  uses: pairWgsl,
  params: { rows: 'u32', width: 'u32', points: 'u32', begin: 'u32', span: 'u32' },
  buffers: { hyper: 'read', z: 'read', order: 'read', prompt: 'read', anchor: 'read_write' },
  grid: ({ span }, runs) => [Math.ceil(span / 16), 1, runs],
  /** With half of the rows correct. */
  cost: ({ rows, span, width }) => ({ flops: (span * rows * width) / 2, bytes: 4 * rows * (width + 5) }),
  reference({ rows, width, begin, span }, { hyper, z, order, prompt, anchor }) {
    const tau = hyper[HYPER['contrast.tau']];
    const { byPrompt, all } = contrastChoices(hyper);
    const { positives, negatives } = roles(order, rows);
    const columns = all ? order.subarray(0, positives.length + negatives.length) : negatives;
    for (const i of order.subarray(begin, Math.min(begin + span, rows))) anchor.fill(0, 4 * i, 4 * i + 4);
    if (begin === 0) anchor.set([0, 0, 1 / tau, 0], 4 * rows);
    const S = new Float64Array(columns.length);
    for (const i of positives.subarray(begin, begin + span)) {
      let rivals = 0;
      let most = NO_RIVALS;
      let sum = 0;
      let wrongs = 0;
      columns.forEach((k, to) => {
        if (k === i || (byPrompt && prompt[k] !== prompt[i])) return;
        const s = dotRows(z, i, k, width) / tau;
        S[rivals++] = s;
        most = Math.max(most, s);
        if (all && to < positives.length) return;
        sum += s;
        wrongs++;
      });
      let mass = 0;
      for (let k = 0; k < rivals; k++) mass += Math.exp(S[k] - most);
      anchor.set(wrongs ? [most + Math.log(mass), rivals, sum, wrongs] : [NO_RIVALS, 0, 0, 0], 4 * i);
    }
  },
});
