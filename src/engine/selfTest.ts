import { packHyper } from '../config/hyper';
import { resolve } from '../config/resolve';
import type { Config, Layer } from '../config/schema';
import type { Backend, Memory } from '../gpu/backend';
import { cpuBackend } from '../gpu/cpuBackend';
import { allKernels } from '../gpu/kernel';
import { Layout, PlanBuilder } from '../gpu/plan';
import { STATE, STATE_SIZE } from '../kernels/state';
import { Random } from '../math/random';
import { buildBank, demonstrations, parseMix } from '../tasks/bank';
import { addContrast, contrastResources } from './contrast';
import { evalPlan } from './evaluation';
import { type Deviation, lockstep } from './lockstep';
import { initialParameters, parameterLayout } from './parameters';
import { policyShape } from './shape';
import { writeTensorTable } from './surgery';
import { fleetShape } from './trainer';
import { trainPlan, warmStartPlan } from './trainPlan';

/** A small, awkward fleet: three runs, two mini-batches, odd numbers of prompts and rollouts, every branch of the objective alive. */
export const SMALL: Layer = {
  tasks: { instances: 12 },
  rollout: { prompts: 14, group: 3, miniBatches: 2 },
  policy: { width: 20, layers: 2, heads: 5 },
  head: { hidden: 12, width: 24 },
  contrast: { lambda: 0.3, warmup: 1 },
  optimizer: { warmup: 2 },
};

/** Contrastive rewards of the three runs: every level, and the losses that differ most. */
const REWARDS = [
  { level: 'group', loss: 'infonce' },
  { level: 'cross', loss: 'supconOut' },
  { level: 'batch', loss: 'softNn' },
] as const;

/** Open choices of the contrastive loss: one run as recommended, two that differ wherever a choice has a branch of its own. */
const CHOICES: readonly Layer['contrast'][] = [
  {},
  { weightGradient: true, weightMap: 'half', denominator: 'all', normalizer: 'anchor', position: 'before' },
  { weightGradient: true, weightMap: 'raw', mixing: 'convex', pooling: 'last', labels: 'shaped' },
];

const runsOf = (layer: Layer): Config[] =>
  (['tensor', 'block', 'global'] as const).map((granularity, seed) => ({
    ...resolve(['mcpo-grpo'], {
      ...layer,
      contrast: { ...layer.contrast, ...CHOICES[seed] },
      clipo: { lambda: 0.2, hidden: 8, width: 12, ...REWARDS[seed] },
    }),
    seed,
    surgery: { granularity },
  }));

/** A training plan with its memory filled for the first step, from random parameters. */
export async function filledTraining(backend: Backend, configs: Config[]) {
  const [config] = configs;
  const bank = buildBank(config.tasks, { split: 'train', perColumn: config.tasks.instances, seed: 1 });
  const shape = fleetShape(configs, bank);
  const { layout, plan } = trainPlan(shape);
  const memory = await backend.allocate(layout);
  memory.write('bank.records', bank.records);
  memory.write('bank.index', bank.index);
  writeTensorTable(memory, shape.parameters);
  configs.forEach((c, run) => {
    memory.write('parameters', initialParameters(shape.parameters, shape.policy.layers, c.seed), run);
    memory.write('hyper', packHyper(c, parseMix(c.tasks.mix, 'tasks.mix')), run);
    const state = new Uint32Array(STATE_SIZE);
    state[STATE.seed] = c.seed;
    memory.write('state', state, run);
  });
  return { memory, plan, shape };
}

/** Random rewards: an untrained policy hardly ever earns one, and filter and contrastive kernels need both classes. */
export function sprinkleRewards(memory: Memory, runs: number, into = 'batch.reward', key = 0): void {
  const { length } = memory.layout.get(into);
  for (let run = 0; run < runs; run++) {
    const random = new Random(run, 99, key);
    memory.write(
      into,
      Float32Array.from({ length }, () => Number(random.chance(0.5))),
      run,
    );
  }
}

/** Every kernel on `device` against its reference, at small awkward shapes, with data as training makes them. */
export async function selfTest(device: Backend, progress: (what: string) => void): Promise<Deviation[]> {
  const reference = cpuBackend();
  const out: Deviation[] = [];

  progress('training step');
  const configs = runsOf(SMALL);
  const recurrent = runsOf({
    ...SMALL,
    policy: { ...SMALL.policy, kind: 'gru' },
    head: { ...SMALL.head, activation: 'gelu' },
  });
  out.push(...(await trainingTest(reference, device, configs, 2)));
  progress('training step, recurrent policy');
  out.push(...(await trainingTest(reference, device, recurrent, 1)));

  progress('dynamic sampling');
  out.push(...(await samplingTest(reference, device)));

  progress('warm start');
  for (const [config] of [configs, recurrent]) out.push(...(await warmStartTest(reference, device, config)));

  progress('evaluation');
  for (const [config] of [configs, recurrent]) out.push(...(await evaluationTest(reference, device, config)));

  progress('pool of many prompts');
  out.push(...(await poolTest(reference, device, configs[0])));
  const untested = allKernels().filter((k) => !out.some((d) => d.kernel === k.name));
  for (const k of untested)
    out.push({
      kernel: k.name,
      label: 'not covered',
      worst: Number.POSITIVE_INFINITY,
      at: 'no plan of the self-test uses it',
      elements: 0,
    });
  return out;
}

/** Training steps with sprinkled rewards. */
async function trainingTest(reference: Backend, device: Backend, configs: Config[], steps: number): Promise<Deviation[]> {
  const out: Deviation[] = [];
  const { memory, plan } = await filledTraining(reference, configs);
  // Rewards are first read by the forward pass of the contrastive reward.
  const split = plan.dispatches.findIndex((d) => d.kernel.name === 'embed');
  for (let step = 0; step < steps; step++) {
    out.push(...(await lockstep(memory, device, { name: 'train', dispatches: plan.dispatches.slice(0, split) })));
    sprinkleRewards(memory, configs.length);
    out.push(...(await lockstep(memory, device, { name: 'train', dispatches: plan.dispatches.slice(split) })));
  }
  memory.destroy();
  return out;
}

/** A supervised step on seven of 21 demonstrations. */
async function warmStartTest(reference: Backend, device: Backend, config: Config): Promise<Deviation[]> {
  const policy = policyShape(config);
  const parameters = parameterLayout(policy);
  const { layout, plan } = warmStartPlan(policy, parameters, 7, 21);
  const memory = await reference.allocate(layout);
  const demos = demonstrations(config, 21, 3);
  memory.write('parameters', initialParameters(parameters, policy.layers, 5));
  memory.write('hyper', packHyper(config, []));
  memory.write('demo.prompt', demos.prompt);
  memory.write('demo.response', demos.response);
  memory.write('demo.length', demos.length);
  const out = await lockstep(memory, device, plan);
  memory.destroy();
  return out;
}

/** One evaluation batch of two runs. */
async function evaluationTest(reference: Backend, device: Backend, config: Config): Promise<Deviation[]> {
  const policy = policyShape(config);
  const parameters = parameterLayout(policy);
  const held = buildBank(config.tasks, { split: 'heldOut', perColumn: 5, seed: 1 });
  const { layout, plan } = evalPlan(2, policy, parameters, held, 6);
  const memory = await reference.allocate(layout);
  memory.write('bank.records', held.records);
  memory.write('parameters', initialParameters(parameters, policy.layers, 5));
  memory.write('hyper', packHyper(config, []));
  const out = await lockstep(memory, device, plan);
  memory.destroy();
  return out;
}

/** Training steps that filter their prompts, by DAPO and by both rules of MT-GRPO, with every round's rewards sprinkled. */
async function samplingTest(reference: Backend, device: Backend): Promise<Deviation[]> {
  const configs = ['dapo', 'mt-grpo', 'mt-grpo-strict'].map((method, seed) => ({
    ...resolve([method], {
      ...SMALL,
      contrast: { lambda: 0 },
      sampler: { rounds: 4 },
      reward: { overlongBuffer: 3 },
    }),
    seed,
  }));
  const { memory, plan } = await filledTraining(reference, configs);
  const out: Deviation[] = [];
  for (let step = 0; step < 2; step++)
    for (let first = 0; first < plan.dispatches.length; ) {
      const rest = plan.dispatches.slice(first);
      const verified = rest.findIndex((d) => d.kernel.name === 'verify') + 1;
      const dispatches = verified ? rest.slice(0, verified) : rest;
      out.push(...(await lockstep(memory, device, { name: 'sampler', dispatches })));
      if (verified) sprinkleRewards(memory, configs.length, 'candidate.reward', 1 + first);
      first += dispatches.length;
    }
  memory.destroy();
  return out;
}

/** The contrastive passes without a compatibility table, as `analyze` runs them on a pool of many prompts. */
async function poolTest(reference: Backend, device: Backend, config: Config): Promise<Deviation[]> {
  const pool = 67;
  const shape = { pool, prompts: 33, width: 20, domains: 3, table: false };
  const layout = new Layout(1);
  contrastResources(layout, shape);
  layout.add('hyper', 'f32', packHyper(config, []).length);
  const b = new PlanBuilder('pool', layout);
  addContrast(b, shape, { gradients: true, weighted: false });
  const memory = await reference.allocate(layout);
  const random = new Random(7, 100);
  const prompt = Uint32Array.from({ length: pool }, (_, i) => Math.floor(i / 2.1));
  memory.write('hyper', packHyper(config, []));
  memory.write(
    'contrast.u',
    Float32Array.from({ length: pool * shape.width }, () => random.normal() + 0.3),
  );
  memory.write(
    'contrast.reward',
    Float32Array.from({ length: pool }, () => Number(random.chance(0.6))),
  );
  memory.write('contrast.prompt', prompt);
  memory.write(
    'contrast.domain',
    prompt.map((p) => Math.floor(p / 11)),
  );
  return lockstep(memory, device, b.build());
}
