import { describe, expect, test } from 'vitest';
import { clipoPool } from '../../src/kernels/clipoPool';
import { compareKernel, gpuBackend, integers, normals, reference64 } from './harness';

const shape = (first: number, prompts: number, group: number, width: number) => ({
  first,
  prompts,
  group,
  promptLength: 5,
  responseLength: 7,
  width,
  totalPrompts: 6,
});
type Shape = ReturnType<typeof shape>;
const rows = (s: Shape) => s.prompts * (s.promptLength + s.group * s.responseLength);

describe('clipoPool', () => {
  test.each([
    [shape(0, 6, 3, 4), 1],
    [shape(4, 2, 1, 48), 3],
    [shape(3, 3, 5, 260), 2],
  ])('%j, %d runs', async (s, runs) => {
    const rollouts = s.totalPrompts * s.group;
    const inputs = {
      hidden: rows(s) * s.width,
      length: (run: number) => integers(rollouts, s.responseLength + 1, 3 + run),
      reward: (run: number) => integers(rollouts, 2, run + 1),
      h: rollouts * s.width,
      label: rollouts,
    };
    await compareKernel(await gpuBackend(), clipoPool, s, inputs, { runs, tolerance: { atol: 1e-6, rtol: 1e-6 } });
  });

  test('means the response of its rollout, marks empty ones and leaves other mini-batches alone', () => {
    const s = shape(2, 1, 2, 4);
    const hidden = normals(rows(s) * 4);
    const { h, label } = reference64(clipoPool, s, {
      hidden,
      length: Uint32Array.of(1, 1, 1, 1, 0, 2, 1, 1, 1, 1, 1, 1),
      reward: new Float64Array(12).fill(1),
      h: new Float64Array(48).fill(9),
      label: new Float64Array(12).fill(9),
    });
    expect([...label]).toEqual([9, 9, 9, 9, -1, 1, 9, 9, 9, 9, 9, 9]);
    expect([...h.subarray(16, 20)]).toEqual([0, 0, 0, 0]);
    for (let k = 0; k < 4; k++) expect(h[20 + k]).toBeCloseTo((hidden[12 * 4 + k] + hidden[13 * 4 + k]) / 2, 12);
    expect([...h].filter((_, i) => i < 16 || i >= 24).every((x) => x === 9)).toBe(true);
  });
});
