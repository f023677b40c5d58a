import wgsl from '../../shaders/advantage.wgsl?raw';
import overlongLib from '../../shaders/lib/overlong.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';

const EPSILON = 1e-6;

/** Overlong soft punishment R_len of a response of `length` tokens (DAPO): 0 up to limit − buffer, then linear to −factor at the limit. */
export const overlong = (length: number, limit: number, buffer: number, factor: number): number =>
  buffer > 0 ? Math.min((-(length - (limit - buffer)) / buffer) * factor, 0) : 0;

/**
 * Scores s = reward + overlong punishment + `bonus` (CLIPO's contrastive reward) and their group-relative advantages (2): unbiased
 * deviation plus 1e-6; 0 for a group of equal scores; s / (1 + 1e-6) when G = 1.
 */
export const advantage = kernel({
  name: 'advantage',
  wgsl,
  uses: [hyperWgsl, overlongLib],
  params: { prompts: 'u32', group: 'u32', responseLength: 'u32' },
  buffers: { reward: 'read', length: 'read', bonus: 'read', hyper: 'read', score: 'read_write', advantages: 'read_write' },
  grid: ({ prompts }, runs) => [Math.ceil(prompts / 64), 1, runs],
  cost: ({ prompts, group }) => ({ flops: 11 * prompts * group, bytes: 20 * prompts * group }),
  reference({ prompts, group, responseLength }, { reward, length, bonus, hyper, score, advantages }) {
    const normalize = hyper[HYPER['objective.normalizeStd']] > 0.5;
    const buffer = hyper[HYPER['reward.overlongBuffer']];
    const factor = hyper[HYPER['reward.overlongFactor']];
    for (let p = 0; p < prompts; p++) {
      const scores = Array.from({ length: group }, (_, j) => {
        const i = p * group + j;
        return reward[i] + overlong(length[i], responseLength, buffer, factor) + bonus[i];
      });
      const mean = group === 1 ? 0 : scores.reduce((sum, r) => sum + r, 0) / group;
      const squares = scores.reduce((sum, r) => sum + (r - mean) ** 2, 0);
      const deviation = group === 1 ? 1 : Math.sqrt(squares / (group - 1));
      const equal = group > 1 && scores.every((r) => r === scores[0]);
      scores.forEach((s, j) => {
        score[p * group + j] = s;
        advantages[p * group + j] = equal ? 0 : (s - mean) / (normalize ? deviation + EPSILON : 1);
      });
    }
  },
});
