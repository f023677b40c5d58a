import { merged, resolve } from '../../config/resolve';
import type { Config, Layer } from '../../config/schema';
import { DOMAINS } from '../../tasks/registry';
import { count } from './format';
import type { Size, Variant } from './types';

/**
 * How every run is measured unless the command line says otherwise. Sampling then adds at most 50 / √(9 · 800) = 0.6 points of standard
 * deviation to the average of nine benchmarks.
 */
export const HELD_OUT = { every: 0, prompts: 200, samples: 4 } as const satisfies Layer['eval'];

/** What decides a run's configuration beside its variant. */
export interface RunSettings {
  size: Size;
  seed: number;
  /** Training steps; the size's own when left out. */
  steps?: number;
  /** Changes to every run, such as `eval.*`. */
  changes?: Layer;
}

/**
 * Configuration of one run of a variant.
 * @throws Error for a variant that is made from other variants' runs
 * @throws ConfigError for values out of range
 */
export function configOf(variant: Variant, { size, seed, steps, changes = {} }: RunSettings): Config {
  if (variant.from) throw new Error(`${variant.id} has no runs of its own`);
  const config = merged(resolve([size, ...variant.presets], variant.changes), changes);
  return merged(config, { seed, ...(steps === undefined ? {} : { steps }) });
}

/** Variants that are trained; the others are made from their runs. */
export const trainedVariants = (variants: readonly Variant[]): Variant[] => variants.filter((v) => !v.from);

/** What differs from the paper at a size, whatever the experiment. */
export function sizeNotes(size: Size): string[] {
  const { rollout, policy, optimizer, contrast, head, steps } = resolve([size]);
  const columns = DOMAINS.reduce((sum, d) => sum + d.columns.length, 0);
  const like = rollout.prompts === 128 && rollout.group === 8 && rollout.miniBatches === 2;
  const headLike = head.hidden === 256 && head.width === 256 && contrast.warmup === 100;
  return [
    `The policy is a transformer of width ${policy.width} with ${count(policy.layers, 'layer')}, warm-started on noisy demonstrations; the paper trains language models of 4 to 8 billion parameters.`,
    `The ${DOMAINS.length} domains and ${columns} benchmarks are synthetic tasks that bear the paper’s names: accuracies cannot be compared with the paper’s, only signs and sizes of differences.`,
    ...(like
      ? []
      : [
          `A step samples ${rollout.prompts} prompts × ${rollout.group} rollouts for ${count(rollout.miniBatches, 'update')}; the paper 128 × 8 for 2 updates of 64 × 8 = 512.`,
        ]),
    `${steps} steps unless --steps says otherwise; the paper about 513 (3 epochs of 22 000 prompts). The learning rate peaks at ${optimizer.lr}; the paper’s is taken to be 1e-6.`,
    ...(headLike
      ? []
      : [
          `The contrastive warm-up takes ${count(contrast.warmup, 'update')} (the paper 100), the head is ${head.hidden} → ${head.width} wide (256 → 256).`,
        ]),
    `Held-out accuracy is avg@${HELD_OUT.samples} over ${HELD_OUT.prompts} prompts a benchmark unless the command line says otherwise; the paper’s is avg@32.`,
    'All seeds and variants that share a model and a world start from the same base checkpoint, so intervals cover training and evaluation, not the warm start.',
  ];
}
