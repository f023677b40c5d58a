import { describe, it } from 'vitest';
import { attention, attentionRows } from '../../src/kernels/attention';
import { attentionGradQuery } from '../../src/kernels/attentionGradQuery';
import { compareKernel, expectGradient, gpuBackend, normals, reference64 } from './harness';

describe('attentionGradQuery', () => {
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
      const forward = (run: number) =>
        reference64(attention, shape, {
          qkv: normals(rows * 3 * width, run),
          out: new Float64Array(rows * width),
          lse: new Float64Array(rows * heads),
        });
      await compareKernel(
        await gpuBackend(),
        attentionGradQuery,
        shape,
        {
          qkv: (run) => forward(run).qkv,
          out: (run) => forward(run).out,
          dout: rows * width,
          lse: (run) => forward(run).lse,
          dqkv: rows * 3 * width,
          delta: rows * heads,
        },
        { runs },
      );
    },
  );

  it('is the derivative of attention by the queries', () => {
    const shape = { prompts: 1, group: 2, promptLength: 3, responseLength: 2, width: 8, heads: 2 };
    const qkv = normals(7 * 24, 1);
    const dout = normals(7 * 8, 2);
    const forward = () => reference64(attention, shape, { qkv, out: new Float64Array(56), lse: new Float64Array(14) });
    const { out, lse } = forward();
    const { dqkv } = reference64(attentionGradQuery, shape, {
      qkv,
      out,
      dout,
      lse,
      dqkv: new Float64Array(7 * 24),
      delta: new Float64Array(14),
    });
    const loss = () => {
      const now = forward().out;
      return dout.reduce((sum, d, i) => sum + d * now[i], 0);
    };
    for (let row = 0; row < 7; row++)
      expectGradient(loss, qkv.subarray(row * 24, row * 24 + 8), dqkv.subarray(row * 24, row * 24 + 8), `dq[${row}]`);
  });
});
