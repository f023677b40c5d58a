import { packHyper } from '../config/hyper';
import type { Config } from '../config/schema';
import type { Backend } from '../gpu/backend';
import { Layout, type Plan, PlanBuilder } from '../gpu/plan';
import { drawListed } from '../kernels/drawListed';
import { STATE, STATE_SIZE } from '../kernels/state';
import { randomBits, STREAM } from '../math/random';
import { type Bank, type BankColumn, buildBank, RECORD_SIZE } from '../tasks/bank';
import { RECORD } from '../tasks/record';
import { DOMAINS } from '../tasks/registry';
import { breathe } from './breathe';
import { type Checkpoint, placeParameters } from './checkpoint';
import { groupOf } from './evaluation';
import { addVerify } from './generation';
import { type ParameterLayout, parameterLayout } from './parameters';
import { addForward, type PolicyContext, policyResources } from './policy';
import { addPooling } from './pooling';
import { addSampling, samplingResources } from './sampling';
import { type PolicyShape, policyShape } from './shape';
import { batchResources } from './trainPlan';

/** Which responses to look at. */
export interface StatesOptions {
  /** Held-out instances of each benchmark column. */
  prompts: number;
  /** Responses to each; 1 when left out. */
  samples?: number;
  /** Sampling temperature, 0 for greedy; 1 when left out. */
  temperature?: number;
  /** Seeds the sampling: policies compared with one seed get the same random numbers. 0 when left out. */
  seed?: number;
}

/** Pooled hidden states of N = instances · samples responses, row by row: columns in bank order, an instance's responses in a row. */
export interface HiddenStates {
  n: number;
  /** H. */
  width: number;
  /** f32[N, H]: mean over the response's tokens of the state after the final norm, having read the token. */
  states: Float32Array;
  /** u32[N]: index among `DOMAINS`, and among `columns`. */
  domain: Uint32Array;
  column: Uint32Array;
  /** u32[N]: the held-out instance; responses to one prompt share it. */
  instance: Uint32Array;
  /** f32[N]: 0 or 1. */
  reward: Float32Array;
  /** u32[N, RESPONSE_LENGTH], and tokens of each, `eos` included. */
  response: Uint32Array;
  length: Uint32Array;
  columns: BankColumn[];
  /** u32[instances, RECORD_SIZE], by `instance`. */
  records: Uint32Array;
}

/** Rollouts of one replay: their activations are kept for all layers. */
const ROLLOUTS = 128;

/** Draw, sample, verify, forward, pool. */
function statesPlan(policy: PolicyShape, parameters: ParameterLayout, bank: Bank, samples: number) {
  const group = groupOf(samples);
  const repeats = samples / group;
  const prompts = Math.min(bank.count * repeats, Math.max(1, Math.floor(ROLLOUTS / samples)) * repeats);
  const context: PolicyContext = { policy, batch: { prompts, group, miniBatches: 1 }, parameters, parts: 1 };
  const layout = new Layout(1);
  batchResources(layout, policy, context.batch, DOMAINS.length);
  layout.add('bank.records', 'u32', bank.records.length);
  layout.add('batch.used', 'u32', prompts);
  samplingResources(layout, policy, context.batch, parameters);
  policyResources(layout, context);
  layout.add('contrast.h', 'f32', prompts * group * policy.width);
  const b = new PlanBuilder('hidden states', layout);
  b.add(
    drawListed,
    { prompts, repeats, records: bank.count, promptLength: policy.promptLength },
    {
      records: 'bank.records',
      state: 'state',
      record: 'batch.record',
      domain: 'batch.domain',
      prompt: 'batch.prompt',
      used: 'batch.used',
    },
  );
  addSampling(b, policy, context.batch, parameters);
  addVerify(b, policy, context.batch, bank.count);
  addForward(b, context, 0);
  addPooling(b, context, 0);
  const plan: Plan = b.build();
  return { layout, plan, instances: prompts / repeats };
}

/** The policy's parameters, from a checkpoint or from a run's flat parameters (heads, which come last, are left out). */
function policyParameters(source: Checkpoint | Float32Array, layout: ParameterLayout): Float32Array {
  if (source instanceof Float32Array) {
    if (source.length < layout.size)
      throw new Error(`invalid parameters: ${source.length} numbers (at least ${layout.size}, the policy’s)`);
    return source.subarray(0, layout.size);
  }
  const out = new Float32Array(layout.size);
  placeParameters(layout, source, out, 'checkpoint');
  return out;
}

/**
 * Representations of held-out responses (method.md 9, Figure 4): draws the instances that `Evaluator` draws, samples responses, and
 * pools the actor's final hidden states over each response's tokens. Pooling is the mean after reading, whatever `contrast.*` says.
 * @param config decides policy and world; its rollout and evaluation settings do not matter
 * @param progress told the share done, 0 to 1; return false to stop early (the result is then null)
 * @throws Error when a tensor is missing, has another shape, or the device cannot hold the plan
 */
export async function hiddenStates(
  backend: Backend,
  source: Checkpoint | Float32Array,
  config: Config,
  { prompts, samples = 1, temperature = 1, seed = 0 }: StatesOptions,
  progress?: (done: number) => boolean,
): Promise<HiddenStates | null> {
  for (const [name, value] of Object.entries({ prompts, samples }))
    if (!Number.isInteger(value) || value < 1) throw new Error(`invalid ${name}: ${value} (an integer from 1)`);
  const policy = policyShape(config);
  const parameters = parameterLayout(policy);
  const flat = policyParameters(source, parameters);
  const bank = buildBank(config.tasks, { split: 'heldOut', perColumn: prompts, seed: config.tasks.world });
  const { layout, plan, instances } = statesPlan(policy, parameters, bank, samples);
  const n = bank.count * samples;
  const out: HiddenStates = {
    n,
    width: policy.width,
    states: new Float32Array(n * policy.width),
    domain: new Uint32Array(n),
    column: new Uint32Array(n),
    instance: Uint32Array.from({ length: n }, (_, i) => Math.floor(i / samples)),
    reward: new Float32Array(n),
    response: new Uint32Array(n * policy.responseLength),
    length: new Uint32Array(n),
    columns: bank.columns,
    records: bank.records,
  };
  out.instance.forEach((record, i) => {
    out.domain[i] = bank.records[record * RECORD_SIZE + RECORD.domain];
    out.column[i] = bank.records[record * RECORD_SIZE + RECORD.column];
  });

  const memory = await backend.allocate(layout);
  try {
    const program = await memory.compile(plan);
    memory.write('parameters', flat);
    memory.write('bank.records', bank.records);
    const settings: Config = {
      ...config,
      rollout: { ...config.rollout, temperature },
      contrast: { ...config.contrast, pooling: 'mean', position: 'after', labels: 'verifier' },
    };
    memory.write(
      'hyper',
      packHyper(
        settings,
        DOMAINS.map(() => 0),
      ),
    );
    const state = new Uint32Array(STATE_SIZE);
    state[STATE.seed] = randomBits(seed, STREAM.analysis, 0, 0);
    for (let first = 0, replay = 0; first < bank.count; first += instances, replay++) {
      state[STATE.step] = replay; // each replay draws random numbers of its own
      state[STATE.cursor] = first;
      memory.write('state', state);
      program.run();
      const rows = Math.min(instances, bank.count - first) * samples;
      const copy = async (from: string, into: Float32Array | Uint32Array, width: number) =>
        into.set((await memory.read(from)).subarray(0, rows * width), first * samples * width);
      await copy('contrast.h', out.states, policy.width);
      await copy('batch.reward', out.reward, 1);
      await copy('batch.response', out.response, policy.responseLength);
      await copy('batch.length', out.length, 1);
      await breathe();
      if (progress && !progress((first * samples + rows) / n)) return null;
    }
  } finally {
    memory.destroy();
  }
  return out;
}
