import type { Config } from '../src/config/schema';
import { type Start, Trainer } from '../src/engine/trainer';
import type { Backend } from '../src/gpu/backend';
import { interleave } from './measure';
import { type Claim, digits, ms, table } from './table';

/** Most that a step of a method may cost, in steps of GRPO; methods without a target are measured too. */
const TARGETS: Readonly<Record<string, number>> = { 'mcpo-grpo': 1.2, mgs: 1.3, 'mt-grpo': 1.5, clipo: 1.2 };

/** Methods whose steps are timed, GRPO first. */
export const TIMED_METHODS = ['grpo', 'clipo', 'mgs', 'mt-grpo', 'mcpo-grpo', 'dapo', 'mcpo-dapo'] as const;

export interface MethodsReport {
  /** Median seconds of one step, cost relative to GRPO, and rounds of B prompts generated a step on average. */
  methods: { name: string; seconds: number; cost: number; rounds: number }[];
  claims: Claim[];
}

/**
 * Whole steps of every method, each alone on the device, interleaved, against GRPO's.
 * @param configs by method name, in the order of TIMED_METHODS
 */
export async function benchMethods(
  backend: Backend,
  configs: readonly { name: string; config: Config }[],
  start: Start,
  { repeats, say, out }: { repeats: number; say: (text: string) => void; out: (text: string) => void },
): Promise<MethodsReport> {
  say('whole steps of every method, interleaved');
  const trainers: Trainer[] = [];
  try {
    for (const { config } of configs) trainers.push(await Trainer.create(backend, [config], [start]));
    const rounds = configs.map(() => ({ sum: 0, steps: 0 }));
    const contenders = trainers.map((trainer, i) => ({
      name: configs[i].name,
      async run() {
        const [[{ metrics }]] = await trainer.step();
        rounds[i].sum += metrics['sampler/rounds'] ?? 1;
        rounds[i].steps++;
      },
    }));
    const seconds = await interleave(contenders, { least: Math.min(5, repeats), most: repeats, seconds: 120 });
    const methods = configs.map(({ name }, i) => ({
      name,
      seconds: seconds[i],
      cost: seconds[i] / seconds[0],
      rounds: rounds[i].sum / rounds[i].steps,
    }));
    out('\nOne step of each method, alone (cost: in steps of GRPO; rounds of B prompts generated)');
    const rows = methods.map((m) => [m.name, ms(m.seconds), digits(m.cost), digits(m.rounds)]);
    for (const line of table(['method', 'ms', 'cost', 'rounds'], rows)) out(line);
    const claims = methods
      .filter(({ name }) => name in TARGETS)
      .map(({ name, cost }) => ({
        text: `a step of ${name} costs ${digits(cost)} steps of GRPO`,
        target: `at most ${TARGETS[name]}`,
        met: cost <= TARGETS[name],
      }));
    return { methods, claims };
  } finally {
    for (const trainer of trainers) trainer.destroy();
  }
}
