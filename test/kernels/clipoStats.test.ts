import { expect, test } from 'vitest';
import { HYPER, HYPER_SIZE } from '../../src/config/hyper';
import { clipoStats } from '../../src/kernels/clipoStats';
import { STATS_SIZE, statOf } from '../../src/kernels/metrics';
import { compareKernel, gpuBackend, integers, normals, reference64 } from './harness';

/** The second run has no λ_c. */
const hyper = (run: number) => {
  const out = new Float64Array(HYPER_SIZE);
  out[HYPER['clipo.lambda']] = run === 1 ? 0 : 0.2;
  return out;
};
const anchors = (rows: number, run: number) => {
  const flag = integers(rows, 2, run + 7);
  return normals(4 * rows, run + 1).map((x, i) => (i % 4 === 3 ? flag[Math.floor(i / 4)] : x * flag[Math.floor(i / 4)]));
};

test.each([
  [1, 1],
  [63, 1],
  [64, 3],
  [65, 2],
  [1009, 2],
])('%d rollouts, %d runs', async (rows, runs) => {
  const inputs = {
    hyper,
    label: (run: number) => Float64Array.from(integers(rows, 3, run + 3), (x) => x - 1),
    anchor: (run: number) => anchors(rows, run),
    bonus: (run: number) => normals(rows, run + 11),
    stats: STATS_SIZE,
  };
  await compareKernel(await gpuBackend(), clipoStats, { rows }, inputs, { runs, tolerance: { atol: 1e-5, rtol: 1e-5 } });
});

test('divides the loss by the anchors, the reward by the rollouts, and has no data without λ_c', () => {
  const run = (at: number) => {
    const { stats } = reference64(
      clipoStats,
      { rows: 4 },
      {
        hyper: hyper(at),
        label: Float64Array.of(1, 1, -1, 0),
        anchor: at ? new Float64Array(16) : Float64Array.of(0.5, 3, 2, 1, 1.5, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        bonus: at ? new Float64Array(4) : Float64Array.of(-0.1, -0.3, 0, 0),
        stats: new Float64Array(STATS_SIZE).fill(5),
      },
    );
    return (['clipo/loss', 'clipo/reward', 'clipo/anchors'] as const).map((m) => [...stats.subarray(statOf(m), statOf(m) + 2)]);
  };
  expect(run(0)).toEqual([
    [2, 2],
    [-0.4, 3],
    [2, 3],
  ]);
  expect(run(1)).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});
