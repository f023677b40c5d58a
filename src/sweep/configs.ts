import { field, type Value } from '../config/fields';
import { preset, resolve } from '../config/resolve';
import type { Config, Layer } from '../config/schema';
import { checkMixes } from '../engine/names';
import { type Assignment, METHOD, type SweepSpec } from './types';

/** Presets of a point: the swept method, where there is one, stands for the specification's own. @throws ConfigError */
export function presetsOf({ presets }: Pick<SweepSpec, 'presets'>, values: Assignment): string[] {
  const method = values[METHOD];
  if (method === undefined) return [...presets];
  return [...presets.filter((name) => preset(name).kind !== 'method'), preset(String(method)).name];
}

/** Sets a field of a layer. @throws ConfigError when there is no such field */
function put(layer: Record<string, unknown>, path: string, value: Value): void {
  const keys = field(path).path.split('.');
  let at = layer;
  for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
  at[keys[keys.length - 1]] = value;
}

/** The configuration of a trial: presets, then what all trials have in common, then the point's values, then the seed. @throws ConfigError */
export function configOf(spec: Pick<SweepSpec, 'presets' | 'changes'>, values: Assignment, seed: number): Config {
  const layer: Record<string, unknown> = { seed };
  for (const [path, value] of Object.entries({ ...spec.changes, ...values })) if (path !== METHOD) put(layer, path, value);
  const config = resolve(presetsOf(spec, values), layer as Layer);
  checkMixes(config);
  return config;
}
