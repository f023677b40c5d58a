import { describe, it } from 'vitest';
import { attention, attentionRows } from '../../src/kernels/attention';
import { attentionGradKey } from '../../src/kernels/attentionGradKey';
import { attentionGradQuery } from '../../src/kernels/attentionGradQuery';
import { compareKernel, expectGradient, gpuBackend, normals, reference64 } from './harness';

/** All that attentionGradKey reads, from seeded qkv and dout. */
function prepared(shape: Parameters<typeof attentionRows>[0], seed: number) {
  const rows = attentionRows(shape);
  const { width, heads } = shape;
  const lse = new Float64Array(rows * heads);
  const data = reference64(
    attention,
    { ...shape },
    { qkv: normals(rows * 3 * width, seed), out: new Float64Array(rows * width), lse },
  );
  const dqkv = new Float64Array(rows * 3 * width);
  return reference64(
    attentionGradQuery,
    { ...shape },
    { ...data, dout: normals(rows * width, seed + 50), dqkv, delta: lse.slice() },
  );
}

describe('attentionGradKey', () => {
  it.each([
    [1, 1, 1, 1, 4, 1, 1],
    [3, 2, 5, 3, 24, 2, 3],
    [2, 8, 16, 12, 48, 4, 3],
    [1, 3, 7, 11, 80, 2, 1],
  ])(
    'prompts %i, group %i, lengths %i and %i, width %i, heads %i, runs %i',
    async (prompts, group, promptLength, responseLength, width, heads, runs) => {
      const shape = { prompts, group, promptLength, responseLength, width, heads };
      const data = Array.from({ length: runs }, (_, run) => prepared(shape, run));
      const of = (name: string) => (run: number) => data[run][name];
      await compareKernel(
        await gpuBackend(),
        attentionGradKey,
        shape,
        { qkv: of('qkv'), dout: of('dout'), lse: of('lse'), delta: of('delta'), dqkv: attentionRows(shape) * 3 * width },
        { runs, tolerance: { atol: 3e-5 } },
      );
    },
  );

  it('is the derivative of attention by keys and values', () => {
    const shape = { prompts: 1, group: 2, promptLength: 3, responseLength: 2, width: 8, heads: 2 };
    const { qkv, dout, lse, delta } = prepared(shape, 1);
    const { dqkv } = reference64(attentionGradKey, shape, { qkv, dout, lse, delta, dqkv: new Float64Array(7 * 24) });
    const loss = () => {
      const { out } = reference64(attention, shape, { qkv, out: new Float64Array(56), lse: new Float64Array(14) });
      let sum = 0;
      for (let i = 0; i < out.length; i++) sum += out[i] * dout[i];
      return sum;
    };
    const x = qkv as Float64Array;
    for (let row = 0; row < 7; row++)
      expectGradient(
        loss,
        x.subarray(row * 24 + 8, row * 24 + 24),
        dqkv.subarray(row * 24 + 8, row * 24 + 24),
        `dk, dv [${row}]`,
      );
  });
});
