import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { clipoLoss } from '../../src/kernels/clipoLoss';
import { clipo } from '../../src/math/clipo';
import { clipoBatch, KINDS, LEVELS, packSettings, pickOf, SHAPES, settingsOf, stateOf } from './clipoFixture';
import { compareKernel, expectClose, gpuBackend, reference64, runKernel } from './harness';

const backends = [
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
] as const;

describe.each(KINDS)('clipoLoss, %s, %s', (loss, level) => {
  test.each(SHAPES)('$prompts × $group, width $width, $runs runs', async (given) => {
    const { prompts, group, width, runs } = given;
    const rows = prompts * group;
    const inputs = {
      hyper: (run: number) => packSettings(settingsOf(loss, level, run)),
      state: stateOf,
      z: (run: number) => clipoBatch(given, run).z,
      norm: (run: number) => clipoBatch(given, run).norm,
      label: (run: number) => clipoBatch(given, run).label,
      anchor: 4 * rows,
      bonus: rows,
    };
    // Logits reach −40 and carry the rounding of a squared distance times 10.
    const tolerance = { atol: 1e-5, rtol: 1e-5 };
    await compareKernel(await gpuBackend(), clipoLoss, { prompts, group, width }, inputs, { runs, tolerance });
    for (let run = 0; run < runs; run++) {
      const { u, prompt, label, norm, z } = clipoBatch(given, run);
      const settings = settingsOf(loss, level, run);
      const want = clipo({ u, reward: Array.from(label), prompt }, settings, pickOf(run));
      const { anchor, bonus } = reference64(
        clipoLoss,
        { prompts, group, width },
        {
          hyper: packSettings(settings),
          state: stateOf(run),
          z,
          norm,
          label,
          anchor: new Float64Array(4 * rows),
          bonus: new Float64Array(rows),
        },
      );
      const exact = { atol: 1e-6, rtol: 1e-6 }; // of τ and λ stored as f32
      expectClose(bonus, want.reward, `run ${run} bonus`, exact);
      const losses = want.losses.map((l) => l ?? 0);
      expectClose(
        losses.map((_, i) => anchor[4 * i]),
        losses,
        `run ${run} losses`,
        exact,
      );
      expect(losses.flatMap((_, i) => (anchor[4 * i + 3] ? [i] : []))).toEqual(want.anchors);
      if (run === 0 && rows > 40 && given.correct === undefined) expect(want.anchors.length).toBeGreaterThan(10);
    }
  });
});

describe.each(backends)('clipoLoss on %s', (_, open) => {
  const run = async (label: number[], level: (typeof LEVELS)[number] = 'group') =>
    runKernel(
      await open(),
      clipoLoss,
      { prompts: 1, group: 4, width: 4 },
      {
        hyper: packSettings({ lambda: 0.2, tau: 0.05, clamp: 0.5, loss: 'infonce', level }),
        state: stateOf(0),
        z: [1, 0, 0, 0, 0.8, 0.6, 0, 0, 0.6, 0.8, 0, 0, 0, 1, 0, 0],
        norm: label.map((r) => Number(r >= 0)),
        label,
        anchor: 16,
        bonus: 4,
      },
    );

  test('gives the published worked example', async () => {
    const { anchor, bonus } = await run([1, 1, 0, 0]);
    expectClose([anchor[0], anchor[4]], [0.01815, 3.2406704], 'losses', { atol: 2e-6, rtol: 1e-6 });
    expectClose(bonus, [-0.00363, -0.5, 0, 0], 'rewards', { atol: 5e-7, rtol: 0 });
  });

  test.each([
    ['one correct rollout', [1, 0, 0, 0]],
    ['no correct rollout', [0, 0, 0, 0]],
    ['no wrong rollout', [1, 1, 1, 1]],
    ['no second usable correct rollout', [1, -1, 0, 0]],
    ['no usable wrong rollout', [1, 1, -1, -1]],
  ])('gives no reward with %s', async (__, label) => {
    for (const level of LEVELS) {
      const { anchor, bonus } = await run(label, level);
      expect([...bonus, ...anchor].every((x) => x === 0)).toBe(true);
    }
  });
});
