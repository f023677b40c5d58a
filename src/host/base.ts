import { FIELDS, getValue } from '../config/fields';
import { resolve } from '../config/resolve';
import type { Config } from '../config/schema';
import { type Checkpoint, decodeCheckpoint } from '../engine/checkpoint';
import type { Backend } from '../gpu/backend';

/** Reads a shipped file by its path under `public/`; null when there is none. */
export type ReadPublic = (path: string) => Promise<Uint8Array | null>;

/** Fields that a base checkpoint depends on. */
const BASE_FIELDS = FIELDS.map((f) => f.path).filter(
  (p) => /^(policy|warmStart)\./.test(p) || ['tasks.world', 'tasks.modulus', 'tasks.relatedness'].includes(p),
);

/** What a configuration's base checkpoint depends on, as text: equal for configurations that share one. */
export const baseKey = (config: Config): string => JSON.stringify(BASE_FIELDS.map((p) => getValue(config, p)));

/** Presets of every shipped base checkpoint, under `public/base` by their names: `base/tiny.safetensors`, `base/tiny-gru.safetensors`. */
export const BASES: readonly (readonly string[])[] = [
  ['tiny'],
  ['classroom'],
  ['paper'],
  ['tiny', 'gru'],
  ['tiny', 'deep'],
  ['classroom', 'gru'],
  ['classroom', 'deep'],
];

/** Path under `public/` of the base checkpoint of these presets. */
export const basePath = (presets: readonly string[]): string => `base/${presets.join('-')}.safetensors`;

/** What `baseCheckpoint` needs from its surroundings. */
export interface BaseOptions {
  readPublic: ReadPublic;
  /** One line for the user. */
  say: (line: string) => void;
  /** Share of a warm start done (0 to 1) and its loss; return false to stop. */
  progress?: (done: number, loss: number) => boolean;
}

/**
 * The base checkpoint that `config` starts from: the shipped one that fits it, or, where none does, a fresh warm start.
 * @returns null when `progress` stopped the warm start
 */
export async function baseCheckpoint(
  backend: Backend,
  config: Config,
  o: BaseOptions,
): Promise<{ checkpoint: Checkpoint; where: string } | null> {
  const misfit = (other: Config) => BASE_FIELDS.find((p) => getValue(config, p) !== getValue(other, p));
  for (const presets of BASES) {
    if (misfit(resolve(presets))) continue;
    const where = basePath(presets);
    const bytes = await o.readPublic(where);
    if (!bytes) continue;
    const checkpoint = decodeCheckpoint(bytes, where);
    const differs = misfit(checkpoint.config);
    if (!differs) return { checkpoint, where };
    o.say(`${where} was made with another ${differs}`);
  }
  o.say(`no shipped base checkpoint fits this configuration: warm start of ${config.warmStart.steps} supervised steps first`);
  const { warmStart } = await import('../engine/warmStart');
  const checkpoint = await warmStart(
    backend,
    { ...config, seed: 0 },
    {
      stride: backend.kind === 'cpu' ? 1 : 5,
      progress: (step, loss) => o.progress?.(step / config.warmStart.steps, loss) ?? true,
    },
  );
  return checkpoint && { checkpoint, where: 'warm start' };
}
