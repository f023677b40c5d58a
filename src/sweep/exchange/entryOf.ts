import { SPEC_VERSION } from '../spec';
import { shown } from '../specError';
import type { Entry, Order, SweepSpec } from '../types';
import { withNumbers } from './exactText';

type Row = Record<string, unknown>;
export const isObject = (x: unknown): x is Row => typeof x === 'object' && x !== null && !Array.isArray(x);

const isWhole = (x: unknown): boolean => Number.isSafeInteger(x) && (x as number) >= 0;
const isWord = (x: unknown): boolean => typeof x === 'string';
const isOneOf =
  (...words: readonly string[]) =>
  (x: unknown): boolean =>
    words.includes(x as string);
const isValue = (x: unknown): boolean => ['string', 'boolean'].includes(typeof x) || Number.isFinite(x);
const isValues = (x: unknown): boolean => isObject(x) && Object.values(x).every(isValue);
const isListOf =
  (is: (x: unknown) => boolean) =>
  (x: unknown): boolean =>
    Array.isArray(x) && x.every(is);

/** Numbers by name; null stands for what JSON has no number for. */
const isTally = (x: unknown): boolean => isObject(x) && Object.values(x).every((v) => v === null || Number.isFinite(v));

function isMetrics(x: unknown): boolean {
  if (!isObject(x)) return false;
  const lists = Object.values(x) as unknown[][];
  return lists.every(isListOf((v) => v === null || Number.isFinite(v))) && lists.every((list) => list.length === lists[0].length);
}

type Kind = 'number' | 'whole' | 'text' | 'object' | 'values' | 'numbers' | 'wholes' | 'booleans' | 'metrics' | 'number?';
const KINDS: Record<Kind, { is: (x: unknown) => boolean; words: string }> = {
  number: { is: Number.isFinite, words: 'a number' },
  whole: { is: isWhole, words: 'a whole number from 0' },
  text: { is: isWord, words: 'a text' },
  object: { is: isObject, words: 'an object' },
  values: { is: isValues, words: 'values by field' },
  numbers: { is: isListOf(Number.isFinite), words: 'a list of numbers' },
  wholes: { is: isListOf(isWhole), words: 'a list of whole numbers' },
  booleans: { is: isListOf((x) => typeof x === 'boolean'), words: 'a list of true and false' },
  metrics: { is: isMetrics, words: 'lists of equally many numbers, by metric' },
  'number?': { is: (x) => x === null || Number.isFinite(x), words: 'a number or null' },
};

/** What each type of entry must hold. */
const SHAPES: Record<Entry['type'], Record<string, Kind>> = {
  sweep: { spec: 'object', version: 'text', backend: 'text', adapter: 'text', memory: 'number', at: 'number' },
  point: { point: 'whole', values: 'values' },
  trial: { trial: 'whole', point: 'whole', seed: 'whole' },
  steps: { trial: 'whole', from: 'whole', metrics: 'metrics' },
  evaluation: { trial: 'whole', step: 'whole', result: 'object' },
  end: { trial: 'whole', state: 'text', step: 'whole', value: 'number?', why: 'text' },
  map: { trial: 'whole', x: 'numbers', y: 'numbers', domain: 'wholes', correct: 'booleans' },
  order: { order: 'object' },
  round: { round: 'whole', seconds: 'number' },
};

const isRange = (x: Row): boolean =>
  [x.from, x.to].every(Number.isFinite) && isOneOf('linear', 'log')(x.scale) && typeof x.integer === 'boolean';
const isField = (x: unknown): boolean =>
  isObject(x) && isWord(x.field) && ('values' in x ? isListOf(isValue)(x.values) : isRange(x));
const isKindOf =
  (...kinds: readonly string[]) =>
  (x: unknown): boolean =>
    isObject(x) && kinds.includes(x.kind as string);
const isBudget = (x: unknown): boolean =>
  isObject(x) && [x.trials, x.steps, x.minutes].every((n) => n === undefined || Number.isFinite(n));
const isObjective = (x: unknown): boolean =>
  isObject(x) && isWord(x.metric) && isOneOf('max', 'min')(x.direction) && isOneOf('end', 'best')(x.at) && isWhole(x.window);

/** What a specification must be made of for its journal to be read; those of other programs' studies name other metrics and presets. */
const SPEC: Record<Exclude<keyof SweepSpec, 'version'>, (x: unknown) => boolean> = {
  name: isWord,
  presets: isListOf(isWord),
  changes: isValues,
  fields: isListOf(isField),
  seeds: (x) => isListOf(isWhole)(x) && (x as unknown[]).length > 0,
  sampler: isKindOf('grid', 'random', 'sobol', 'tpe', 'optuna'),
  objective: isObjective,
  pruner: isKindOf('none', 'median', 'asha', 'hyperband', 'wilcoxon'),
  budget: isBudget,
  places: (x) => isWhole(x) && x !== 0,
  report: (x) => isWhole(x) && x !== 0,
};

const ORDERS: Record<Order['kind'], (order: Row) => boolean> = {
  budget: ({ budget }) => isBudget(budget),
  add: ({ points }) => isListOf(isValues)(points),
  stopTrial: ({ trial }) => isWhole(trial),
  stop: () => true,
};

/** A line of a journal as an entry. `fault` throws. */
export function entryOf(row: Row, fault: (what: string) => never): Entry {
  const type = row.type as Entry['type'];
  if (!Object.hasOwn(SHAPES, type)) return fault(`unknown type: ${shown(row.type)} (${Object.keys(SHAPES).join(', ')})`);
  for (const [key, kind] of Object.entries(SHAPES[type]))
    if (!KINDS[kind].is(row[key])) return fault(`invalid ${key} of a ${type} entry: ${shown(row[key])} (${KINDS[kind].words})`);
  const entry = row as unknown as Entry;
  switch (entry.type) {
    case 'sweep': {
      const spec = entry.spec as unknown as Row;
      if (spec.version !== SPEC_VERSION)
        return fault(`is a sweep of version ${shown(spec.version)} (this program reads ${SPEC_VERSION})`);
      for (const [key, is] of Object.entries(SPEC))
        if (!is(spec[key])) return fault(`invalid ${key} of the spec: ${shown(spec[key])}`);
      return entry;
    }
    case 'end':
      if (!['finished', 'pruned', 'stopped', 'failed'].includes(entry.state))
        return fault(`invalid state of an end entry: ${shown(entry.state)} (finished, pruned, stopped, failed)`);
      return entry;
    case 'map':
      if ([entry.y, entry.domain, entry.correct].some((list) => list.length !== entry.x.length))
        return fault('the lists of a map entry are not equally long');
      return entry;
    case 'order': {
      const order = entry.order as unknown as Row;
      if (!Object.hasOwn(ORDERS, order.kind as string))
        return fault(`unknown order: ${shown(order.kind)} (${Object.keys(ORDERS).join(', ')})`);
      return ORDERS[entry.order.kind](order) ? entry : fault(`invalid order: ${shown(order)}`);
    }
    case 'evaluation': {
      const result = entry.result as unknown as Row;
      if (!isTally(result.benchmarks) || !isTally(result.domains) || !KINDS['number?'].is(result.average))
        return fault(`invalid result of an evaluation entry: ${shown(result)} (benchmarks, domains and their average)`);
      return { ...entry, result: withNumbers(entry.result) };
    }
    default:
      return entry;
  }
}
