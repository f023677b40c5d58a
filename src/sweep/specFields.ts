import { bounds, FIELDS, type Field, field, parseValue, type Value } from '../config/fields';
import { PRESETS } from '../config/presets';
import { parseMix } from '../engine/names';
import { levelsOf } from './levels';
import { integer, invalid, list, nearest, record, SpecError, word } from './specError';
import { type Assignment, isRange, METHOD, type RangeField, type SweptField } from './types';

/** Most fields of one sweep. */
const MAX_FIELDS = 16;
/** Most values of one field, where they are named or counted. */
const MAX_VALUES = 1000;
/** Names of the method presets, which the field `method` may be. */
export const METHODS: readonly string[] = PRESETS.filter((p) => p.kind === 'method').map((p) => p.name);

/** A field of the schema. @throws SpecError naming `place` and the nearest fields */
function knownField(path: string, place: string): Field {
  try {
    return field(path);
  } catch (error) {
    const near = nearest(
      path,
      FIELDS.map((f) => f.path),
    );
    throw new SpecError(`${place}: ${near ? `unknown key: ${path}${near}` : (error as Error).message}`);
  }
}

/** A value that the schema allows for a field (METHOD: a method preset's name). @throws SpecError naming `place` */
export function fieldValue(path: string, input: unknown, place: string): Value {
  if (path === METHOD) {
    if (!METHODS.includes(input as string)) throw invalid(place, input, `a method: ${METHODS.join(', ')}`);
    return input as string;
  }
  const f = field(path);
  const type = f.kind === 'integer' || f.kind === 'number' ? 'number' : f.kind === 'boolean' ? 'boolean' : 'string';
  const bound = place.endsWith(path) ? bounds(f) : `${path}: ${bounds(f)}`;
  if (typeof input !== type) throw invalid(place, input, bound);
  let value: Value;
  try {
    value = parseValue(path, String(input));
  } catch {
    throw invalid(place, input, bound);
  }
  if (path.endsWith('.mix')) {
    try {
      parseMix(value as string, place);
    } catch (error) {
      throw new SpecError((error as Error).message);
    }
  }
  return typeof value === 'number' ? value + 0 : value;
}

/** Fixed values by key path, from key paths, nested objects or both. @throws SpecError */
export function parseChanges(input: unknown): Assignment {
  const out: Record<string, Value> = {};
  const walk = (node: unknown, path: string) => {
    if (typeof node === 'object' && node !== null && !Array.isArray(node)) {
      for (const [key, value] of Object.entries(node)) if (value !== undefined) walk(value, path ? `${path}.${key}` : key);
      return;
    }
    if (!path) throw invalid('changes', node, 'an object of key paths and values');
    if (path === 'seed') throw invalid('changes.seed', node, 'seeds are listed in seeds');
    if (path === METHOD) throw invalid('changes.method', node, 'a method is named in presets');
    knownField(path, 'changes');
    if (Object.hasOwn(out, path)) throw invalid(`changes.${path}`, node, 'each field once');
    out[path] = fieldValue(path, node, `changes.${path}`);
  };
  walk(input, '');
  return out;
}

function parseRange(f: Field, given: Record<string, unknown>, place: string): RangeField {
  const isInteger = f.kind === 'integer';
  if (f.kind !== 'number' && !isInteger)
    throw invalid(`${place}.from`, given.from ?? given.to, `${f.path} takes values: ${bounds(f)}`);
  const from = fieldValue(f.path, given.from, `${place}.from`) as number;
  const to = fieldValue(f.path, given.to, `${place}.to`) as number;
  const scale = word(given.scale ?? f.scale ?? 'linear', `${place}.scale`, ['linear', 'log']);
  if (scale === 'log' && from <= 0) throw invalid(`${place}.from`, from, 'above 0 on a log scale');
  if (to <= from) throw invalid(`${place}.to`, to, `above from, ${from}`);
  if (given.integer !== undefined && given.integer !== isInteger)
    throw invalid(`${place}.integer`, given.integer, `${isInteger}: what ${f.path} is`);
  const range: RangeField = { field: f.path, from, to, scale, integer: isInteger };
  if (given.count === undefined) return range;
  range.count = integer(given.count, `${place}.count`, 2, MAX_VALUES);
  const levels = levelsOf(range) as number[];
  const twice = levels.find((v, i) => levels.indexOf(v) < i);
  if (twice !== undefined) throw invalid(`${place}.count`, range.count, `two of its values would be ${twice}`);
  return range;
}

function parseField(input: unknown, place: string): SweptField {
  const given = record(input, place, ['field', 'from', 'to', 'scale', 'integer', 'count', 'values']);
  const path = given.field;
  if (typeof path !== 'string') throw invalid(`${place}.field`, path, 'a key path of the configuration, or method');
  if (path === 'seed') throw invalid(`${place}.field`, path, 'seeds are listed in seeds');
  const known = path === METHOD ? null : knownField(path, `${place}.field`);
  const ranged = ['from', 'to', 'scale', 'integer', 'count'].filter((key) => given[key] !== undefined);
  if (given.values !== undefined) {
    if (ranged.length) throw new SpecError(`invalid ${place}: values and ${ranged[0]} together (either values, or from and to)`);
    const values = list(given.values, `${place}.values`, 1, MAX_VALUES).map((v, i) =>
      fieldValue(path, v, `${place}.values[${i}]`),
    );
    const again = values.findIndex((v, i) => values.indexOf(v) < i);
    if (again >= 0) throw invalid(`${place}.values[${again}]`, values[again], 'each value once');
    return { field: path, values };
  }
  if (!known) throw invalid(`${place}.values`, undefined, `methods: ${METHODS.join(', ')}`);
  if (given.from === undefined && given.to === undefined)
    throw new SpecError(`invalid ${place}: neither values nor from and to (${path}: ${bounds(known)})`);
  return parseRange(known, given, place);
}

/** The swept fields. @throws SpecError, also where one is named twice or fixed in `changes`. */
export function parseFields(input: unknown, changes: Assignment): SweptField[] {
  const fields = list(input, 'fields', 1, MAX_FIELDS).map((f, i) => parseField(f, `fields[${i}]`));
  fields.forEach(({ field: path }, i) => {
    const first = fields.findIndex((f) => f.field === path);
    if (first < i) throw invalid(`fields[${i}].field`, path, `swept by fields[${first}] already`);
    if (Object.hasOwn(changes, path)) throw invalid(`changes.${path}`, changes[path], `fields[${i}] sweeps it`);
  });
  return fields;
}

/**
 * A point of the swept fields, each value one of the field's own: what is added by hand or read from elsewhere.
 * @throws SpecError naming `place`
 */
export function parsePoint(fields: readonly SweptField[], input: unknown, place = 'point'): Assignment {
  const names = fields.map((f) => f.field);
  const given = record(input, place, names);
  const out: Record<string, Value> = {};
  for (const f of fields) {
    const where = `${place}.${f.field}`;
    const value = fieldValue(f.field, given[f.field], where);
    const levels = levelsOf(f);
    if (levels && !levels.includes(value))
      throw invalid(where, value, `one of ${levels.slice(0, 20).join(', ')}${levels.length > 20 ? ' …' : ''}`);
    if (isRange(f) && ((value as number) < f.from || (value as number) > f.to))
      throw invalid(where, value, `${f.from} to ${f.to}`);
    out[f.field] = value;
  }
  return out;
}
