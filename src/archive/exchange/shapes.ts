import { MAX_DOMAINS } from '../../config/hyper';
import type { RunData, StepMetrics } from '../types';
import { brief, type Fault } from './json';

/** What a step holds: names of its metrics, rows of its matrices. A table alone cannot tell what is null from what is not there. */
export interface Shape {
  metrics: readonly string[];
  centroids: number;
  gradientCosine: number;
}

/** Shapes of a run's steps: those that there are, and which of them rows have `from` a step on; −1: nothing was trained. */
export interface Shapes {
  kinds: readonly Shape[];
  from: readonly (readonly [step: number, kind: number])[];
}

const shapeOf = ({ metrics, centroids, gradientCosine }: StepMetrics): Shape => ({
  metrics: Object.keys(metrics),
  centroids: centroids.length,
  gradientCosine: gradientCosine.length,
});

/** The shapes of a run's steps, and of the rows that only hold an evaluation. */
export function shapesOf(run: RunData): Shapes {
  const kinds: Shape[] = [];
  const numbers = new Map<string, number>();
  const trained = run.steps.map((s): [number, number] => {
    const key = `${s.centroids.length} ${s.gradientCosine.length} ${Object.keys(s.metrics).join('\n')}`;
    if (!numbers.has(key)) numbers.set(key, kinds.push(shapeOf(s)) - 1);
    return [s.step, numbers.get(key) as number];
  });
  const known = new Set(trained.map(([step]) => step));
  const only = run.evaluations.flatMap(({ step }): [number, number][] => (known.has(step) ? [] : [[step, -1]]));
  const rows = [...trained, ...only].sort(([a], [b]) => a - b);
  return { kinds, from: rows.filter(([, kind], i) => i === 0 || rows[i - 1][1] !== kind) };
}

const isSize = (x: unknown) => Number.isInteger(x) && (x as number) >= 0 && (x as number) <= MAX_DOMAINS;

/** Shapes from a file. */
export function readShapes(value: unknown, fault: Fault): Shapes {
  const { kinds, from } = (value ?? {}) as Partial<Shapes>;
  if (!Array.isArray(kinds) || !Array.isArray(from)) return fault(`invalid shapes: ${brief(value)} (kinds and from)`);
  for (const kind of kinds as Partial<Shape>[])
    if (!Array.isArray(kind?.metrics) || !isSize(kind.centroids) || !isSize(kind.gradientCosine))
      fault(`invalid shapes: ${brief(kind)} (metrics by name, matrices of at most ${MAX_DOMAINS} rows)`);
  let last = -1;
  for (const entry of from as unknown[]) {
    const [step, kind] = Array.isArray(entry) ? entry : [];
    if (!Number.isSafeInteger(step) || step <= last || !Number.isInteger(kind) || kind < -1 || kind >= kinds.length)
      fault(`invalid shapes: ${brief(entry)} (an ascending step, and one of ${kinds.length} kinds)`);
    last = step;
  }
  return { kinds, from };
}
