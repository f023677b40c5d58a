import { merged, resolve } from '../config/resolve';
import type { Layer } from '../config/schema';
import { cpuBackend } from '../gpu/cpuBackend';
import { PlanBuilder } from '../gpu/plan';
import { STATS_SIZE, statOf } from '../kernels/metrics';
import { Random } from '../math/random';
import { DOMAINS } from '../tasks/registry';
import { filledTraining, SMALL, sprinkleRewards } from './selfTest';
import { addObjective, type UpdateContext } from './update';

/** One tensor, one direction: the backward pass against a central difference. */
export interface DifferenceCheck {
  tensor: string;
  /** ⟨gradient, direction⟩ of the backward pass. */
  analytic: number;
  /** Central difference of the whole objective along the direction. */
  numeric: number;
  /** |analytic − numeric| relative to the larger of them and a thousandth of the gradient's length. */
  error: number;
}

/**
 * Finite differences of the whole objective L = L_policy + λ L_CL (12) in float64 on the CPU references, along one random unit
 * direction per tensor. The compatibility weights are held fixed, as their stop-gradient asks (5), unless contrast.weightGradient is on.
 * @param layer changes to the small MCPO-GRPO configuration that is checked
 */
export async function finiteDifferences(layer: Layer = {}, step = 1e-5): Promise<DifferenceCheck[]> {
  const backend = cpuBackend({ precision: 'f64' });
  const small = resolve(['mcpo-grpo'], {
    ...SMALL,
    contrast: { lambda: 0.3, warmup: 0 },
    rollout: { prompts: 10, group: 4, miniBatches: 1 },
  });
  const configs = [merged(small, layer)];
  const { contrast } = configs[0];
  const { memory, plan, shape } = await filledTraining(backend, configs);
  const split = plan.dispatches.findIndex((d) => d.kernel.name === 'advantage');
  (await memory.compile({ name: 'draw', dispatches: plan.dispatches.slice(0, split) })).run();
  sprinkleRewards(memory, 1);
  (await memory.compile({ name: 'advantage', dispatches: [plan.dispatches[split]] })).run();
  const logp = await memory.read('batch.logp');
  const random = new Random(11, 101);
  // Old log-probabilities off by up to a half: ratios on both sides of every clip bound.
  memory.write('batch.logp', logp.map((x) => x + 0.5 * (2 * random.unit() - 1)) as Float64Array);

  const { policy, batch, parameters, head, throughWeights = false } = shape;
  const context: UpdateContext = { policy, batch, parameters, parts: DOMAINS.length, throughWeights, ...(head ? { head } : {}) };
  const b = new PlanBuilder('objective', memory.layout);
  addObjective(b, context, 0);
  const whole = await memory.compile(b.build());
  const frozen = await memory.compile({
    name: 'objective, weights as the gradient takes them',
    dispatches: b.dispatches.filter((d) => contrast.weightGradient || d.kernel.name !== 'compatibility'),
  });
  const value = async (): Promise<number> => {
    memory.write('stats', new Float64Array(STATS_SIZE)); // an update begins with empty metrics
    frozen.run();
    const stats = await memory.read('stats');
    const of = (name: 'loss/policy' | 'loss/contrastive') => stats[statOf(name)] / stats[statOf(name) + 1];
    return of('loss/policy') + contrast.lambda * of('loss/contrastive');
  };
  whole.run();
  const gradient = await memory.read('total');
  const start = await memory.read('parameters');
  const checks: DifferenceCheck[] = [];
  for (const { name, offset, rows, columns } of parameters.tensors) {
    const count = rows * columns;
    const direction = Float64Array.from({ length: count }, () => random.normal());
    const length = Math.sqrt(direction.reduce((s, x) => s + x * x, 0));
    let analytic = 0;
    let norm = 0;
    for (let i = 0; i < count; i++) {
      direction[i] /= length;
      analytic += gradient[offset + i] * direction[i];
      norm += gradient[offset + i] ** 2;
    }
    const at = async (t: number) => {
      memory.write(
        'parameters',
        start.subarray(offset, offset + count).map((x, i) => x + t * direction[i]) as Float64Array,
        0,
        offset,
      );
      return value();
    };
    const numeric = ((await at(step)) - (await at(-step))) / (2 * step);
    await at(0);
    const scale = Math.max(Math.abs(analytic), Math.abs(numeric), 1e-3 * Math.sqrt(norm), 1e-10);
    checks.push({ tensor: name, analytic, numeric, error: Math.abs(analytic - numeric) / scale });
  }
  memory.destroy();
  return checks;
}
