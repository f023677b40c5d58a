import { type Field, field, type Value } from '../config/fields';
import { PRESETS } from '../config/presets';
import { differences, merged, nest, preset, resolve } from '../config/resolve';
import type { Config, Layer } from '../config/schema';

/** A field that differs from the presets: its value and theirs. */
export interface Change {
  field: Field;
  value: Value;
  base: Value;
}

/** Fields that differ from the presets; the seed has a control of its own and is left out. */
export const changesOf = (presets: readonly string[], config: Config): Change[] =>
  differences(config, resolve(presets))
    .filter((d) => d.path !== 'seed')
    .map(({ path, value, base }) => ({ field: field(path), value, base }));

/** The chosen preset of one kind. */
export const chosen = (presets: readonly string[], kind: 'size' | 'method') =>
  PRESETS.find((p) => p.kind === kind && presets.includes(p.name));

/**
 * Replaces the preset of the same kind; the user's own values stay.
 * @throws ConfigError when they do not go together
 */
export function withPreset(presets: readonly string[], config: Config, name: string): { presets: string[]; config: Config } {
  const { kind } = preset(name);
  const all = [...presets.filter((p) => preset(p).kind !== kind), name];
  const next = [...all.filter((p) => preset(p).kind === 'size'), ...all.filter((p) => preset(p).kind !== 'size')];
  const own = differences(config, resolve(presets));
  const base = resolve(next);
  return { presets: next, config: own.length ? merged(base, layerOf(own)) : base };
}

function layerOf(values: readonly { path: string; value: Value }[]): Layer {
  const layer: Record<string, Record<string, Value> | Value> = {};
  for (const { path, value } of values) {
    const [[key, inner]] = Object.entries(nest(path, value)) as [string, Record<string, Value> | Value][];
    const old = layer[key];
    layer[key] = typeof inner === 'object' && typeof old === 'object' ? { ...old, ...inner } : inner;
  }
  return layer as Layer;
}

/** How an earlier configuration differed, in a few words: `GRPO · seed 3`. */
export function whatDiffered(
  earlier: { presets: readonly string[]; config: Config },
  now: { presets: readonly string[]; config: Config },
): string {
  const words = (['method', 'size'] as const).flatMap((kind) => {
    const [was, is] = [chosen(earlier.presets, kind), chosen(now.presets, kind)];
    return was && was !== is ? [was.label] : [];
  });
  if (earlier.config.seed !== now.config.seed) words.push(`seed ${earlier.config.seed}`);
  const own = changesOf(earlier.presets, earlier.config);
  const kept = changesOf(now.presets, now.config);
  const same = (a: Change, b: Change) => a.field.path === b.field.path && a.value === b.value;
  for (const c of own) if (!kept.some((k) => same(k, c))) words.push(`${c.field.label} ${c.value}`);
  for (const c of kept) if (!own.some((o) => o.field.path === c.field.path)) words.push(`${c.field.label} ${c.base}`);
  return words.join(' · ') || 'same configuration';
}
