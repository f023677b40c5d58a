import type { ZodMiniType } from 'zod/mini';
import { about, type Config, type FieldMeta, type NumberBounds, schema } from './schema';

/** Value of a field. */
export type Value = number | boolean | string;

/** One field of the schema, flattened. */
export interface Field extends FieldMeta {
  /** Dotted key path, e.g. `contrast.tau`. */
  path: string;
  kind: 'integer' | 'number' | 'boolean' | 'text' | 'choice';
  /** What a choice may be, in the order of its indices in `hyper`. */
  options?: readonly string[];
  /** Bounds of numeric fields (inclusive). */
  min?: number;
  max?: number;
  default: Value;
}

type Def = {
  type: string;
  entries?: Record<string, string>;
  shape?: Record<string, ZodMiniType>;
  innerType?: ZodMiniType;
  defaultValue?: unknown;
};
const defOf = (type: ZodMiniType): Def => (type as unknown as { def: Def }).def;

function walk(type: ZodMiniType, path: string): Field[] {
  const def = defOf(type);
  if (def.type === 'prefault' && def.innerType) return walk(def.innerType, path);
  if (def.type === 'object' && def.shape)
    return Object.entries(def.shape).flatMap(([key, inner]) => walk(inner, path ? `${path}.${key}` : key));
  const inner = def.innerType as ZodMiniType;
  const { integer, min, max, ...meta } = about.get(type) as FieldMeta & Partial<NumberBounds>;
  const base = { path, ...meta, default: def.defaultValue as Value };
  const { type: kind } = defOf(inner);
  if (kind === 'boolean') return [{ ...base, kind: 'boolean' }];
  if (kind === 'enum') return [{ ...base, kind: 'choice', options: Object.keys(defOf(inner).entries ?? {}) }];
  if (kind === 'string') return [{ ...base, kind: 'text' }];
  return [{ ...base, kind: integer ? 'integer' : 'number', min: min as number, max: max as number }];
}

/** Every field of the schema, in its order. */
export const FIELDS: readonly Field[] = walk(schema, '');
const byPath = new Map(FIELDS.map((f) => [f.path, f]));

/** @throws ConfigError when there is no such field; names the nearest one. */
export function field(path: string): Field {
  const found = byPath.get(path);
  if (!found) throw new ConfigError(`unknown key: ${path}${nearest(path)}`);
  return found;
}

/** Value at a dotted key path that the schema knows. */
export function getValue(config: Config, path: string): Value {
  let at: unknown = config;
  for (const key of path.split('.')) at = (at as Record<string, unknown>)[key];
  return at as Value;
}

/** A configuration error: one sentence with value, place and bound. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** A field's bounds in words: `0.01 to 2`. */
export const bounds = (f: Field): string =>
  f.kind === 'boolean'
    ? 'true or false'
    : f.options
      ? f.options.join(', ')
      : f.kind === 'text'
        ? 'text of at most 200 characters'
        : `${f.kind === 'integer' ? 'an integer from ' : ''}${f.min} to ${f.max}`;

/**
 * Parses the text of one field's value.
 * @throws ConfigError `invalid contrast.tau: 9 (0.01 to 2)`
 */
export function parseValue(path: string, raw: string): Value {
  const f = field(path);
  const bad = () => new ConfigError(`invalid ${path}: ${raw === '' ? '(empty)' : raw} (${bounds(f)})`);
  if (f.kind === 'text') {
    if (raw.length > 200) throw bad();
    return raw;
  }
  if (f.options) {
    if (!f.options.includes(raw)) throw bad();
    return raw;
  }
  if (f.kind === 'boolean') {
    if (raw !== 'true' && raw !== 'false') throw bad();
    return raw === 'true';
  }
  const value = raw.trim() === '' ? Number.NaN : Number(raw);
  if (!Number.isFinite(value) || (f.kind === 'integer' && !Number.isSafeInteger(value))) throw bad();
  if (value < (f.min as number) || value > (f.max as number)) throw bad();
  return value;
}

function nearest(path: string): string {
  const last = path.split('.').pop() as string;
  const near = FIELDS.filter((f) => f.path.split('.').pop() === last || f.path.startsWith(`${path}.`)).map((f) => f.path);
  return near.length ? ` (did you mean ${near.slice(0, 3).join(' or ')}?)` : ' (see `mcpo-lab help fields`)';
}
