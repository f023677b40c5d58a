import { makePruner } from '../../src/sweep/pruners/make';
import type { Objective, PrunerSpec, Standing, SweepSpec } from '../../src/sweep/types';
import { specOf } from './samplerSupport';

export type Direction = Objective['direction'];

export const prunerSpec = (pruner: PrunerSpec, direction: Direction = 'max', more: Partial<SweepSpec> = {}): SweepSpec =>
  specOf({ kind: 'random', seed: 0 }, [], {
    pruner,
    objective: { metric: 'reward/mean', direction, at: 'end', window: 1 },
    ...more,
  });

/** A point by its seeds' values: seed → (step → value). */
export const standing = (
  point: number,
  reports: Record<number, Record<number, number>>,
  state: Standing['state'] = 'running',
): Standing => ({
  point,
  values: {},
  state,
  value: null,
  reports: new Map(
    Object.entries(reports).map(([seed, by]) => [Number(seed), Object.entries(by).map(([s, v]) => [Number(s), v] as const)]),
  ),
});

/** A point with one seed. */
export const single = (point: number, by: Record<number, number>, state: Standing['state'] = 'running') =>
  standing(point, { 1: by }, state);

export interface Course {
  points: number;
  steps: number;
  /** Steps between reports. */
  every: number;
  seeds?: number;
  /** All at the same time; one after the other when left out. */
  together?: boolean;
  curve(point: number, step: number, seed: number): number;
}

/** Trains all points under a pruner; the step at which each ended early, 0 for those that did not, and the sentences. */
export function course(spec: SweepSpec, { points, steps, every, seeds = 1, together = false, curve }: Course) {
  const pruner = makePruner(spec);
  const ended = new Array<number>(points).fill(0);
  const why: string[] = [];
  const done = new Array<number>(points).fill(0);
  const state = new Array<Standing['state']>(points).fill('running');
  const view = (upTo: number) =>
    Array.from({ length: upTo }, (_, i) => {
      const by = (seed: number) =>
        Object.fromEntries(Array.from({ length: done[i] / every }, (_, k) => [(k + 1) * every, curve(i, (k + 1) * every, seed)]));
      return standing(i, Object.fromEntries(Array.from({ length: seeds }, (_, k) => [k, by(k)])), state[i]);
    });
  const round = (some: number[], upTo: number) => {
    for (const i of some) done[i] += every;
    const standings = view(upTo);
    for (const i of some) {
      const reason = done[i] < steps ? pruner.judge(i, standings) : null;
      if (reason) {
        ended[i] = done[i];
        why.push(reason);
      }
    }
    for (const i of some) state[i] = ended[i] ? 'pruned' : done[i] >= steps ? 'finished' : 'running';
  };
  const running = (i: number) => state[i] === 'running';
  const all = Array.from({ length: points }, (_, i) => i);
  if (together) while (all.some(running)) round(all.filter(running), points);
  else for (const i of all) while (running(i)) round([i], i + 1);
  return { ended, why, done };
}
