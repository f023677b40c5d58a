import type { RunData, RunRecord } from '../types';
import { brief, type Fault } from './json';
import type { Shape } from './shapes';
import { labels, type MATRICES, PREFIX } from './table';

/** A column's name and place. */
interface Place {
  name: string;
  i: number;
}

/** Where in a row the parts of a step lie; matrices row by row, −1 where the table has no column. */
export interface Layout extends Record<(typeof MATRICES)[number], readonly (readonly number[])[]> {
  metrics: readonly Place[];
}

/** A row's number in a column; null where there is none. */
export type NumberAt = (i: number) => number | null;

function matrixOf(columns: readonly string[], prefix: string): number[][] {
  const own = columns.map((name, i) => ({ name, i })).filter(({ name }) => name.startsWith(prefix));
  const pairs = own.map(({ name, i }) => ({ pair: name.slice(prefix.length).split('/'), i }));
  const names = [...new Set(pairs.map(({ pair }) => pair[0]))];
  const find = (a: string, b: string) => pairs.find(({ pair }) => pair[0] === a && pair[1] === b)?.i ?? -1;
  return names.map((a) => names.map((b) => find(a, b)));
}

/** The layout of a table that says no more than its columns' names; metrics begin at column `first`. */
export function layoutOf(columns: readonly string[], first: number): Layout {
  const isOther = (name: string) => Object.values(PREFIX).some((prefix) => name.startsWith(prefix));
  const metrics = columns.map((name, i) => ({ name, i })).filter(({ name, i }) => i >= first && !isOther(name));
  return {
    metrics,
    centroids: matrixOf(columns, PREFIX.centroids),
    gradientCosine: matrixOf(columns, PREFIX.gradientCosine),
  };
}

/** Layouts of the shapes that a run's steps have. */
export function layoutsOf(columns: readonly string[], record: RunRecord, shapes: readonly Shape[], fault: Fault): Layout[] {
  const place = new Map(columns.map((name, i) => [name, i]));
  const at = (name: string): number => place.get(name) ?? fault(`has no column ${brief(name)}, which its metadata names`);
  const square = (key: (typeof MATRICES)[number], size: number) => {
    const names = labels(record, Math.max(...shapes.map((s) => s[key]))).slice(0, size);
    return names.map((a) => names.map((b) => at(`${PREFIX[key]}${a}/${b}`)));
  };
  return shapes.map((shape) => ({
    metrics: shape.metrics.map((name) => ({ name, i: at(name) })),
    centroids: square('centroids', shape.centroids),
    gradientCosine: square('gradientCosine', shape.gradientCosine),
  }));
}

/** Columns of held-out accuracy. */
export const heldOutIn = (columns: readonly string[]): Place[] =>
  columns.map((name, i) => ({ name, i })).filter(({ name }) => name.startsWith(PREFIX.heldOut));

/** A step that follows those that a run has. @param shown what the table has there */
export function nextStep(run: RunData, step: number | null, shown: unknown, fault: Fault): number {
  const last = Math.max(run.steps.at(-1)?.step ?? -1, run.evaluations.at(-1)?.step ?? -1);
  if (step === null || !Number.isSafeInteger(step) || step <= last)
    return fault(`invalid step: ${brief(shown)} (an integer from ${last + 1}: steps ascend)`);
  return step;
}

/** What a row says of a step in training. */
export function takeStep(run: RunData, step: number, { metrics, centroids, gradientCosine }: Layout, number: NumberAt): void {
  const matrix = (at: readonly (readonly number[])[]) => at.map((line) => line.map((i) => (i < 0 ? null : number(i))));
  run.steps.push({
    step,
    metrics: Object.fromEntries(metrics.map(({ name, i }) => [name, number(i)])),
    centroids: matrix(centroids),
    gradientCosine: matrix(gradientCosine),
  });
}

/** What a row says of held-out accuracy after a step; nothing where it has no average. */
export function takeEvaluation(run: RunData, step: number, heldOut: readonly Place[], number: NumberAt): void {
  const shares = heldOut.flatMap(({ name, i }): [string, number][] => {
    const x = number(i);
    return x === null ? [] : [[name.slice(PREFIX.heldOut.length), x]];
  });
  const average = shares.find(([name]) => name === 'average');
  if (!average) return;
  const part = (prefix: string) =>
    Object.fromEntries(shares.filter(([name]) => name.startsWith(prefix)).map(([name, x]) => [name.slice(prefix.length), x]));
  run.evaluations.push({ step, result: { benchmarks: part('benchmark/'), domains: part('domain/'), average: average[1] } });
}
