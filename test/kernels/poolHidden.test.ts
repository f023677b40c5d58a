import { describe, expect, test } from 'vitest';
import { HYPER, HYPER_SIZE } from '../../src/config/hyper';
import { poolHidden } from '../../src/kernels/poolHidden';
import { poolHiddenGrad } from '../../src/kernels/poolHiddenGrad';
import { STATE, STATE_SIZE } from '../../src/kernels/state';
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
const pool = (s: Shape) => s.prompts * s.group;
const rows = (s: Shape) => s.prompts * (s.promptLength + s.group * s.responseLength);
const lengths = (s: Shape) => (run: number) => integers(s.totalPrompts * s.group, 8, 3 + run);
const SHAPES: [Shape, number][] = [
  [shape(0, 6, 3, 4), 1],
  [shape(4, 2, 1, 48), 3],
  [shape(3, 3, 5, 260), 2],
];

describe('poolHidden', () => {
  test.each(SHAPES)('%j, %d runs', async (s, runs) => {
    const inputs = {
      hidden: rows(s) * s.width,
      length: lengths(s),
      reward: (run: number) => integers(s.totalPrompts * s.group, 2, run + 1),
      domain: [0, 0, 1, 2, 2, 4],
      h: pool(s) * s.width,
      poolReward: pool(s),
      poolPrompt: pool(s),
      poolDomain: pool(s),
    };
    await compareKernel(await gpuBackend(), poolHidden, s, inputs, { runs, tolerance: { atol: 1e-6, rtol: 1e-6 } });
  });

  test('an empty response leaves the pool', () => {
    const s = shape(0, 1, 2, 4);
    const out = reference64(poolHidden, s, {
      hidden: normals(rows(s) * 4),
      length: Uint32Array.of(0, 2, ...new Array(10).fill(1)),
      reward: new Float64Array(12).fill(1),
      domain: new Uint32Array(6),
      h: new Float64Array(8),
      poolReward: new Float64Array(2),
      poolPrompt: new Uint32Array(2),
      poolDomain: new Uint32Array(2),
    });
    expect([...out.poolReward]).toEqual([-1, 1]);
    expect([...out.h.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    expect(out.h[4]).toBeCloseTo((out.hidden[12 * 4] + out.hidden[13 * 4]) / 2, 12);
  });
});

describe('poolHiddenGrad', () => {
  const inputs = (s: Shape, update: number, warmup: number, backbone: number) => ({
    dh: pool(s) * s.width,
    length: lengths(s),
    hyper: (run: number) => {
      const hyper = new Float64Array(HYPER_SIZE);
      hyper[HYPER['contrast.warmup']] = warmup + run;
      hyper[HYPER['contrast.backbone']] = backbone;
      return hyper;
    },
    state: () => Uint32Array.from({ length: STATE_SIZE }, (_, i) => (i === STATE.update ? update : 0)),
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
      await compareKernel(gpu, poolHiddenGrad, s, inputs(s, update, warmup, backbone), {
        runs,
        tolerance: { atol: 1e-6, rtol: 1e-6 },
      });
  });

  test('is the transpose of the pooling', () => {
    const s = shape(2, 3, 2, 4);
    const length = integers(12, 8, 5);
    const x = normals(rows(s) * 4, 1);
    const dh = normals(pool(s) * 4, 2);
    const { h } = reference64(poolHidden, s, {
      hidden: x,
      length,
      reward: new Float64Array(12),
      domain: new Uint32Array(6),
      h: new Float64Array(pool(s) * 4),
      poolReward: new Float64Array(pool(s)),
      poolPrompt: new Uint32Array(pool(s)),
      poolDomain: new Uint32Array(pool(s)),
    });
    const { hyper, state } = inputs(s, 3, 3, 1);
    const { dfinal } = reference64(poolHiddenGrad, s, {
      dh,
      length,
      hyper: hyper(0),
      state: state(),
      dfinal: new Float64Array(rows(s) * 4),
    });
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, v, i) => sum + v * b[i], 0);
    expect(dot(dfinal, x)).toBeCloseTo(dot(dh, h), 10);
  });
});
