import type { Config } from '../src/config/schema';
import { nameParameters } from '../src/engine/checkpoint';
import { initialParameters, parameterLayout } from '../src/engine/parameters';
import { policyShape } from '../src/engine/shape';
import type { Start } from '../src/engine/trainer';
import type { Backend } from '../src/gpu/backend';
import { baseCheckpoint } from '../src/host/base';

/** Supervised steps where no shipped base fits: enough that some rollouts are correct. */
const SHORT_WARM_START = 150;

/**
 * Weights to measure with: the shipped base of this size; else a short warm start, so that the pool has correct and wrong rollouts as in
 * training; with `warmStart.steps=0` random weights.
 */
export async function startFor(
  backend: Backend,
  config: Config,
  readPublic: (path: string) => Promise<Uint8Array | null>,
  say: (text: string) => void,
): Promise<Start> {
  if (config.warmStart.steps === 0) {
    const policy = policyShape(config);
    const layout = parameterLayout(policy);
    const parameters = nameParameters(layout, initialParameters(layout, policy.layers, config.seed));
    return { checkpoint: { config, parameters }, where: 'random weights' };
  }
  const shipped = await baseCheckpoint(backend, config, { readPublic, say: () => {}, progress: () => false });
  if (shipped) return shipped;
  const steps = Math.min(SHORT_WARM_START, config.warmStart.steps);
  say(`no shipped base checkpoint fits: ${steps} supervised steps first`);
  const made = await baseCheckpoint(
    backend,
    { ...config, warmStart: { ...config.warmStart, steps } },
    { readPublic: async () => null, say: () => {} },
  );
  if (!made) throw new Error('the warm start was stopped');
  return { checkpoint: made.checkpoint, where: `${steps} supervised steps` };
}
