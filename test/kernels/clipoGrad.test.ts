import { describe, expect, test } from 'vitest';
import { clipoGrad } from '../../src/kernels/clipoGrad';
import { clipoLoss } from '../../src/kernels/clipoLoss';
import { normalizeRowsGrad } from '../../src/kernels/normalizeRowsGrad';
import { clipo } from '../../src/math/clipo';
import { type ClipoCase, clipoBatch, KINDS, packSettings, pickOf, SHAPES, settingsOf, stateOf, statsOf } from './clipoFixture';
import { compareKernel, expectClose, expectGradient, gpuBackend, reference64 } from './harness';

/** What `clipoLoss` leaves of one run, in float64. */
function losses(given: ClipoCase, kind: (typeof KINDS)[number], run: number, z = clipoBatch(given, run).z) {
  const { prompts, group, width } = given;
  const { norm, label } = clipoBatch(given, run);
  const hyper = packSettings(settingsOf(...kind, run));
  const rows = prompts * group;
  const { anchor } = reference64(
    clipoLoss,
    { prompts, group, width },
    { hyper, state: stateOf(run), z, norm, label, anchor: new Float64Array(4 * rows), bonus: new Float64Array(rows) },
  );
  const count = anchor.filter((_, i) => i % 4 === 3 && anchor[i] > 0).length;
  const mean = Array.from(anchor).reduce((sum, x, i) => sum + (i % 4 === 0 ? x : 0), 0) / Math.max(count, 1);
  return { hyper, z, norm, label, anchor, count, mean };
}

describe.each(KINDS)('clipoGrad, %s, %s', (...kind) => {
  test.each(SHAPES)('$prompts × $group, width $width, $runs runs', async (given) => {
    const { prompts, group, width, runs } = given;
    const rows = prompts * group;
    const sizes = { prompts, group, width };
    const made = Array.from({ length: runs }, (_, run) => losses(given, kind, run));
    const inputs = {
      hyper: (run: number) => made[run].hyper,
      z: (run: number) => made[run].z,
      norm: (run: number) => made[run].norm,
      label: (run: number) => made[run].label,
      anchor: (run: number) => made[run].anchor,
      stats: (run: number) => statsOf(made[run].count),
      dz: rows * width,
    };
    // Coefficients are exponentials of logits up to 40 apart, dz is their sum over τ = 0.05.
    await compareKernel(await gpuBackend(), clipoGrad, sizes, inputs, { runs, tolerance: { atol: 2e-6, rtol: 2e-5 } });
    for (let run = 0; run < runs; run++) {
      const { hyper, z, norm, label, anchor, count } = made[run];
      const { dz } = reference64(clipoGrad, sizes, {
        hyper,
        z,
        norm,
        label,
        anchor,
        stats: statsOf(count),
        dz: new Float64Array(rows * width),
      });
      const { du } = reference64(
        normalizeRowsGrad,
        { rows, width, points: rows, weighted: 0 },
        { hyper, z, norm, dz, du: new Float64Array(rows * width) },
      );
      const { u, prompt } = clipoBatch(given, run);
      const want = clipo({ u, reward: Array.from(label), prompt }, settingsOf(...kind, run), pickOf(run));
      expect(count).toBe(want.anchors.length);
      expectClose(du, want.du.flat(), `run ${run} du`, { atol: 1e-7, rtol: 1e-5 }); // τ is stored as f32
    }
  });

  test('has the gradient of central differences', () => {
    const given = { prompts: 4, group: 5, width: 8, runs: 1 };
    const { hyper, z, norm, label, anchor, count } = losses(given, kind, 0);
    const { dz } = reference64(
      clipoGrad,
      { prompts: 4, group: 5, width: 8 },
      { hyper, z, norm, label, anchor, stats: statsOf(count), dz: new Float64Array(z.length) },
    );
    expect(count).toBeGreaterThan(3);
    expectGradient(() => losses(given, kind, 0, z).mean, z, dz, 'dz', { step: 1e-6, rtol: 1e-5, atol: 1e-6, samples: z.length });
  });
});
