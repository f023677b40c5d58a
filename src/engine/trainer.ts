import type { Config } from '../config/schema';
import type { Backend, Memory, Program } from '../gpu/backend';
import type { Data } from '../gpu/kernel';
import { type Plan, planCost } from '../gpu/plan';
import { NONE, STATE } from '../kernels/state';
import { type Bank, buildBank, RECORD_SIZE } from '../tasks/bank';
import { DOMAINS } from '../tasks/registry';
import { type Checkpoint, nameParameters, ownTensor } from './checkpoint';
import { type EvalResult, Evaluator } from './evaluation';
import { checkCovered, checkOneShape, fillRun, fleetShape, type Start } from './fleet';
import type { Frame } from './frame';
import { type Interference, interferenceOf } from './interference';
import { mergeRows, ringRows, type StepMetrics } from './metricsRing';
import type { ParameterLayout } from './parameters';
import { poolFrame } from './poolFrame';
import { policyTensors, writeTensorTable } from './surgery';
import { type TrainShape, trainPlan } from './trainPlan';
import { RING_ROWS } from './update';

export { fleetShape, type Start } from './fleet';

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

/** Resources that are the same whatever run is in a place. */
const FLEETS_OWN = /^(bank\.|surgery\.tensors$)/;

/** A fleet in training on one backend. */
export class Trainer {
  private evaluator: Evaluator | undefined;
  /** Steps done at the last complete evaluation. */
  evaluatedAt: number | undefined;

  private constructor(
    readonly backend: Backend,
    /** By run. */
    readonly configs: Config[],
    readonly shape: TrainShape,
    readonly plan: Plan,
    /** Training instances. */
    readonly bank: Bank,
    private readonly memory: Memory,
    private readonly program: Program,
    /** By run: steps done when it was put into its place, steps done, and updates done, which are rows written to the ring. */
    private readonly clocks: { begun: number; done: number; updates: number }[],
  ) {}

  /**
   * Allocates, compiles and fills a fleet.
   * @param compiling told the share of kernels compiled
   * @param starts one per run, or one for all; a checkpoint with training state resumes exactly where it was
   * @throws ConfigError when the configurations' shapes differ; Error when a checkpoint does not fit, the checkpoints are of different
   * steps, or the device is too small
   */
  static async create(
    backend: Backend,
    configs: readonly Config[],
    starts: readonly Start[],
    compiling?: (done: number) => void,
  ): Promise<Trainer> {
    checkOneShape(configs);
    const [first] = configs;
    const bank = buildBank(first.tasks, { split: 'train', perColumn: first.tasks.instances, seed: first.tasks.world });
    const shape = fleetShape(configs, bank);
    const { layout, plan } = trainPlan(shape);
    const memory = await backend.allocate(layout);
    try {
      const program = await memory.compile(plan, compiling);
      memory.write('bank.records', bank.records);
      memory.write('bank.index', bank.index);
      writeTensorTable(memory, shape.parameters);
      const begun = configs.map((config, run) => fillRun(memory, shape, run, config, starts[Math.min(run, starts.length - 1)]));
      const odd = begun.findIndex((b) => b.steps !== begun[0].steps);
      if (odd > 0)
        throw new Error(
          `run ${odd} starts after step ${begun[odd].steps}, run 0 after step ${begun[0].steps}: the runs of a fleet advance together`,
        );
      const clocks = begun.map(({ steps, updates }) => ({ begun: steps, done: steps, updates }));
      return new Trainer(backend, [...configs], shape, plan, bank, memory, program, clocks);
    } catch (error) {
      memory.destroy();
      throw error;
    }
  }

  /** Steps done so far, by the first run: the runs of a fleet advance together unless `place` gave one another start. */
  get stepsDone(): number {
    return this.clocks[0].done;
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

  /**
   * Runs `count` steps (at most `maxStride`) in one submission and reads their metrics: [run][step]. `runs`: of the first so many runs
   * alone; the others stay where they are.
   */
  async step(count = 1, runs = this.configs.length): Promise<StepMetrics[][]> {
    const { miniBatches } = this.shape.batch;
    this.program.run(count, runs);
    this.advance(count, runs);
    const ring = await this.memory.read('ring');
    const ids = DOMAINS.map((d) => d.id);
    return this.clocks.slice(0, runs).map(({ done, updates }, run) => {
      const from = updates - count * miniBatches;
      return Array.from({ length: count }, (_, i) =>
        mergeRows(ringRows(ring, run, RING_ROWS, from + i * miniBatches, miniBatches), ids, done - count + i + 1),
      );
    });
  }

  private advance(count: number, runs: number): void {
    for (const clock of this.clocks.slice(0, runs)) {
      clock.done += count;
      clock.updates += count * this.shape.batch.miniBatches;
    }
  }

  /**
   * Puts another run into a place of the fleet: it trains there bit for bit as it does alone, whatever was there before.
   * @throws ConfigError when its shapes differ, or when it uses a part that the fleet's plan lacks
   */
  place(run: number, config: Config, start: Start): void {
    checkOneShape([this.configs[0], config]);
    checkCovered(this.shape, config, this.bank);
    for (const { name, length, type } of this.memory.layout.resources.values())
      if (!FLEETS_OWN.test(name))
        this.memory.write(name, type === 'u32' ? new Uint32Array(length) : new Float32Array(length), run);
    const { steps, updates } = fillRun(this.memory, this.shape, run, config, start);
    this.configs[run] = config;
    this.clocks[run] = { begun: steps, done: steps, updates };
    this.evaluator?.destroy();
    this.evaluator = undefined;
    this.evaluatedAt = undefined;
  }

  /** Steps that one run has done. */
  stepsOf(run: number): number {
    return this.clocks[run].done;
  }

  /** Held-out accuracy of every run; null when `progress` returned false. */
  async evaluate(progress?: (done: number) => boolean): Promise<EvalResult[] | null> {
    this.evaluator ??= await Evaluator.create(this.backend, this.configs, this.parameters);
    const results = await this.evaluator.evaluate(await this.weights(), this.stepsDone, progress);
    if (results) this.evaluatedAt = this.stepsDone;
    return results;
  }

  /** Held-out accuracy of some runs, each at the step that it has reached; null when `progress` returned false. */
  async evaluateRuns(runs: readonly number[], progress?: (done: number) => boolean): Promise<EvalResult[] | null> {
    const configs = runs.map((run) => this.configs[run]);
    const evaluator = await Evaluator.create(this.backend, configs, this.parameters);
    try {
      const all = await this.weights();
      const { size } = this.parameters;
      const weights = new Float32Array(runs.length * size);
      runs.forEach((run, i) => weights.set(all.subarray(run * size, (run + 1) * size), i * size));
      return await evaluator.evaluate(
        weights,
        runs.map((run) => this.stepsOf(run)),
        progress,
      );
    } finally {
      evaluator.destroy();
    }
  }

  /** Parameters of every run, f32[R, P], one after the other. */
  async weights(): Promise<Float32Array> {
    return (await this.memory.read('parameters')) as Float32Array;
  }

  /** Parameters of one run, f32[P]. */
  async weightsOf(run: number): Promise<Float32Array> {
    return (await this.part('parameters', run)) as Float32Array;
  }

  /** Everything that one run needs to go on bit-identically. */
  async checkpoint(run = 0): Promise<Checkpoint> {
    const config = this.configs[run];
    // Queued together, so that no step comes between them.
    const resources = ['parameters', 'moment1', 'moment2', 'curriculum', 'state'];
    const [flat, flat1, flat2, curriculum, state] = await Promise.all(resources.map((name) => this.part(name, run)));
    const [parameters, moment1, moment2] = [flat, flat1, flat2].map((data) =>
      nameParameters(this.parameters, data as Float32Array, ownTensor(config)),
    );
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
        state: state.fill(0, STATE.samplerDone) as Uint32Array,
        curriculum: curriculum as Float32Array,
      },
    };
  }

  private async part(name: string, run: number): Promise<Data> {
    const { length } = this.memory.layout.get(name);
    return (await this.memory.read(name)).slice(run * length, (run + 1) * length);
  }

  /**
   * The last mini-batch of one run as a frame; null before the first step here. Vectors are there when some run of the fleet has a
   * projection head; those of a run without contrastive loss come from a random one.
   */
  async frame(run: number): Promise<Frame | null> {
    const { begun, done } = this.clocks[run];
    if (done === begun) return null;
    const place = { run, step: done, part: 'lastMiniBatch' } as const;
    return poolFrame((name) => this.part(name, run), this.shape, this.bank, this.configs[run], place);
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
    this.advance(repeats, this.configs.length);
    return this.program.profile(repeats);
  }

  destroy(): void {
    this.evaluator?.destroy();
    this.memory.destroy();
  }
}
