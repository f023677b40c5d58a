import { packHyper } from '../config/hyper';
import type { Config } from '../config/schema';
import type { Backend, Memory, Program } from '../gpu/backend';
import { Layout, type Plan, PlanBuilder } from '../gpu/plan';
import { drawListed } from '../kernels/drawListed';
import { STATE, STATE_SIZE } from '../kernels/state';
import { tally } from '../kernels/tally';
import { randomBits, STREAM } from '../math/random';
import { type Bank, buildBank, RECORD_SIZE } from '../tasks/bank';
import { DOMAINS } from '../tasks/registry';
import { breathe } from './breathe';
import { addVerify } from './generation';
import type { ParameterLayout } from './parameters';
import { addSampling, samplingResources } from './sampling';
import { type BatchShape, type PolicyShape, policyShape } from './shape';
import { batchResources } from './trainPlan';

/** Held-out accuracy of one run: avg@k per benchmark column, their means per domain, and the mean over domains' columns. */
export interface EvalResult {
  benchmarks: Record<string, number>;
  domains: Record<string, number>;
  /** Mean over the benchmark columns, as the paper's "Overall Avg.". */
  average: number;
}

/** Rollouts of one evaluation batch: enough to fill a device, few enough for a software adapter. */
const EVAL_ROLLOUTS = 384;

/** Largest divisor of k up to 8: rollouts of one prompt that share its prefix when k responses are drawn. */
export const groupOf = (k: number): number => [8, 7, 6, 5, 4, 3, 2, 1].find((g) => k % g === 0) as number;

/** Layout and plan of one evaluation batch, and how many replays walk through the bank: k rollouts of each instance. */
export function evalPlan(
  runs: number,
  policy: PolicyShape,
  parameters: ParameterLayout,
  bank: Bank,
  k: number,
): { layout: Layout; plan: Plan; replays: number } {
  const group = groupOf(k);
  const repeats = k / group;
  const records = bank.records.length / RECORD_SIZE;
  const prompts = Math.min(records * repeats, Math.max(1, Math.floor(EVAL_ROLLOUTS / group / repeats)) * repeats);
  const batch: BatchShape = { prompts, group, miniBatches: 1 };
  const layout = new Layout(runs);
  batchResources(layout, policy, batch, DOMAINS.length);
  layout.add('parameters', 'f32', parameters.size);
  layout.add('bank.records', 'u32', bank.records.length);
  layout.add('batch.used', 'u32', prompts);
  layout.add('tally', 'u32', 2 * bank.columns.length);
  samplingResources(layout, policy, batch, parameters);
  const b = new PlanBuilder('evaluate', layout);
  b.add(
    drawListed,
    { prompts, repeats, records, promptLength: policy.promptLength },
    {
      records: 'bank.records',
      state: 'state',
      record: 'batch.record',
      domain: 'batch.domain',
      prompt: 'batch.prompt',
      used: 'batch.used',
    },
  );
  addSampling(b, policy, batch, parameters);
  addVerify(b, policy, batch, records);
  b.add(
    tally,
    { prompts, group, repeats, records, columns: bank.columns.length },
    {
      records: 'bank.records',
      record: 'batch.record',
      used: 'batch.used',
      reward: 'batch.reward',
      counts: 'tally',
      state: 'state',
    },
  );
  return { layout, plan: b.build(), replays: Math.ceil((records * repeats) / prompts) };
}

/** Samples every held-out instance of the fleet's world k times and counts what the verifiers accept. */
export class Evaluator {
  private constructor(
    private readonly memory: Memory,
    private readonly program: Program,
    private readonly replays: number,
    private readonly bank: Bank,
    private readonly configs: readonly Config[],
  ) {}

  /** `eval.*` of the first configuration decides size and k; the world is that of its `tasks.*`. */
  static async create(backend: Backend, configs: readonly Config[], parameters: ParameterLayout): Promise<Evaluator> {
    const [config] = configs;
    const bank = buildBank(config.tasks, { split: 'heldOut', perColumn: config.eval.prompts, seed: config.tasks.world });
    const { layout, plan, replays } = evalPlan(configs.length, policyShape(config), parameters, bank, config.eval.samples);
    const memory = await backend.allocate(layout);
    try {
      const program = await memory.compile(plan);
      memory.write('bank.records', bank.records);
      const empty = DOMAINS.map(() => 0);
      configs.forEach((c, run) => {
        const temperature = { ...c, rollout: { ...c.rollout, temperature: c.eval.temperature } };
        memory.write('hyper', packHyper(temperature, empty), run);
      });
      return new Evaluator(memory, program, replays, bank, configs);
    } catch (error) {
      memory.destroy();
      throw error;
    }
  }

  /**
   * @param parameters one run's part after another
   * @param step seeds the sampling together with each run's own seed; one for all, or one a run
   * @param progress share done, 0 to 1; return false to stop early (the result is then null)
   */
  async evaluate(
    parameters: Float32Array,
    step: number | readonly number[],
    progress?: (done: number) => boolean,
  ): Promise<EvalResult[] | null> {
    const runs = this.configs.length;
    const size = parameters.length / runs;
    this.configs.forEach((config, run) => {
      const state = new Uint32Array(STATE_SIZE);
      state[STATE.seed] = randomBits(config.seed, STREAM.evaluation, typeof step === 'number' ? step : step[run], 0);
      this.memory.write('state', state, run);
      this.memory.write('parameters', parameters.subarray(run * size, (run + 1) * size), run);
    });
    this.memory.write('tally', new Uint32Array(2 * this.bank.columns.length));
    for (let i = 0; i < this.replays; i++) {
      // Each replay draws random numbers of its own.
      this.memory.write('state', Uint32Array.of(i), undefined, STATE.step);
      this.program.run();
      await this.memory.idle();
      await breathe();
      if (progress && !progress((i + 1) / this.replays)) return null;
    }
    const counts = await this.memory.read('tally');
    return this.configs.map((_, run) => this.result(counts.subarray(run * 2 * this.bank.columns.length) as Uint32Array));
  }

  private result(counts: Uint32Array): EvalResult {
    const benchmarks: Record<string, number> = {};
    const byDomain = new Map<string, number[]>();
    this.bank.columns.forEach(({ domain, column }, i) => {
      const accuracy = counts[2 * i] / counts[2 * i + 1];
      benchmarks[column] = accuracy;
      byDomain.set(domain, [...(byDomain.get(domain) ?? []), accuracy]);
    });
    const mean = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
    const domains = Object.fromEntries([...byDomain].map(([domain, xs]) => [domain, mean(xs)]));
    return { benchmarks, domains, average: mean(Object.values(benchmarks)) };
  }

  destroy(): void {
    this.memory.destroy();
  }
}
