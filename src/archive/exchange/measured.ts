import { MAX_DOMAINS } from '../../config/hyper';
import type { EvalResult, Evaluation, StepMetrics } from '../types';
import { brief, type Fault } from './json';

/** Most metrics of a step. */
const MAX_METRICS = 1000;
/** Numbers that JSON writes as texts. */
const SPECIAL: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};
const NUMBER = 'a number, null, "NaN", "Infinity" or "-Infinity"';

type Row = Record<string, unknown>;
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

function measured(value: unknown, key: string, fault: Fault): number | null {
  if (value === null || (typeof value === 'number' && Number.isFinite(value))) return value;
  if (typeof value === 'string' && Object.hasOwn(SPECIAL, value)) return SPECIAL[value];
  return fault(`invalid ${key}: ${brief(value)} (${NUMBER})`);
}

function checkKeys(row: Row, known: readonly string[], fault: Fault): void {
  for (const key of Object.keys(row)) if (!known.includes(key)) fault(`unknown key: ${key}`);
}

function wholeStep(row: Row, least: number, fault: Fault): number {
  const { step } = row;
  if (typeof step !== 'number' || !Number.isSafeInteger(step) || step < least)
    fault(`invalid step: ${brief(step)} (an integer from ${least}: steps ascend)`);
  return step as number;
}

function matrix(row: Row, key: 'centroids' | 'gradientCosine', fault: Fault): (number | null)[][] {
  const value = row[key] ?? [];
  if (!Array.isArray(value) || value.length > MAX_DOMAINS || value.some((r) => !Array.isArray(r) || r.length !== value.length))
    fault(`invalid ${key}: ${brief(value)} (a square of at most ${MAX_DOMAINS} rows)`);
  return (value as unknown[][]).map((r, i) => r.map((x, j) => measured(x, `${key}[${i}][${j}]`, fault)));
}

/** What a step line says; matrices may be missing. @param extra keys that are allowed beside a step's own */
export function readStep(row: Row, least: number, fault: Fault, extra: readonly string[] = []): StepMetrics {
  checkKeys(row, ['type', 'step', 'metrics', 'centroids', 'gradientCosine', ...extra], fault);
  const step = wholeStep(row, least, fault);
  if (!isRow(row.metrics)) return fault(`invalid metrics: ${brief(row.metrics)} (numbers by name)`);
  const entries = Object.entries(row.metrics);
  if (entries.length > MAX_METRICS) fault(`${entries.length} metrics (at most ${MAX_METRICS})`);
  const metrics = Object.fromEntries(entries.map(([name, x]) => [name, measured(x, `metrics.${name}`, fault)]));
  return { step, metrics, centroids: matrix(row, 'centroids', fault), gradientCosine: matrix(row, 'gradientCosine', fault) };
}

function shares(value: unknown, key: string, fault: Fault): Record<string, number> {
  if (!isRow(value)) return fault(`invalid ${key}: ${brief(value)} (numbers by name)`);
  const entries = Object.entries(value);
  if (entries.length > MAX_METRICS) fault(`${entries.length} ${key} (at most ${MAX_METRICS})`);
  for (const [name, x] of entries)
    if (typeof x !== 'number' || !Number.isFinite(x)) fault(`invalid ${key}.${name}: ${brief(x)} (a finite number)`);
  return Object.fromEntries(entries) as Record<string, number>;
}

function readResult(row: unknown, fault: Fault): EvalResult {
  if (!isRow(row)) return fault(`invalid result: ${brief(row)} (benchmarks, domains, average)`);
  const { average } = row;
  if (typeof average !== 'number' || !Number.isFinite(average))
    return fault(`invalid average: ${brief(average)} (a finite number)`);
  return { benchmarks: shares(row.benchmarks, 'benchmarks', fault), domains: shares(row.domains, 'domains', fault), average };
}

/** What an evaluation line says. */
export function readEvaluation(row: Row, least: number, fault: Fault): Evaluation {
  checkKeys(row, ['type', 'step', 'result'], fault);
  return { step: wholeStep(row, least, fault), result: readResult(row.result, fault) };
}

/** The same from a line of the command line's, where the result lies beside the step. */
export function readPlainEvaluation(row: Row, least: number, fault: Fault): Evaluation {
  return { step: wholeStep(row, least, fault), result: readResult(row, fault) };
}
