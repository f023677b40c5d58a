import { describe, expect, test } from 'vitest';
import { slices } from '../../src/engine/contrast';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { STATS_SIZE } from '../../src/kernels/metrics';
import type { ContrastSwitches } from '../../src/math/contrast';
import { type Case, contrastPlan, poolInputs } from '../kernels/contrastPool';
import { gpuBackend } from '../kernels/harness';
import { executeStep, expectDefinition } from './contrastChecks';

const backends = [
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
] as const;

const given: Case = {
  title: '',
  shape: { pool: 150, prompts: 20, width: 36, domains: 5 },
  runs: 3,
  correct: 0.5,
  missing: 0.05,
};
const inputsOf = (c: Case) => Array.from({ length: c.runs }, (_, run) => poolInputs(c, run));

/** Every combination of the open choices that lie within the objective. */
const ALL: ContrastSwitches[] = (['pool', 'prompt'] as const).flatMap((scope) =>
  (['cosine', 'half', 'raw'] as const).flatMap((weightMap) =>
    [false, true].flatMap((weightGradient) =>
      (['negatives', 'all'] as const).flatMap((denominator) =>
        (['global', 'anchor'] as const).flatMap((normalizer) =>
          (['coefficients', 'convex'] as const).map((mixing) => ({
            scope,
            weightMap,
            weightGradient,
            denominator,
            normalizer,
            mixing,
          })),
        ),
      ),
    ),
  ),
);

test('short dispatches give the bits of long ones', async () => {
  const names = ['contrast.du', 'contrast.pairs', 'contrast.anchor'];
  const choices = [{}, { denominator: 'all', weightGradient: true }, { scope: 'prompt' }] as const;
  const sizes = { ...given, choices };
  const gpu = await gpuBackend();
  const whole = await executeStep(gpu, sizes, inputsOf(sizes), names);
  const cut = await executeStep(gpu, sizes, inputsOf(sizes), names, {}, (plan) => slices(plan, 1));
  expect(slices(contrastPlan(given).plan, 1).length).toBeGreaterThan(25);
  whole.forEach((data, i) => expect(cut[i], names[i]).toEqual(data));
});

describe.each(backends)('on %s', (_, open) => {
  test('every run of a fleet has the loss and λ times the gradient of the definition', async () => {
    const inputs = inputsOf(given);
    const [du, stats] = await executeStep(await open(), given, inputs, ['contrast.du', 'stats']);
    for (let run = 0; run < given.runs; run++) expectDefinition(given, inputs[run], {}, { du, stats, run });
  });

  test.each([
    ['with a table of weights', {}],
    ['with weights made in every pass', { table: false }],
  ])('a fleet of all combinations of the open choices has theirs, %s', async (_title, table) => {
    const shape = { pool: 67, prompts: 11, width: 12, domains: 3, ...table };
    const sizes: Case = { title: '', shape, runs: ALL.length, correct: 0.5, missing: 0.05, choices: ALL };
    const inputs = inputsOf(sizes);
    const [du, stats] = await executeStep(await open(), sizes, inputs, ['contrast.du', 'stats']);
    ALL.forEach((switches, run) => void expectDefinition(sizes, inputs[run], switches, { du, stats, run }));
  });

  test('a run without the gradient through the weights is the same, bit for bit, alone and beside runs with it', async () => {
    const choices: Partial<ContrastSwitches>[] = [{ weightGradient: true }, {}, { weightGradient: true, weightMap: 'half' }];
    const sizes = { ...given, choices };
    const inputs = inputsOf(sizes);
    const [du, stats] = await executeStep(await open(), sizes, inputs, ['contrast.du', 'stats']);
    const alone = { ...given, runs: 1 };
    for (const [run, through] of [
      [1, false],
      [2, true],
    ] as const) {
      const [du1, stats1] = await executeStep(await open(), alone, [inputs[run]], ['contrast.du', 'stats'], {
        throughWeights: through,
      });
      expect(du.slice(run * du1.length, (run + 1) * du1.length)).toEqual(du1);
      expect(stats.slice(run * STATS_SIZE, (run + 1) * STATS_SIZE)).toEqual(stats1);
    }
  });
});
