import { FIELDS, getValue } from '../config/fields';
import { PRESETS } from '../config/presets';
import { resolve } from '../config/resolve';
import type { Config } from '../config/schema';
import { type Checkpoint, decodeCheckpoint } from '../engine/checkpoint';
import { warmStart } from '../engine/warmStart';
import type { Backend } from '../gpu/backend';

/** Reads a shipped file by its path under `public/`; null when there is none. */
export type ReadPublic = (path: string) => Promise<Uint8Array | null>;

/** Fields that a base checkpoint depends on. */
const BASE_FIELDS = FIELDS.map((f) => f.path).filter(
  (p) => /^(policy|warmStart)\./.test(p) || ['tasks.world', 'tasks.modulus', 'tasks.relatedness'].includes(p),
);

/** What a configuration's base checkpoint depends on, as text: equal for configurations that share one. */
export const baseKey = (config: Config): string => JSON.stringify(BASE_FIELDS.map((p) => getValue(config, p)));

/** Path under `public/` of a size's base checkpoint. */
export const basePath = (size: string): string => `base/${size}.safetensors`;

/** What `baseCheckpoint` needs from its surroundings. */
export interface BaseOptions {
  readPublic: ReadPublic;
  /** One line for the user. */
  say: (line: string) => void;
  /** Share of a warm start done (0 to 1) and its loss; return false to stop. */
  progress?: (done: number, loss: number) => boolean;
}

/**
 * The base checkpoint that `config` starts from: the shipped one of its size, or, where none fits, a fresh warm start.
 * @returns null when `progress` stopped the warm start
 */
export async function baseCheckpoint(
  backend: Backend,
  config: Config,
  o: BaseOptions,
): Promise<{ checkpoint: Checkpoint; where: string } | null> {
  const misfit = (other: Config) => BASE_FIELDS.find((p) => getValue(config, p) !== getValue(other, p));
  for (const { name } of PRESETS.filter((p) => p.kind === 'size')) {
    if (misfit(resolve([name]))) continue;
    const bytes = await o.readPublic(basePath(name));
    if (!bytes) continue;
    const where = basePath(name);
    const checkpoint = decodeCheckpoint(bytes, where);
    const differs = misfit(checkpoint.config);
    if (!differs) return { checkpoint, where };
    o.say(`${where} was made with another ${differs}`);
  }
  o.say(`no shipped base checkpoint fits this configuration: warm start of ${config.warmStart.steps} supervised steps first`);
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
