import { readFileSync } from 'node:fs';
import { resolve } from '../../src/config/resolve';
import type { Config, Layer } from '../../src/config/schema';
import { decodeCheckpoint } from '../../src/engine/checkpoint';
import { Trainer } from '../../src/engine/trainer';
import type { Backend } from '../../src/gpu/backend';

/** The shipped tiny base checkpoint: what trainings in tests start from. */
export const tinyBase = () => ({
  checkpoint: decodeCheckpoint(
    new Uint8Array(readFileSync(new URL('../../public/base/tiny.safetensors', import.meta.url))),
    'tiny base',
  ),
  where: 'tiny base',
});

/** The tiny policy with a pool small enough for the references. */
export const smallConfig = (method: 'grpo' | 'mcpo-grpo', layer: Layer = {}): Config =>
  resolve(['tiny', method], {
    steps: 20,
    tasks: { instances: 32 },
    rollout: { prompts: 10, group: 4 },
    contrast: { warmup: 3 },
    eval: { prompts: 4, samples: 2 },
    ...layer,
  });

/** Metrics of `steps` steps as JSON lines, per run. */
export async function trained(backend: Backend, configs: Config[], steps: number): Promise<string[][]> {
  const trainer = await Trainer.create(backend, configs, [tinyBase()]);
  const metrics = await trainer.step(steps);
  trainer.destroy();
  return metrics.map((run) => run.map((s) => JSON.stringify(s)));
}
