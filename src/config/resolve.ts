import { bounds, ConfigError, FIELDS, getValue, parseValue, type Value } from './fields';
import { PRESETS, type Preset } from './presets';
import { type Config, type Layer, schema } from './schema';

/** Format version of the URL text and of saved configurations. */
export const CONFIG_VERSION = 1;
/** Size and method where none is named. */
export const DEFAULT_PRESETS: readonly string[] = ['classroom', 'mcpo-grpo'];

/** @throws ConfigError when there is no such preset. */
export function preset(name: string): Preset {
  const found = PRESETS.find((p) => p.name === name);
  if (!found) throw new ConfigError(`unknown preset: ${name} (one of ${PRESETS.map((p) => p.name).join(', ')})`);
  return found;
}

/** A size and a method, the given ones over the defaults, then ablations: so a method's fields win whatever the order. */
export function completePresets(names: readonly string[]): string[] {
  const chosen = names.map(preset);
  const all = [...DEFAULT_PRESETS.filter((d) => !chosen.some((c) => c.kind === preset(d).kind)), ...names];
  return ['size', 'method', 'ablation'].flatMap((kind) => all.filter((name) => preset(name).kind === kind));
}

function merge(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const out = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = out[key];
    out[key] =
      typeof value === 'object' && value !== null && typeof old === 'object' && old !== null
        ? merge(old as Record<string, unknown>, value as Record<string, unknown>)
        : value;
  }
  return out;
}

/**
 * Checks a whole configuration; missing fields get their defaults.
 * @throws ConfigError naming key path, value and bound of the first fault.
 */
export function validate(input: unknown): Config {
  const result = schema.safeParse(input);
  if (!result.success) {
    const issue = result.error.issues[0];
    const path = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') throw new ConfigError(`unknown key: ${[...issue.path, issue.keys[0]].join('.')}`);
    let at: unknown = input;
    for (const key of issue.path) at = (at as Record<PropertyKey, unknown> | undefined)?.[key];
    const f = FIELDS.find((x) => x.path === path);
    throw new ConfigError(
      `invalid ${path || 'configuration'}: ${typeof at === 'object' ? JSON.stringify(at) : String(at)} (${f ? bounds(f) : issue.message})`,
    );
  }
  return checkTogether(result.data);
}

/** Most rollouts that one step may generate for a filter to choose from. */
const MAX_CANDIDATES = 2 ** 20;

/** Bounds that tie fields together. */
function checkTogether(config: Config): Config {
  const { policy, rollout, sampler, curriculum } = config;
  const multiple = (path: string, of: number, why: string) => {
    const value = getValue(config, path) as number;
    if (value % of !== 0) throw new ConfigError(`invalid ${path}: ${value} (a multiple of ${of}${why})`);
  };
  if (policy.kind === 'gru') multiple('policy.width', 4, '');
  else multiple('policy.width', 4 * policy.heads, ': 4 channels or a multiple for each of the policy.heads');
  multiple('head.hidden', 4, '');
  multiple('head.width', 4, '');
  multiple('clipo.hidden', 4, '');
  multiple('clipo.width', 4, '');
  multiple('rollout.prompts', rollout.miniBatches, ', the number of rollout.miniBatches');
  const perRound = rollout.prompts * rollout.group;
  if ((sampler.filter !== 'none' || curriculum.rule !== 'off') && sampler.rounds * perRound > MAX_CANDIDATES)
    throw new ConfigError(
      `invalid sampler.rounds: ${sampler.rounds} (at most ${Math.floor(MAX_CANDIDATES / perRound)} rounds of ${perRound} rollouts)`,
    );
  return config;
}

/** What is allowed but hardly meant, one sentence each. */
export function cautions({ rollout, sampler, curriculum }: Config): string[] {
  const out: string[] = [];
  if (rollout.group === 1)
    out.push(
      'rollout.group is 1: a rollout has no others to be compared with, so its advantage is its reward and wrong responses teach nothing',
    );
  if (sampler.filter === 'mixed' && sampler.rounds === 1)
    out.push('sampler.rounds is 1: groups that the filter drops are not replaced, so batches shrink');
  if (sampler.filter === 'mixed' && rollout.group === 1) out.push('sampler.filter keeps every group of one rollout');
  if (curriculum.rule !== 'off' && sampler.filter === 'none')
    out.push('curriculum.rule without sampler.filter=mixed: domains are drawn by their weights, but no group is replaced');
  return out;
}

/** Presets in order (completed by the defaults), then single fields. */
export function resolve(presets: readonly string[], changes: Layer = {}): Config {
  const layers = completePresets(presets).map((name) => preset(name).layer as Record<string, unknown>);
  return validate([...layers, changes as Record<string, unknown>].reduce(merge, {}));
}

/** A configuration with some fields changed. @throws ConfigError */
export const merged = (config: Config, changes: Layer): Config => validate(merge(config, changes as Record<string, unknown>));

/** Turns `key=value` words into a layer. @throws ConfigError */
export function parseAssignments(words: readonly string[]): Layer {
  let layer: Record<string, unknown> = {};
  for (const word of words) {
    const cut = word.indexOf('=');
    if (cut < 1) throw new ConfigError(`invalid argument: ${word} (key=value)`);
    layer = merge(layer, nest(word.slice(0, cut), parseValue(word.slice(0, cut), word.slice(cut + 1))));
  }
  return layer as Layer;
}

/** `nest('a.b', 1)` is `{ a: { b: 1 } }`. */
export function nest(path: string, value: Value): Record<string, unknown> {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;
}

/** Fields whose value differs from `base`. */
export function differences(config: Config, base: Config): { path: string; value: Value; base: Value }[] {
  return FIELDS.map((f) => ({ path: f.path, value: getValue(config, f.path), base: getValue(base, f.path) })).filter(
    (d) => d.value !== d.base,
  );
}

/** Text for the URL's fragment: version, presets, and only what differs from them. */
export function toUrlText(presets: readonly string[], config: Config): string {
  const words = [`v=${CONFIG_VERSION}`, ...completePresets(presets).map((p) => `preset=${p}`)];
  for (const { path, value } of differences(config, resolve(presets))) words.push(`${path}=${encodeURIComponent(String(value))}`);
  return words.join('&');
}

/**
 * Reads what `toUrlText` wrote. Bad parts are not ignored: each gives a sentence in `problems` and its default stays.
 */
export function fromUrlText(textIn: string): { presets: string[]; config: Config; problems: string[] } {
  const problems: string[] = [];
  const presets: string[] = [];
  const layers: Record<string, unknown>[] = [];
  const attempt = (action: () => void) => {
    try {
      action();
    } catch (error) {
      problems.push((error as Error).message);
    }
  };
  for (const word of textIn.replace(/^#/, '').split('&').filter(Boolean))
    attempt(() => {
      const cut = word.indexOf('=');
      const key = cut < 0 ? word : word.slice(0, cut);
      const value = decode(key, cut < 0 ? '' : word.slice(cut + 1));
      if (key === 'preset') presets.push(preset(value).name);
      else if (key !== 'v') layers.push(nest(key, parseValue(key, value)));
      else if (value !== String(CONFIG_VERSION))
        problems.push(`unknown link version: ${value} (this page reads ${CONFIG_VERSION})`);
    });
  let changes = layers.reduce(merge, {});
  try {
    resolve(presets, changes as Layer);
  } catch {
    // Values that do not fit together: keep those that fit what came before them.
    changes = {};
    for (const layer of layers)
      attempt(() => {
        const next = merge(changes, layer);
        resolve(presets, next as Layer);
        changes = next;
      });
  }
  return { presets: completePresets(presets), config: resolve(presets, changes as Layer), problems };
}

function decode(key: string, raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new ConfigError(`invalid ${key}: ${raw} (not a URL text)`);
  }
}
