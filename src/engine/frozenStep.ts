import type { Config } from '../config/schema';
import type { Backend, Memory } from '../gpu/backend';
import type { Data } from '../gpu/kernel';
import type { Bank } from '../tasks/bank';
import { DOMAINS } from '../tasks/registry';
import { type Checkpoint, nameParameters, ownTensor } from './checkpoint';
import { fillRun, fleetShape, type Start } from './fleet';
import type { Frame } from './frame';
import { type Metrics, mergeRows, ringRows, type StepMetrics } from './metricsRing';
import { poolFrame, type ReadPart } from './poolFrame';
import { writeTensorTable } from './surgery';
import { generationPlan, type TrainShape, updatePlan } from './trainPlan';
import { RING_ROWS } from './update';

/** Resources that a step's generation leaves for its updates, by name; those with numbers per rollout are [B, G, …]. */
export type FrozenBatch = ReadonlyMap<string, Data>;

const PER_PROMPT = ['batch.record', 'batch.domain', 'batch.segments', 'batch.prompt', 'curriculum', 'stats'];
const PER_ROLLOUT = ['batch.response', 'batch.length', 'batch.logp', 'batch.reward'];

/** The batch that a run would draw next, from its checkpoint. */
export async function generateBatch(backend: Backend, config: Config, bank: Bank, start: Start): Promise<FrozenBatch> {
  const shape = fleetShape([config], bank);
  const { layout, plan } = generationPlan(shape);
  layout.add('moment1', 'f32', shape.parameters.size); // filled with the rest of the run, and not read
  layout.add('moment2', 'f32', shape.parameters.size);
  const memory = await backend.allocate(layout);
  try {
    const program = await memory.compile(plan);
    memory.write('bank.records', bank.records);
    memory.write('bank.index', bank.index);
    fillRun(memory, shape, 0, config, start);
    program.run();
    const names = [...PER_PROMPT, ...PER_ROLLOUT];
    return new Map(await Promise.all(names.map(async (name) => [name, await memory.read(name)] as const)));
  } finally {
    memory.destroy();
  }
}

/** What one configuration made of a frozen batch. */
export interface TakenStep {
  step: StepMetrics;
  /** Measured by the last update, and once more after it: null where there is no data. */
  before: { frame: Frame; metrics: Metrics };
  after: { frame: Frame; metrics: Metrics };
  /** f32[B, G] over all places, empty ones too. */
  advantage: Float32Array;
  score: Float32Array;
  /** Gradient of the policy in the last update: of each domain, and as the optimiser got it. */
  domainGradients: Float32Array[];
  gradient: Float32Array;
  /** Change of the policy's parameters. */
  change: Float32Array;
  /** Everything after the step, as the run's checkpoint would hold it. */
  parameters: Checkpoint['parameters'];
}

/** Reads the parts of one run after another from one reading of each resource. */
function reader(memory: Memory): (run: number) => ReadPart {
  const known = new Map<string, Promise<Data>>();
  return (run) => async (name) => {
    const whole = known.get(name) ?? memory.read(name);
    known.set(name, whole);
    const { length } = memory.layout.get(name);
    return (await whole).slice(run * length, (run + 1) * length);
  };
}

/** The first `to` of the `from` rollouts of every group. */
const cutGroups = (data: Data, groups: number, from: number, to: number): Data => {
  const width = data.length / groups / from;
  return data.filter((_, at) => Math.floor(at / width) % from < to);
};

/**
 * One step on a frozen batch by each configuration, side by side in a memory of its own, everything else equal to the run's own step.
 * @param configs of one shape; with a smaller `rollout.group` than the batch has, the first rollouts of each group are trained on
 * @param place of the frames
 */
export async function takeStep(
  backend: Backend,
  configs: readonly Config[],
  bank: Bank,
  start: Start,
  batch: FrozenBatch,
  place: { run: number; step: number },
): Promise<TakenStep[]> {
  const shape = fleetShape(configs, bank);
  const { layout, plan, again } = updatePlan(shape);
  const memory = await backend.allocate(layout);
  try {
    const [program, measure] = [await memory.compile(plan), await memory.compile(again)];
    writeTensorTable(memory, shape.parameters);
    let updates = 0;
    configs.forEach((config, run) => {
      updates = fillRun(memory, shape, run, config, start).updates;
    });
    const { prompts, group } = shape.batch;
    const drawn = (batch.get('batch.reward') as Data).length / prompts;
    for (const [name, data] of batch)
      memory.write(name, PER_ROLLOUT.includes(name) ? cutGroups(data, prompts, drawn, group) : data);
    const before = (await memory.read('parameters')) as Float32Array;
    program.run();
    const parts = reader(memory);
    const taken = await Promise.all(
      configs.map((config, run) => readUpdate(parts(run), shape, bank, config, updates, place, before)),
    );
    measure.run();
    const partsAfter = reader(memory);
    return await Promise.all(
      configs.map(async (config, run) => {
        const read = partsAfter(run);
        const metrics = measuredAgain(await read('stats'), place.step);
        const frame = await poolFrame(read, shape, bank, config, { ...place, part: 'lastMiniBatch' });
        return { ...taken[run], after: { frame, metrics } };
      }),
    );
  } finally {
    memory.destroy();
  }
}

/** What the losses measure anew, without what only a whole update has. */
function measuredAgain(stats: Data, step: number): Metrics {
  const { metrics } = mergeRows([stats], ids(), step);
  return Object.fromEntries(Object.entries(metrics).filter(([name, value]) => value !== null && !name.startsWith('sampler/')));
}

const ids = () => DOMAINS.map((d) => d.id);

async function readUpdate(
  read: ReadPart,
  shape: TrainShape,
  bank: Bank,
  config: Config,
  updates: number,
  place: { run: number; step: number },
  initial: Float32Array,
): Promise<Omit<TakenStep, 'after'>> {
  const { parameters: layout, batch } = shape;
  const names = ['ring', 'batch.advantage', 'batch.score', 'grad', 'total', 'parameters'];
  const [values, frame] = await Promise.all([
    Promise.all(names.map(read)),
    poolFrame(read, shape, bank, config, { ...place, part: 'lastMiniBatch' }),
  ]);
  const [ring, advantage, score, grad, total, parameters] = values as Float32Array[];
  const rows = ringRows(ring, 0, RING_ROWS, updates, batch.miniBatches);
  return {
    step: mergeRows(rows, ids(), place.step),
    before: { frame, metrics: mergeRows(rows.slice(-1), ids(), place.step).metrics },
    advantage,
    score,
    domainGradients: DOMAINS.map((_, d) => grad.subarray(d * layout.size, d * layout.size + layout.headStart)),
    gradient: total.subarray(0, layout.headStart),
    // The policy's part is the same in every run: it starts from one checkpoint.
    change: Float32Array.from({ length: layout.headStart }, (_, i) => parameters[i] - initial[i]),
    parameters: nameParameters(layout, parameters, ownTensor(config)),
  };
}
