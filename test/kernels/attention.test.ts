import { describe, it } from 'vitest';
import { attention, attentionRows } from '../../src/kernels/attention';
import { compareKernel, expectClose, gpuBackend, normals, reference64 } from './harness';

describe('attention', () => {
  it.each([
    [1, 1, 1, 1, 4, 1, 1],
    [3, 2, 5, 3, 24, 2, 3],
    [2, 8, 16, 12, 48, 4, 3],
    [1, 3, 7, 11, 80, 2, 1],
  ])(
    'prompts %i, group %i, lengths %i and %i, width %i, heads %i, runs %i',
    async (prompts, group, promptLength, responseLength, width, heads, runs) => {
      const shape = { prompts, group, promptLength, responseLength, width, heads };
      const rows = attentionRows(shape);
      await compareKernel(
        await gpuBackend(),
        attention,
        shape,
        { qkv: rows * 3 * width, out: rows * width, lse: rows * heads },
        { runs },
      );
    },
  );

  it('equals plain attention over each whole sequence', () => {
    const shape = { prompts: 2, group: 3, promptLength: 4, responseLength: 3, width: 8, heads: 2 };
    const rows = attentionRows(shape);
    const qkv = normals(rows * 24);
    const { out } = reference64(attention, shape, { qkv, out: new Float64Array(rows * 8), lse: new Float64Array(rows * 2) });
    for (let m = 0; m < 2; m++)
      for (let j = 0; j < 3; j++) {
        // The sequence of rollout j written out, attended to with one dense triangular mask.
        const at = Array.from({ length: 7 }, (_, s) => m * 13 + (s < 4 ? s : 4 + j * 3 + s - 4));
        for (let s = 0; s < 7; s++)
          for (let h = 0; h < 2; h++) {
            const part = (row: number, third: number) =>
              qkv.subarray(row * 24 + third * 8 + h * 4, row * 24 + third * 8 + h * 4 + 4);
            const q = part(at[s], 0);
            const weights = at.slice(0, s + 1).map((row) => Math.exp(part(row, 1).reduce((sum, k, i) => sum + k * q[i], 0) / 2));
            const total = weights.reduce((a, b) => a + b);
            const want = [0, 1, 2, 3].map((i) => weights.reduce((sum, w, n) => sum + (w / total) * part(at[n], 2)[i], 0));
            expectClose(out.subarray(at[s] * 8 + h * 4, at[s] * 8 + h * 4 + 4), want, `row ${at[s]}`, {
              atol: 1e-12,
              rtol: 1e-12,
            });
          }
      }
  });
});
