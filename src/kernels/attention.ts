import wgsl from '../../shaders/attention.wgsl?raw';
import { kernel } from '../gpu/kernel';

/** Sizes of a mini-batch, M prompts of G rollouts, as attention sees it. */
export interface AttentionShape {
  prompts: number;
  group: number;
  promptLength: number;
  responseLength: number;
  width: number;
  heads: number;
}

/** Rows X of the mini-batch. */
export const attentionRows = (s: AttentionShape): number => s.prompts * (s.promptLength + s.group * s.responseLength);

/** Pairs (row, key) of one head. */
export function attentionPairs({ prompts, group, promptLength: Q, responseLength: T }: AttentionShape): number {
  return prompts * ((Q * (Q + 1)) / 2 + group * (T * Q + (T * (T + 1)) / 2));
}

/** Visits every row with the numbers of the rows that it attends to: [first, first + prefix) and (row − own, row]. */
export function forAttention(
  { prompts, group, promptLength, responseLength }: AttentionShape,
  visit: (row: number, first: number, prefix: number, own: number) => void,
): void {
  const perPrompt = promptLength + group * responseLength;
  for (let m = 0; m < prompts; m++)
    for (let inner = 0; inner < perPrompt; inner++) {
      const inPrompt = inner < promptLength;
      const prefix = inPrompt ? inner + 1 : promptLength;
      visit(m * perPrompt + inner, m * perPrompt, prefix, inPrompt ? 0 : ((inner - promptLength) % responseLength) + 1);
    }
}

/**
 * Causal self-attention over the rows of each prompt group: `qkv` [X, 3·width] → `out` [X, width], and `lse` [X, heads] for the
 * gradients. width / heads must be a multiple of 4.
 */
export const attention = kernel({
  name: 'attention',
  wgsl,
  params: { prompts: 'u32', group: 'u32', promptLength: 'u32', responseLength: 'u32', width: 'u32', heads: 'u32' },
  buffers: { qkv: 'read', out: 'read_write', lse: 'read_write' },
  grid: ({ prompts, heads }, runs) => [prompts, heads, runs],
  cost: (s) => ({ flops: 4 * attentionPairs(s) * s.width, bytes: 4 * attentionRows(s) * (4 * s.width + s.heads) }),
  reference(shape, { qkv, out, lse }) {
    const { width, heads, promptLength, responseLength } = shape;
    const d = width / heads;
    const p = new Float64Array(promptLength + responseLength);
    const sums = new Float64Array(d);
    forAttention(shape, (row, first, prefix, own) => {
      const count = prefix + own;
      for (let h = 0; h < heads; h++) {
        const query = row * 3 * width + h * d;
        let top = Number.NEGATIVE_INFINITY;
        for (let n = 0; n < count; n++) {
          const key = (n < prefix ? first + n : row + 1 - count + n) * 3 * width + width + h * d;
          let score = 0;
          for (let i = 0; i < d; i++) score += qkv[query + i] * qkv[key + i];
          p[n] = score / Math.sqrt(d);
          if (p[n] > top) top = p[n];
        }
        let sum = 0;
        for (let n = 0; n < count; n++) sum += p[n] = Math.exp(p[n] - top);
        sums.fill(0);
        for (let n = 0; n < count; n++) {
          const value = (n < prefix ? first + n : row + 1 - count + n) * 3 * width + 2 * width + h * d;
          for (let i = 0; i < d; i++) sums[i] += p[n] * qkv[value + i];
        }
        for (let i = 0; i < d; i++) out[row * width + h * d + i] = sums[i] / sum;
        lse[row * heads + h] = top + Math.log(sum);
      }
    });
  },
});
