import type { Lane } from '../../store/lanes';
import type { EvalResult, Evaluation, LabState, RunState } from '../../store/state';
import type { Trace } from '../../store/trace';
import { useLab, useOption } from '../useLab';

/** A lane with what its runs (one a seed) have shown so far. */
export interface LaneView {
  /** Its place. */
  lane: number;
  label: string;
  config: Lane['config'];
  runs: readonly RunState[];
  traces: readonly Trace[];
}

/** The lanes with their runs. */
export const lanesWithRuns = ({ lanes, runs }: Pick<LabState, 'lanes' | 'runs'>): LaneView[] =>
  lanes.map(({ label, config }, lane) => {
    const own = runs.filter((r) => r.lane === lane);
    return { lane, label: label || 'All seeds', config, runs: own, traces: own.map((r) => r.trace) };
  });

let last: { lanes: LabState['lanes']; runs: LabState['runs']; views: LaneView[] } | undefined;

/** The same list for as long as lanes and runs are the same. */
export const useLanes = (): LaneView[] =>
  useLab(({ lanes, runs }) => {
    if (last?.lanes !== lanes || last.runs !== runs) last = { lanes, runs, views: lanesWithRuns({ lanes, runs }) };
    return last.views;
  });

/** Steps that curves are smoothed over; 0 for none. */
export const useSmoothing = (): number => Number(useOption('curves.smooth'));

/** In words, for hints. */
export const smoothingText = (window: number): string => (window ? `smoothed over about ${window} steps` : 'not smoothed');

/** The last evaluation at step `at` or before; the first where all are later; undefined without any. `at` null: the last one. */
export const evaluationAt = (evaluations: readonly Evaluation[], at: number | null): Evaluation | undefined =>
  at === null ? evaluations.at(-1) : (evaluations.findLast((e) => e.step <= at) ?? evaluations[0]);

/** A benchmark's accuracy, or the average. */
export type Score = (result: EvalResult) => number;

export const AVERAGE: Score = (r) => r.average;

/** Scores of a lane's runs at the shown step; NaN where there is no evaluation. */
export const scores = (lane: LaneView, score: Score, at: number | null): number[] =>
  lane.runs.map(({ evaluations }) => {
    const found = evaluationAt(evaluations, at);
    return found ? score(found.result) : Number.NaN;
  });
