import { field } from '../config/fields';
import { completePresets, preset } from '../config/resolve';
import { checkTogether } from './combinations';
import { type Space, spaceOf } from './space';
import { integer, invalid, list, record, SpecError } from './specError';
import { parseChanges, parseFields } from './specFields';
import { MAX_TRIALS, parseBudget, parseObjective, parsePruner, parseSampler } from './specOptions';
import { METHOD, type SweepSpec, type SweptField } from './types';

export { SpecError } from './specError';
export { METHODS, parsePoint } from './specFields';
export { MAX_TRIALS, parseBudget } from './specOptions';

/** Format of specifications. */
export const SPEC_VERSION = 1;
/** Size and method where a sweep names none. */
export const SWEEP_PRESETS: readonly string[] = ['tiny', 'mcpo-grpo'];
/** Most seeds of a point, and most trials side by side. */
export const MAX_SEEDS = 64;
const MAX_PLACES = 256;

const KEYS = [
  ...['version', 'name', 'presets', 'changes', 'fields', 'seeds', 'sampler'],
  ...['objective', 'pruner', 'budget', 'places', 'report'],
];

function parsePresets(input: unknown): string[] {
  const names = list(typeof input === 'string' ? [input] : (input ?? []), 'presets', 0, 16).map((name, i) => {
    if (typeof name !== 'string') throw invalid(`presets[${i}]`, name, 'a preset’s name');
    try {
      return preset(name).name;
    } catch (error) {
      throw new SpecError(`presets[${i}]: ${(error as Error).message}`);
    }
  });
  const again = names.findIndex((name, i) => names.indexOf(name) < i);
  if (again >= 0) throw invalid(`presets[${again}]`, names[again], 'each once');
  const missing = SWEEP_PRESETS.filter((name) => !names.some((n) => preset(n).kind === preset(name).kind));
  return completePresets([...missing, ...names]);
}

function parseSeeds(input: unknown): number[] {
  if (typeof input === 'number') return Array.from({ length: integer(input, 'seeds', 1, MAX_SEEDS) }, (_, i) => i);
  const seeds = list(input ?? [0], 'seeds', 1, MAX_SEEDS).map((s, i) => integer(s, `seeds[${i}]`, 0, 2 ** 32 - 1));
  const again = seeds.findIndex((s, i) => seeds.indexOf(s) < i);
  if (again >= 0) throw invalid(`seeds[${again}]`, seeds[again], 'each seed once');
  return seeds;
}

/** A grid's values can be listed, and its trials are not too many. */
function checkGrid(space: Space, seeds: number): void {
  const endless = space.axes.findIndex((a) => !a.levels);
  if (endless >= 0)
    throw new SpecError(`missing fields[${endless}].count (a grid needs the number of values of ${space.axes[endless].field})`);
  const sizes = space.axes.map((a) => a.levels?.length ?? 0);
  const trials = (space.size as number) * seeds;
  if (trials > MAX_TRIALS)
    throw new SpecError(
      `too many trials: ${[...sizes, seeds].join(' × ')} = ${trials} (fields’ values times seeds: at most ${MAX_TRIALS})`,
    );
}

function parseName(input: unknown, fields: readonly SweptField[]): string {
  if (input === undefined) {
    const labels = fields.map(({ field: path }) => (path === METHOD ? 'Method' : field(path).label));
    return labels.length > 3 ? `${labels.slice(0, 3).join(' × ')} × …` : labels.join(' × ');
  }
  if (typeof input !== 'string' || input.trim() === '' || input.length > 200)
    throw invalid('name', input, 'text of 1 to 200 characters');
  return input;
}

/**
 * A complete, checked specification from friendly JSON or from an older specification: defaults are filled in.
 * @throws SpecError naming value, place and bound of the first fault
 */
export function parseSpec(input: unknown): SweepSpec {
  const version = typeof input === 'object' && input !== null ? (input as { version?: unknown }).version : undefined;
  if (version !== undefined && version !== SPEC_VERSION)
    throw new SpecError(`unknown version of a sweep: ${JSON.stringify(version)} (this program reads ${SPEC_VERSION})`);
  const given = record(input, '', KEYS);
  const presets = parsePresets(given.presets);
  const changes = parseChanges(given.changes ?? {});
  const fields = parseFields(given.fields, changes);
  const seeds = parseSeeds(given.seeds);
  const space = spaceOf({ fields });
  const sampler = parseSampler(given.sampler, space.size !== null);
  const objective = parseObjective(given.objective);
  if (sampler.kind === 'grid') checkGrid(space, seeds.length);
  const budget = parseBudget(given.budget, sampler.kind === 'grid' ? null : sampler.kind);
  const { fewest } = checkTogether({ presets, changes, fields }, space);
  // A point begins with all its seeds, or not at all.
  if (budget.trials !== undefined && budget.trials < seeds.length)
    throw invalid('budget.trials', budget.trials, `at least ${seeds.length}: a point is tried with every seed`);
  if (budget.steps !== undefined && budget.steps < seeds.length * fewest)
    throw invalid(
      'budget.steps',
      budget.steps,
      `at least ${seeds.length * fewest}: ${seeds.length} × ${fewest} steps of one point`,
    );
  const report = integer(given.report ?? Math.max(1, Math.round(fewest / 10)), 'report', 1, fewest);
  const pruner = parsePruner(given.pruner, { report, steps: fewest, seeds: seeds.length, fields });
  const places = integer(given.places ?? 16, 'places', 1, MAX_PLACES);
  const name = parseName(given.name, fields);
  return { version: SPEC_VERSION, name, presets, changes, fields, seeds, sampler, objective, pruner, budget, places, report };
}

/** A value's JSON on one line, with spaces: `{ "field": "method", "values": ["grpo"] }`. */
function jsonLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonLine).join(', ')}]`;
  const entries = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .map(([key, v]) => `${JSON.stringify(key)}: ${jsonLine(v)}`);
  return entries.length ? `{ ${entries.join(', ')} }` : '{}';
}

/** JSON text, a line for each entry and each field: `parseSpec` reads it back to an equal specification. */
export function specJson(spec: SweepSpec): string {
  const entries = Object.entries(spec).map(([key, value]) => {
    const text = key === 'fields' ? `[\n    ${spec.fields.map(jsonLine).join(',\n    ')}\n  ]` : jsonLine(value);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${entries.join(',\n')}\n}\n`;
}
