import wgsl from '../../shaders/attentionGradKey.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { attentionPairs, attentionRows, forAttention } from './attention';

/** Gradient of `attention` with respect to keys and values: gathers them over the rows that attend to each, into `dqkv`. */
export const attentionGradKey = kernel({
  name: 'attentionGradKey',
  wgsl,
  params: { prompts: 'u32', group: 'u32', promptLength: 'u32', responseLength: 'u32', width: 'u32', heads: 'u32' },
  buffers: { qkv: 'read', dout: 'read', lse: 'read', delta: 'read', dqkv: 'read_write' },
  grid: ({ prompts, heads }, runs) => [prompts, heads, runs],
  cost: (s) => ({ flops: 8 * attentionPairs(s) * s.width, bytes: 4 * attentionRows(s) * (6 * s.width + 2 * s.heads) }),
  reference(shape, { qkv, dout, lse, delta, dqkv }) {
    const { width, heads } = shape;
    const d = width / heads;
    const scale = 1 / Math.sqrt(d);
    const sums = new Float64Array(dqkv.length);
    forAttention(shape, (row, first, prefix, own) => {
      const count = prefix + own;
      for (let h = 0; h < heads; h++) {
        const query = row * 3 * width + h * d;
        const up = row * width + h * d;
        for (let n = 0; n < count; n++) {
          const key = (n < prefix ? first + n : row + 1 - count + n) * 3 * width + width + h * d;
          let score = 0;
          let dp = 0;
          for (let i = 0; i < d; i++) {
            score += qkv[query + i] * qkv[key + i];
            dp += dout[up + i] * qkv[key + width + i];
          }
          const p = Math.exp(score * scale - lse[row * heads + h]);
          const ds = p * (dp - delta[row * heads + h]) * scale;
          for (let i = 0; i < d; i++) {
            sums[key + i] += ds * qkv[query + i];
            sums[key + width + i] += p * dout[up + i];
          }
        }
      }
    });
    for (let row = 0; row < attentionRows(shape); row++)
      dqkv.set(sums.subarray(row * 3 * width + width, (row + 1) * 3 * width), row * 3 * width + width);
  },
});
