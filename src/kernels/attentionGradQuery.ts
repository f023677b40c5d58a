import wgsl from '../../shaders/attentionGradQuery.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { attentionPairs, attentionRows, forAttention } from './attention';

/** Gradient of `attention` with respect to the queries: writes their third of `dqkv`, and `delta` for `attentionGradKey`. */
export const attentionGradQuery = kernel({
  name: 'attentionGradQuery',
  wgsl,
  params: { prompts: 'u32', group: 'u32', promptLength: 'u32', responseLength: 'u32', width: 'u32', heads: 'u32' },
  buffers: { qkv: 'read', out: 'read', dout: 'read', lse: 'read', dqkv: 'read_write', delta: 'read_write' },
  grid: ({ prompts, heads }, runs) => [prompts, heads, runs],
  cost: (s) => ({ flops: 6 * attentionPairs(s) * s.width, bytes: 4 * attentionRows(s) * (6 * s.width + 2 * s.heads) }),
  reference(shape, { qkv, out, dout, lse, dqkv, delta }) {
    const { width, heads } = shape;
    const d = width / heads;
    const scale = 1 / Math.sqrt(d);
    const dq = new Float64Array(d);
    forAttention(shape, (row, first, prefix, own) => {
      const count = prefix + own;
      for (let h = 0; h < heads; h++) {
        const query = row * 3 * width + h * d;
        const up = row * width + h * d;
        let along = 0;
        for (let i = 0; i < d; i++) along += dout[up + i] * out[up + i];
        delta[row * heads + h] = along;
        dq.fill(0);
        for (let n = 0; n < count; n++) {
          const key = (n < prefix ? first + n : row + 1 - count + n) * 3 * width + width + h * d;
          let score = 0;
          let dp = 0;
          for (let i = 0; i < d; i++) {
            score += qkv[query + i] * qkv[key + i];
            dp += dout[up + i] * qkv[key + width + i];
          }
          const ds = Math.exp(score * scale - lse[row * heads + h]) * (dp - along) * scale;
          for (let i = 0; i < d; i++) dq[i] += ds * qkv[key + i];
        }
        dqkv.set(dq, query);
      }
    });
  },
});
