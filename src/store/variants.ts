import { ConfigError, field, getValue, parseValue, type Value } from '../config/fields';
import { PRESETS } from '../config/presets';
import { merged, nest } from '../config/resolve';
import type { Config, Layer } from '../config/schema';
import { chosen, withPreset } from './changes';

/** What a counterfactual step changes about the run: its method (null: the run's own), and the values of some of KNOBS. */
export interface Variant {
  method: string | null;
  values: Readonly<Record<string, Value>>;
}

/** A configuration with the presets it came from. */
export interface Settings {
  presets: readonly string[];
  config: Config;
}

/** Fields that a counterfactual step may change, beside the method. */
export const KNOBS = [
  'objective.clipLow',
  'objective.clipHigh',
  'objective.dualClip',
  'rollout.group',
  'contrast.lambda',
  'contrast.tau',
  'contrast.beta',
  'contrast.gamma',
  'optimizer.lr',
  'surgery.granularity',
] as const;

/** The run as it is. */
export const UNCHANGED: Variant = { method: null, values: {} };
/** Most variants that are tried side by side. */
export const MAX_VARIANTS = 2;
/** Their names. */
export const VARIANT_NAMES = ['A', 'B'] as const;

const METHODS = PRESETS.filter((p) => p.kind === 'method').map((p) => p.name);

/**
 * The settings of a variant of a run. @throws ConfigError when the values do not go together, or ask for more rollouts of each prompt
 * than a batch of the run has
 */
export function settingsOf(run: Settings, { method, values }: Variant): Settings {
  const { presets, config } = method ? withPreset(run.presets, run.config, method) : run;
  const own = Object.entries(values).reduce((c, [path, value]) => merged(c, nest(path, value) as Layer), config);
  const most = run.config.rollout.group;
  if (own.rollout.group > most)
    throw new ConfigError(
      `invalid rollout.group: ${own.rollout.group} (1 to ${most}, the rollouts that the frozen batch has of each prompt)`,
    );
  return { presets, config: own };
}

/**
 * The variant with one field set from its text; a value that the run, or the variant's method, has anyway is no change.
 * @throws ConfigError naming value and bound
 */
export function withValue(run: Settings, variant: Variant, path: string, text: string): Variant {
  const value = parseValue(path, text.trim());
  const { [path]: _, ...rest } = variant.values;
  const without = { ...variant, values: rest };
  const next =
    getValue(settingsOf(run, without).config, path) === value ? without : { ...variant, values: { ...rest, [path]: value } };
  settingsOf(run, next);
  return next;
}

/** The variant with another method; the run's own is no change. @throws ConfigError when the run's values do not fit the method */
export function withMethod(run: Settings, variant: Variant, name: string): Variant {
  const next = { ...variant, method: chosen(run.presets, 'method')?.name === name ? null : name };
  settingsOf(run, next);
  return next;
}

/** Whether a variant changes nothing. */
export const isUnchanged = ({ method, values }: Variant): boolean => method === null && Object.keys(values).length === 0;

/** `method:mgs,contrast.lambda:0;rollout.group:4`; empty for a single variant without changes. */
export const variantsText = (variants: readonly Variant[]): string =>
  variants
    .map(({ method, values }) =>
      [...(method ? [`method:${method}`] : []), ...Object.entries(values).map(([path, value]) => `${path}:${value}`)].join(','),
    )
    .join(';');

/** What `variantsText` wrote. @throws ConfigError naming what no variant may change, or what is out of bounds */
export function parseVariants(text: string): Variant[] {
  const parts = text.split(';');
  if (parts.length > MAX_VARIANTS)
    throw new ConfigError(`invalid whatif: ${text} (at most ${MAX_VARIANTS} variants, ${parts.length} given)`);
  return parts.map((part) => {
    const variant: { method: string | null; values: Record<string, Value> } = { method: null, values: {} };
    for (const word of part.split(',').filter(Boolean)) {
      const cut = word.indexOf(':');
      const [path, value] = [word.slice(0, Math.max(0, cut)), word.slice(cut + 1)];
      if (path === 'method') {
        if (!METHODS.includes(value)) throw new ConfigError(`invalid whatif: ${word} (one of ${METHODS.join(', ')})`);
        variant.method = value;
      } else {
        if (!KNOBS.some((k) => k === path))
          throw new ConfigError(`invalid whatif: ${word} (one of method, ${KNOBS.join(', ')}, with its value after a colon)`);
        variant.values[field(path).path] = parseValue(path, value);
      }
    }
    return variant;
  });
}
