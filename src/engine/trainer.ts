import { ConfigError } from '../config/fields';
import { packHyper } from '../config/hyper';
import type { Config } from '../config/schema';
import type { Backend, Memory, Program } from '../gpu/backend';
import type { Data } from '../gpu/kernel';
import { type Plan, planCost } from '../gpu/plan';
import { CURRICULUM_SIZE } from '../kernels/curriculum';
import { NONE, STATE, STATE_SIZE } from '../kernels/state';
import { type Bank, buildBank, parseMix, RECORD_SIZE } from '../tasks/bank';
import { DOMAINS } from '../tasks/registry';
import { type Checkpoint, nameParameters, placeMoments, placeParameters } from './checkpoint';
import { type EvalResult, Evaluator } from './evaluation';
import { roundsOf } from './generation';
import { type Interference, interferenceOf } from './interference';
import { mergeRows, ringRows, type StepMetrics } from './metricsRing';
import { initialParameters, type ParameterLayout, parameterLayout } from './parameters';
import { batchShape, clipoShape, headShape, policyShape } from './shape';
import { policyTensors, writeTensorTable } from './surgery';
import { type TrainShape, trainPlan } from './trainPlan';
import { RING_ROWS } from './update';

/** Where a run starts: a checkpoint and the name to use in errors. */
export interface Start {
  checkpoint: Checkpoint;
  where: string;
}

/** The pool of the last update, as the page draws it. */
export interface PoolView {
  /** Unit embeddings [N, D]; absent without a projection head. */
  embeddings: Float32Array | null;
  width: number;
  domain: Uint32Array;
  reward: Float32Array;
}

/** One rollout of the current batch. */
export interface RolloutView {
  domain: string;
  column: string;
  record: Uint32Array;
  prompt: number[];
  response: number[];
  reward: number;
  advantage: number;
}

const sameShape = (a: Config, b: Config) => {
  const of = ({ policy, head, clipo, rollout: { temperature: _, ...rollout }, tasks: { mix: __, ...tasks } }: Config) =>
    JSON.stringify([policy, head.hidden, head.width, head.activation, clipo.hidden, clipo.width, rollout, tasks]);
  return of(a) === of(b);
};

/** Shape of the training plan that a fleet of these configurations needs. */
export function fleetShape(configs: readonly Config[], bank: Bank): TrainShape {
  const [first] = configs;
  const policy = policyShape(first);
  const head = configs.some((c) => c.contrast.lambda > 0) ? headShape(first) : undefined;
  const clipo = configs.some((c) => c.clipo.lambda > 0) ? clipoShape(first) : undefined;
  const rounds = roundsOf(configs);
  return {
    runs: configs.length,
    policy,
    ...(head ? { head } : {}),
    throughWeights: configs.some((c) => c.contrast.lambda > 0 && c.contrast.weightGradient),
    ...(clipo ? { clipo } : {}),
    surgery: configs.some((c) => c.surgery.granularity !== 'off'),
    batch: batchShape(first),
    domains: DOMAINS.length,
    parameters: parameterLayout(policy, head, clipo),
    records: bank.records.length / RECORD_SIZE,
    columns: bank.columns.length,
    ...(rounds === undefined ? {} : { rounds }),
    curriculum: configs.some((c) => c.curriculum.rule !== 'off'),
  };
}

/** A fleet in training on one backend. */
export class Trainer {
  private evaluator: Evaluator | undefined;
  /** Steps done at the last complete evaluation. */
  evaluatedAt: number | undefined;
  private done: number;
  /** Updates done: rows written to the ring. */
  private updates: number;

  private constructor(
    readonly backend: Backend,
    readonly configs: readonly Config[],
    readonly shape: TrainShape,
    readonly plan: Plan,
    private readonly bank: Bank,
    private readonly memory: Memory,
    private readonly program: Program,
    done: number,
    updates: number,
  ) {
    this.done = done;
    this.updates = updates;
  }

  /**
   * Allocates, compiles and fills a fleet.
   * @param compiling told the share of kernels compiled
   * @param starts one per run, or one for all; a checkpoint with training state resumes exactly where it was
   * @throws ConfigError when the configurations' shapes differ; Error when a checkpoint does not fit or the device is too small
   */
  static async create(
    backend: Backend,
    configs: readonly Config[],
    starts: readonly Start[],
    compiling?: (done: number) => void,
  ): Promise<Trainer> {
    const [first] = configs;
    const odd = configs.findIndex((c) => !sameShape(c, first));
    if (odd > 0)
      throw new ConfigError(
        `run ${odd} of the fleet differs from run 0 in policy, head, rollout or tasks sizes: a fleet has one shape`,
      );
    const bank = buildBank(first.tasks, { split: 'train', perColumn: first.tasks.instances, seed: first.tasks.world });
    const shape = fleetShape(configs, bank);
    const { layout, plan } = trainPlan(shape);
    const memory = await backend.allocate(layout);
    try {
      const program = await memory.compile(plan, compiling);
      memory.write('bank.records', bank.records);
      memory.write('bank.index', bank.index);
      writeTensorTable(memory, shape.parameters);
      let done = 0;
      let updates = 0;
      configs.forEach((config, run) => {
        const { checkpoint, where } = starts[Math.min(run, starts.length - 1)];
        const parameters = initialParameters(shape.parameters, shape.policy.layers, config.seed);
        placeParameters(shape.parameters, checkpoint, parameters, where);
        memory.write('parameters', parameters, run);
        memory.write('hyper', packHyper(config, parseMix(config.tasks.mix, 'tasks.mix')), run);
        const state = new Uint32Array(STATE_SIZE);
        state[STATE.seed] = config.seed;
        if (checkpoint.training) {
          const { state: saved, curriculum } = checkpoint.training;
          if (saved.length !== STATE_SIZE || curriculum.length !== CURRICULUM_SIZE)
            throw new Error(
              `${where} holds ${saved.length} counters and ${curriculum.length} task weights (${STATE_SIZE} and ${CURRICULUM_SIZE})`,
            );
          const { moment1, moment2 } = placeMoments(shape.parameters, checkpoint, where);
          memory.write('moment1', moment1, run);
          memory.write('moment2', moment2, run);
          memory.write('curriculum', curriculum, run);
          state.set(saved);
          done = saved[STATE.step];
          updates = saved[STATE.update];
        }
        memory.write('state', state, run);
      });
      return new Trainer(backend, configs, shape, plan, bank, memory, program, done, updates);
    } catch (error) {
      memory.destroy();
      throw error;
    }
  }

  /** Steps done so far. */
  get stepsDone(): number {
    return this.done;
  }
  get parameters(): ParameterLayout {
    return this.shape.parameters;
  }
  /** Floating-point operations of one step of one run. */
  get flopsPerStep(): number {
    return planCost(this.plan).flops;
  }
  /** Most steps that one call of `step` may take: what the metrics ring holds. */
  get maxStride(): number {
    return Math.max(1, Math.floor(RING_ROWS / this.shape.batch.miniBatches));
  }

  /** Runs `count` steps (at most `maxStride`) in one submission and reads their metrics: [run][step]. */
  async step(count = 1): Promise<StepMetrics[][]> {
    const { miniBatches } = this.shape.batch;
    const from = this.updates;
    this.program.run(count);
    this.done += count;
    this.updates += count * miniBatches;
    const ring = await this.memory.read('ring');
    const ids = DOMAINS.map((d) => d.id);
    return this.configs.map((_, run) =>
      Array.from({ length: count }, (__, i) =>
        mergeRows(ringRows(ring, run, RING_ROWS, from + i * miniBatches, miniBatches), ids, this.done - count + i + 1),
      ),
    );
  }

  /** Held-out accuracy of every run; null when `progress` returned false. */
  async evaluate(progress?: (done: number) => boolean): Promise<EvalResult[] | null> {
    this.evaluator ??= await Evaluator.create(this.backend, this.configs, this.parameters);
    const results = await this.evaluator.evaluate(await this.weights(), this.done, progress);
    if (results) this.evaluatedAt = this.done;
    return results;
  }

  /** Parameters of every run, f32[R, P], one after the other. */
  async weights(): Promise<Float32Array> {
    return (await this.memory.read('parameters')) as Float32Array;
  }

  /** Everything that one run needs to go on bit-identically. */
  async checkpoint(run = 0): Promise<Checkpoint> {
    const config = this.configs[run];
    // Heads that only other runs of the fleet use are left out: the file is the one that the run alone would leave.
    const own = (name: string) =>
      name.startsWith('head.') ? config.contrast.lambda > 0 : name.startsWith('clipo.') ? config.clipo.lambda > 0 : true;
    const named = async (resource: string) =>
      nameParameters(this.parameters, (await this.part(resource, run)) as Float32Array, own);
    const [parameters, moment1, moment2] = [await named('parameters'), await named('moment1'), await named('moment2')];
    const moments = new Map(
      [...moment1].map(([name, { data }]) => [
        name,
        { moment1: data, moment2: (moment2.get(name) as { data: Float32Array }).data },
      ]),
    );
    return {
      config,
      parameters,
      training: {
        moments,
        // What the sampler counts within a step is no part of the run's state.
        state: (await this.part('state', run)).fill(0, STATE.samplerDone) as Uint32Array,
        curriculum: (await this.part('curriculum', run)) as Float32Array,
      },
    };
  }

  private async part(name: string, run: number): Promise<Data> {
    const { length } = this.memory.layout.get(name);
    return (await this.memory.read(name)).slice(run * length, (run + 1) * length);
  }

  /** The pool of the last mini-batch of one run, without the places that its sampler left empty. */
  async pool(run = 0): Promise<PoolView> {
    const { batch, head } = this.shape;
    const prompts = batch.prompts / batch.miniBatches;
    const first = batch.prompts - prompts;
    const domains = (await this.part('batch.domain', run)).slice(first);
    const reward = (await this.part('batch.reward', run)).slice(first * batch.group) as Float32Array;
    const record = (await this.part('batch.record', run)).slice(first);
    const used = [...reward.keys()].filter((i) => record[Math.floor(i / batch.group)] !== NONE);
    const domain = Uint32Array.from(used, (i) => domains[Math.floor(i / batch.group)]);
    const width = head?.width ?? 0;
    const z = head ? await this.part('contrast.z', run) : null;
    const embeddings = z && new Float32Array(used.length * width);
    used.forEach((i, at) => embeddings?.set((z as Data).subarray(i * width, (i + 1) * width), at * width));
    return { embeddings, width, domain, reward: Float32Array.from(used, (i) => reward[i]) };
  }

  /** How the domains' gradients of one run's last update got on, tensor by tensor. */
  async interference(run = 0): Promise<Interference> {
    const names = policyTensors(this.parameters).map((t) => t.name);
    const ids = DOMAINS.map((d) => d.id);
    return interferenceOf(await this.part('surgery.gram', run), ids, names);
  }

  /** `count` rollouts of the current batch of one run, spread over its prompts; fewer where the batch holds fewer. */
  async rollouts(count: number, run = 0): Promise<RolloutView[]> {
    const { batch, policy } = this.shape;
    const names = ['batch.record', 'batch.response', 'batch.length', 'batch.reward', 'batch.advantage'];
    const [record, response, length, reward, advantage] = await Promise.all(names.map((n) => this.part(n, run)));
    const used = Array.from({ length: batch.prompts * batch.group }, (_, i) => i).filter(
      (i) => record[Math.floor(i / batch.group)] !== NONE,
    );
    return Array.from({ length: Math.min(count, used.length) }, (_, k) => {
      const i = used[Math.floor(((k + 0.5) * used.length) / Math.min(count, used.length))];
      const at = record[Math.floor(i / batch.group)];
      const words = this.bank.records.slice(at * RECORD_SIZE, (at + 1) * RECORD_SIZE);
      const start = i * policy.responseLength;
      return {
        domain: DOMAINS[words[16]].id,
        column: this.bank.columns[words[17]].column,
        record: words,
        prompt: Array.from(words.subarray(0, policy.promptLength)),
        response: Array.from(response.subarray(start, start + length[i])),
        reward: reward[i],
        advantage: advantage[i],
      };
    });
  }

  /** Times every entry of the plan; the fleet trains on meanwhile. */
  profile(repeats: number) {
    this.done += repeats;
    this.updates += repeats * this.shape.batch.miniBatches;
    return this.program.profile(repeats);
  }

  destroy(): void {
    this.evaluator?.destroy();
    this.memory.destroy();
  }
}
