import { packHyper } from '../config/hyper';
import type { Config } from '../config/schema';
import type { Backend } from '../gpu/backend';
import { STATS_SIZE, statOf } from '../kernels/metrics';
import { STATE, STATE_SIZE } from '../kernels/state';
import { demonstrations } from '../tasks/bank';
import { DOMAINS } from '../tasks/registry';
import { breathe } from './breathe';
import { type Checkpoint, nameParameters } from './checkpoint';
import { initialParameters, parameterLayout } from './parameters';
import { policyShape } from './shape';
import { warmStartPlan } from './trainPlan';
import { RING_ROWS } from './update';

/** The recipe's own optimiser settings (tasks.md): 30 warm-up steps, no decay, β 0.9/0.98, weight decay 0.01. */
const warmStartConfig = (config: Config): Config => ({
  ...config,
  steps: Math.max(1, config.warmStart.steps),
  optimizer: {
    lr: config.warmStart.lr,
    warmup: 30,
    decay: 1,
    beta1: 0.9,
    beta2: 0.98,
    epsilon: 1e-8,
    weightDecay: 0.01,
    clipNorm: 1,
  },
});

/** How a warm start reports and how much it submits at once. */
export interface WarmStartOptions {
  /** Called between chunks with steps done and the last negative log-likelihood per token; return false to stop. */
  progress?: (step: number, loss: number) => boolean;
  /** Steps per submission. */
  stride?: number;
}

/**
 * Supervised steps on noisy demonstrations from a random initialisation: the base checkpoint that all methods share.
 * @returns null when `progress` stopped it
 */
export async function warmStart(
  backend: Backend,
  config: Config,
  { progress, stride = 5 }: WarmStartOptions = {},
): Promise<Checkpoint | null> {
  const { steps, batch } = config.warmStart;
  const policy = policyShape(config);
  const parameters = parameterLayout(policy);
  const initial = initialParameters(parameters, policy.layers, config.seed);
  if (steps === 0) return { config, parameters: nameParameters(parameters, initial) };
  const demos = demonstrations(config, steps * batch, config.seed);
  const { layout, plan } = warmStartPlan(policy, parameters, batch, steps * batch);
  const memory = await backend.allocate(layout);
  try {
    const program = await memory.compile(plan);
    memory.write('parameters', initial);
    memory.write(
      'hyper',
      packHyper(
        warmStartConfig(config),
        DOMAINS.map(() => 0),
      ),
    );
    const state = new Uint32Array(STATE_SIZE);
    state[STATE.seed] = config.seed;
    memory.write('state', state);
    memory.write('demo.prompt', demos.prompt);
    memory.write('demo.response', demos.response);
    memory.write('demo.length', demos.length);
    for (let done = 0; done < steps; ) {
      const count = Math.min(stride, RING_ROWS, steps - done);
      program.run(count);
      done += count;
      const ring = await memory.read('ring');
      await breathe();
      const at = ((done - 1) % RING_ROWS) * STATS_SIZE + statOf('loss/policy');
      if (progress && !progress(done, ring[at] / ring[at + 1])) return null;
    }
    return { config, parameters: nameParameters(parameters, (await memory.read('parameters')) as Float32Array) };
  } finally {
    memory.destroy();
  }
}
