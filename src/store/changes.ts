import { ConfigError, type Field, field, type Value } from '../config/fields';
import { PRESETS } from '../config/presets';
import { completePresets, differences, merged, nest, preset, resolve } from '../config/resolve';
import type { Config, Layer } from '../config/schema';
import { parseMix } from '../host/mix';

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
  return onPresets(presets, config, [
    ...all.filter((p) => preset(p).kind === 'size'),
    ...all.filter((p) => preset(p).kind !== 'size'),
  ]);
}

/**
 * Adds an ablation, or takes it away; the user's own values stay.
 * @throws ConfigError for a preset that is no ablation, or when they do not go together
 */
export function withAblation(presets: readonly string[], config: Config, name: string): { presets: string[]; config: Config } {
  if (preset(name).kind !== 'ablation') throw new ConfigError(`invalid ablation: ${name} (a ${preset(name).kind})`);
  const next = presets.includes(name) ? presets.filter((p) => p !== name) : completePresets([...presets, name]);
  return onPresets(presets, config, next);
}

function onPresets(presets: readonly string[], config: Config, next: string[]): { presets: string[]; config: Config } {
  const own = differences(config, resolve(presets));
  const base = resolve(next);
  return { presets: next, config: own.length ? merged(base, layerOf(own)) : base };
}

const resolved = new WeakMap<readonly string[], Config>();

/** What the presets say, kept for as long as their list is; do not change it. */
export function presetConfig(presets: readonly string[]): Config {
  const known = resolved.get(presets) ?? resolve(presets);
  resolved.set(presets, known);
  return known;
}

/** Checks the text of a field that names domains with their weights. @throws ConfigError naming the field and what is wrong */
export const checkMix = (path: string, text: string): void => void parseMix(text, path);

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

/** Fields in which a lane differs from the first one; the first lane says how it differs from the second. */
export function laneDifferences(lanes: readonly { config: Config }[], lane: number): { path: string; value: Value }[] {
  const other = lanes[lane === 0 ? 1 : 0];
  return other ? differences(lanes[lane].config, other.config).map(({ path, value }) => ({ path, value })) : [];
}
