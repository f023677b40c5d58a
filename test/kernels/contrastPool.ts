import { describe, test } from 'vitest';
import { choiceIndex, HYPER, HYPER_SIZE } from '../../src/config/hyper';
import { addContrast, type ContrastOptions, type ContrastShape, contrastResources } from '../../src/engine/contrast';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import type { Data, Kernel } from '../../src/gpu/kernel';
import { Layout, PlanBuilder } from '../../src/gpu/plan';
import type { ContrastSwitches } from '../../src/math/contrast';
import { Random } from '../../src/math/random';
import { compareKernel, gpuBackend, type Tolerance } from './harness';

/** Pools on which the contrastive kernels are tried: awkward sizes, ragged groups, missing roles, rows without an embedding. */
export interface Case {
  title: string;
  shape: ContrastShape;
  runs: number;
  /** Chance that a rollout is correct. */
  correct: number;
  /** Chance that a rollout has no embedding. */
  missing?: number;
  /** Open choices of each run; the last stands for all that follow. None: as recommended. */
  choices?: readonly Partial<ContrastSwitches>[];
}

const shape = (pool: number, prompts: number, width: number, domains: number): ContrastShape => ({
  pool,
  prompts,
  width,
  domains,
});

export const CASES: readonly Case[] = [
  { title: 'one rollout', shape: shape(1, 1, 4, 1), runs: 1, correct: 1 },
  { title: '63 rollouts', shape: shape(63, 9, 12, 3), runs: 3, correct: 0.5 },
  { title: '64 rollouts', shape: shape(64, 8, 64, 5), runs: 1, correct: 0.6, missing: 0.1 },
  { title: '65 rollouts', shape: shape(65, 65, 68, 16), runs: 1, correct: 0.3 },
  { title: '97 rollouts in ragged groups', shape: shape(97, 11, 132, 4), runs: 3, correct: 0.5, missing: 0.05 },
  { title: '200 rollouts, wide', shape: shape(200, 25, 260, 5), runs: 1, correct: 0.5 },
  { title: 'no correct rollout', shape: shape(40, 5, 8, 2), runs: 1, correct: 0 },
  { title: 'no wrong rollout', shape: shape(40, 5, 8, 2), runs: 1, correct: 1 },
  { title: 'no embedding', shape: shape(20, 5, 8, 2), runs: 1, correct: 0.5, missing: 1 },
  { title: 'no table', shape: { ...shape(130, 70, 8, 3), table: false }, runs: 1, correct: 0.5 },
  {
    title: 'each scope, all rivals',
    shape: shape(97, 23, 68, 4),
    runs: 3,
    correct: 0.5,
    missing: 0.05,
    choices: [{ scope: 'prompt' }, { denominator: 'all' }, { scope: 'prompt', denominator: 'all' }],
  },
  {
    title: 'per anchor, convex',
    shape: shape(63, 9, 12, 3),
    runs: 3,
    correct: 0.4,
    choices: [
      { normalizer: 'anchor' },
      { scope: 'prompt', normalizer: 'anchor', mixing: 'convex' },
      { normalizer: 'anchor', denominator: 'all', weightMap: 'raw', weightGradient: true },
    ],
  },
  {
    title: 'through each weight map',
    shape: shape(129, 17, 260, 5),
    runs: 3,
    correct: 0.6,
    missing: 0.05,
    choices: [
      { weightMap: 'half', weightGradient: true },
      { weightMap: 'raw', weightGradient: true },
      { weightGradient: true, denominator: 'all' },
    ],
  },
  {
    title: 'each weight map without a table',
    shape: { ...shape(130, 67, 8, 3), table: false },
    runs: 3,
    correct: 0.5,
    choices: [{ weightMap: 'half', weightGradient: true }, { weightMap: 'raw' }, { weightGradient: true }],
  },
  {
    title: 'alone in every prompt, no wrong rollout in most',
    shape: shape(31, 31, 8, 3),
    runs: 2,
    correct: 0.9,
    choices: [
      { scope: 'prompt', denominator: 'all', normalizer: 'anchor' },
      { normalizer: 'anchor', weightGradient: true },
    ],
  },
];

/** The input resources of one run; τ, β, γ and λ differ from run to run. */
export function poolInputs(
  { shape: { pool, prompts, width, domains }, correct, missing = 0, choices = [{}] }: Case,
  run: number,
): Record<string, Data> {
  const random = new Random(17 + run, 5, pool);
  const hyper = new Float32Array(HYPER_SIZE);
  hyper[HYPER['contrast.tau']] = 0.1 + 0.15 * run;
  hyper[HYPER['contrast.beta']] = 0.5 + run;
  hyper[HYPER['contrast.gamma']] = 0.5;
  hyper[HYPER['contrast.lambda']] = 0.1 * (1 + run);
  setChoices(hyper, choices[Math.min(run, choices.length - 1)]);
  // Ragged, ascending: squares are denser at the start.
  const prompt = Uint32Array.from({ length: pool }, (_, i) => Math.min(prompts - 1, Math.floor((i / pool) ** 2 * prompts)));
  return {
    hyper,
    'contrast.u': Float32Array.from({ length: pool * width }, () => random.normal() + 0.3),
    'contrast.reward': Float32Array.from({ length: pool }, () =>
      random.unit() < missing ? -1 : random.unit() < correct ? 1 : 0,
    ),
    'contrast.prompt': prompt,
    'contrast.domain': prompt.map((p) => Math.floor((p * domains) / prompts)),
  };
}

/** Writes open choices into one run's `hyper`. */
export function setChoices(hyper: Data, choices: Partial<ContrastSwitches>): void {
  for (const [name, value] of Object.entries(choices)) {
    const path = `contrast.${name}`;
    hyper[HYPER[path]] = typeof value === 'boolean' ? Number(value) : choiceIndex(path, value);
  }
}

/** The whole contrastive step, with all that it can make unless told otherwise. */
export function contrastPlan(
  { shape: sizes, runs }: Case,
  { throughWeights = true, spread = true }: Partial<ContrastOptions> = {},
) {
  const layout = new Layout(runs);
  const options = { gradients: true, weighted: true, throughWeights, spread };
  contrastResources(layout, sizes, options);
  const builder = new PlanBuilder('contrast', layout);
  addContrast(builder, sizes, options);
  return { layout, plan: builder.build() };
}

/** Compares `kernel` on the GPU and the CPU, in every case, on what the CPU's kernels before it in the plan leave. */
export function testInPlan(kernel: Kernel, tolerance: Tolerance): void {
  describe(kernel.name, () => {
    test.each(CASES)('$title', async (given) => {
      const { layout, plan } = contrastPlan(given);
      const at = plan.dispatches.flatMap((d, i) => (d.kernel === kernel ? [i] : []));
      for (const index of at) {
        const memory = await cpuBackend().allocate(layout);
        for (let run = 0; run < given.runs; run++)
          for (const [name, data] of Object.entries(poolInputs(given, run))) memory.write(name, data, run);
        (await memory.compile({ name: 'before', dispatches: plan.dispatches.slice(0, index) })).run();
        const dispatch = plan.dispatches[index];
        const inputs: Record<string, (run: number) => Data> = {};
        for (const b of kernel.bufferNames) {
          const { length } = layout.get(dispatch.buffers[b]);
          const all = await memory.read(dispatch.buffers[b]);
          inputs[b] = (run) => all.slice(run * length, (run + 1) * length);
        }
        await compareKernel(await gpuBackend(), kernel, dispatch.shape, inputs, { runs: given.runs, tolerance });
      }
      if (!at.length && given.shape.table !== false) throw new Error(`${kernel.name} is not in the plan`);
    });
  });
}
