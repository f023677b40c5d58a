import { HELD_OUT_NAMES, METRIC_NAMES } from '../engine/names';
import { hint, integer, invalid, positive, record, SpecError, word } from './specError';
import type { Budget, Objective, PrunerSpec, SamplerSpec, SweptField } from './types';

/** Most trials of a sweep. */
export const MAX_TRIALS = 100_000;
const MAX_SEED = 2 ** 32 - 1;
const MAX_STEPS = 1_000_000_000;

/** A word alone stands for an object that says only that. */
const named = (input: unknown, key: string): unknown => (typeof input === 'string' ? { [key]: input } : input);

/** `kind` is known before the keys are: each kind has its own. */
function kindOf<T extends string>(input: unknown, place: string, kinds: readonly T[]): T {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw invalid(place, input, `one of ${kinds.join(', ')}, or an object with this as its kind`);
  return word((input as { kind?: unknown }).kind, `${place}.kind`, kinds);
}

/** @param listed whether every field's values can be listed, as the grid needs. @throws SpecError */
export function parseSampler(input: unknown, listed: boolean): SamplerSpec {
  const given = named(input ?? (listed ? 'grid' : 'random'), 'kind');
  const kind = kindOf(given, 'sampler', ['grid', 'random', 'sobol', 'tpe', 'optuna']);
  const keys = {
    grid: [],
    random: ['seed'],
    sobol: ['seed'],
    tpe: ['seed', 'startup', 'candidates'],
    optuna: ['seed', 'startup', 'candidates', 'multivariate'],
  };
  const o = record(given, 'sampler', ['kind', ...keys[kind]]);
  if (kind === 'grid') return { kind };
  const seed = integer(o.seed ?? 0, 'sampler.seed', 0, MAX_SEED);
  if (kind === 'random' || kind === 'sobol') return { kind, seed };
  const startup = integer(o.startup ?? 10, 'sampler.startup', 1, 1000);
  const candidates = integer(o.candidates ?? 24, 'sampler.candidates', 1, 1000);
  if (kind === 'tpe') return { kind, seed, startup, candidates };
  const multivariate = o.multivariate ?? false;
  if (typeof multivariate !== 'boolean') throw invalid('sampler.multivariate', multivariate, 'true or false');
  return { kind, seed, startup, candidates, multivariate };
}

/** A metric's name alone is enough: losses are then made small, everything else large. @throws SpecError */
export function parseObjective(input: unknown): Objective {
  const o = record(named(input ?? 'heldOut/average', 'metric'), 'objective', ['metric', 'direction', 'at', 'window']);
  const metric = o.metric ?? 'heldOut/average';
  if (typeof metric !== 'string') throw invalid('objective.metric', metric, 'a metric’s name');
  const all = [...METRIC_NAMES, ...HELD_OUT_NAMES];
  if (!all.includes(metric)) {
    const alike = all.filter((name) => name.startsWith(metric.slice(0, metric.lastIndexOf('/') + 1)));
    throw new SpecError(`unknown metric: ${metric || '(empty)'}${hint(metric, alike.length ? alike : all)}`);
  }
  return {
    metric,
    direction: word(o.direction ?? (metric.startsWith('loss/') ? 'min' : 'max'), 'objective.direction', ['max', 'min']),
    at: word(o.at ?? 'end', 'objective.at', ['end', 'best']),
    window: integer(o.window ?? 10, 'objective.window', 1, 1_000_000),
  };
}

/** What bounds a pruner. */
export interface PrunerBounds {
  report: number;
  /** Of the shortest trial. */
  steps: number;
  seeds: number;
  fields: readonly SweptField[];
}

/** @throws SpecError */
export function parsePruner(input: unknown, { report, steps, seeds, fields }: PrunerBounds): PrunerSpec {
  const given = named(input ?? 'none', 'kind');
  const kind = kindOf(given, 'pruner', ['none', 'median', 'asha', 'hyperband', 'wilcoxon']);
  const keys = {
    none: [],
    median: ['startup', 'warmup'],
    asha: ['min', 'factor'],
    hyperband: ['min', 'factor'],
    wilcoxon: ['p', 'startup'],
  };
  const o = record(given, 'pruner', ['kind', ...keys[kind]]);
  if (kind === 'none') return { kind };
  if (kind === 'wilcoxon') {
    const p = positive(o.p ?? 0.1, 'pruner.p', 0.5);
    const startup = integer(o.startup ?? 2, 'pruner.startup', 0, 1000);
    const needed = Math.ceil(Math.log2(1 / p) - 1e-9);
    if (seeds < needed)
      throw new SpecError(
        `invalid seeds: ${seeds} (at least ${needed}: with fewer pairs no signed-rank test reaches a pruner.p of ${p})`,
      );
    return { kind, p, startup };
  }
  if (fields.some((f) => f.field === 'steps'))
    throw invalid('pruner.kind', kind, 'none or wilcoxon where steps are swept: the others compare trials of one length');
  if (kind === 'median')
    return {
      kind,
      startup: integer(o.startup ?? 5, 'pruner.startup', 0, 1000),
      warmup: integer(o.warmup ?? 0, 'pruner.warmup', 0, steps),
    };
  return {
    kind,
    min: integer(o.min ?? report, 'pruner.min', report, steps),
    factor: integer(o.factor ?? (kind === 'asha' ? 4 : 3), 'pruner.factor', 2, 16),
  };
}

/** A number alone is a number of trials. @param endless the sampler's kind where it has no end of points. @throws SpecError */
export function parseBudget(input: unknown, endless: string | null): Budget {
  const o = record(typeof input === 'number' ? { trials: input } : (input ?? {}), 'budget', ['trials', 'steps', 'minutes']);
  const budget: Budget = {};
  if (o.trials !== undefined) budget.trials = integer(o.trials, 'budget.trials', 1, MAX_TRIALS);
  if (o.steps !== undefined) budget.steps = integer(o.steps, 'budget.steps', 1, MAX_STEPS);
  if (o.minutes !== undefined) budget.minutes = positive(o.minutes, 'budget.minutes', 100_000);
  if (endless && Object.keys(budget).length === 0)
    throw new SpecError(`missing budget (trials, steps or minutes: the sampler ${endless} has no end of points)`);
  return budget;
}
