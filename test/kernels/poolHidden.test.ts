import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { poolHidden } from '../../src/kernels/poolHidden';
import { poolHiddenGrad } from '../../src/kernels/poolHiddenGrad';
import { STATE, STATE_SIZE } from '../../src/kernels/state';
import { compareKernel, gpuBackend, integers, normals, reference64, runKernel } from './harness';
import { hyperWith } from './poolSettings';

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
const pool = (s: Shape) => s.prompts * s.group;
const rows = (s: Shape) => s.prompts * (s.promptLength + s.group * s.responseLength);
const lengths = (s: Shape) => (run: number) => integers(s.totalPrompts * s.group, 8, 3 + run);
const SHAPES: [Shape, number][] = [
  [shape(0, 6, 3, 4), 1],
  [shape(4, 2, 1, 48), 3],
  [shape(3, 3, 5, 260), 2],
];
const CHOICES = (['mean', 'last'] as const).flatMap((pooling) =>
  (['after', 'before'] as const).map((position) => ({ pooling, position })),
);
const stateAt = (update: number) => Uint32Array.from({ length: STATE_SIZE }, (_, i) => (i === STATE.update ? update : 0));

describe.each(CHOICES)('poolHidden, $pooling, $position', (choice) => {
  test.each(SHAPES)('%j, %d runs', async (s, runs) => {
    const inputs = {
      hyper: () => hyperWith(choice),
      hidden: rows(s) * s.width,
      length: lengths(s),
      h: pool(s) * s.width,
    };
    await compareKernel(await gpuBackend(), poolHidden, s, inputs, { runs, tolerance: { atol: 1e-6, rtol: 1e-6 } });
  });
});

test.each([
  // Rows of the second prompt: 19 … 23 its question, 24 … 30 and 31 … 37 its responses, of 3 and 1 tokens.
  [{ pooling: 'mean', position: 'after' }, [24, 25, 26], [31]],
  [{ pooling: 'mean', position: 'before' }, [23, 24, 25], [23]],
  [{ pooling: 'last', position: 'after' }, [26], [31]],
  [{ pooling: 'last', position: 'before' }, [25], [23]],
] as const)('%j pools rows %j and %j', async (choice, first, second) => {
  const s = shape(0, 2, 2, 4);
  const hidden = Float64Array.from({ length: rows(s) * 4 }, (_, at) => Math.floor(at / 4) ** 2);
  const length = [2, 0, 3, 1, 9, 9, 9, 9, 9, 9, 9, 9];
  const mean = (list: readonly number[]) => list.reduce((sum, r) => sum + r ** 2, 0) / list.length;
  for (const backend of [await gpuBackend(), cpuBackend()]) {
    const { h } = await runKernel(backend, poolHidden, s, { hyper: hyperWith(choice), hidden, length, h: pool(s) * 4 });
    expect(Array.from(h.subarray(4, 8))).toEqual([0, 0, 0, 0]); // an empty response
    for (const [at, want] of [
      [8, mean(first)],
      [12, mean(second)],
    ])
      expect(Math.abs(h[at] / want - 1)).toBeLessThan(1e-6);
  }
});

describe('poolHiddenGrad', () => {
  const inputs = (s: Shape, update: number, fields: Record<string, number | string>) => ({
    dh: pool(s) * s.width,
    length: lengths(s),
    hyper: (run: number) => hyperWith({ ...fields, warmup: Number(fields.warmup) + run }),
    state: () => stateAt(update),
    dfinal: rows(s) * s.width,
  });

  test.each(SHAPES)('%j, %d runs', async (s, runs) => {
    const gpu = await gpuBackend();
    // Run 0 is past its warm-up, later runs are not.
    for (const [update, warmup, backbone] of [
      [3, 3, 1],
      [2, 3, 1],
      [3, 3, 0],
    ])
      await compareKernel(gpu, poolHiddenGrad, s, inputs(s, update, { warmup, backbone }), {
        runs,
        tolerance: { atol: 1e-6, rtol: 1e-6 },
      });
  });

  test.each(CHOICES)('%j', async (choice) => {
    for (const [s, runs] of SHAPES)
      await compareKernel(await gpuBackend(), poolHiddenGrad, s, inputs(s, 9, { ...choice, warmup: 3, backbone: 1 }), {
        runs,
        tolerance: { atol: 1e-6, rtol: 1e-6 },
      });
  });

  test.each(CHOICES)('is the transpose of the pooling, %j', (choice) => {
    const s = shape(2, 3, 2, 4);
    const length = integers(12, 8, 5);
    const x = normals(rows(s) * 4, 1);
    const dh = normals(pool(s) * 4, 2);
    const hyper = hyperWith({ ...choice, warmup: 3, backbone: 1 });
    const { h } = reference64(poolHidden, s, { hyper, hidden: x, length, h: new Float64Array(pool(s) * 4) });
    const { dfinal } = reference64(poolHiddenGrad, s, {
      dh,
      length,
      hyper,
      state: stateAt(3),
      dfinal: new Float64Array(rows(s) * 4),
    });
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, v, i) => sum + v * b[i], 0);
    expect(dot(dfinal, x)).toBeCloseTo(dot(dh, h), 10);
  });
});
