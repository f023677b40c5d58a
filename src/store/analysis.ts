import { type Analysis, startAnalysis } from '../host/analysis/client';

export type { Analysis, Call, SimilarityView } from '../host/analysis/client';
export { isCancelled } from '../host/analysis/client';
export type { Distribution, DistributionOptions, Distributions } from '../host/analysis/distributions';
export type { FilmMap, FilmOptions } from '../host/analysis/film';
export type { Inspection, Partners, Positives } from '../host/analysis/inspect';
export type { LeaveOut, LeaveOutMode, Losses } from '../host/analysis/leaveOut';
export { type LogitChange, type LogitChanges, type Spread, spreadOf } from '../host/analysis/logitChange';
export type { Neighbourhood } from '../host/analysis/neighbourhood';
export type { Cell } from '../host/analysis/similarityView';
export type { Summary } from '../host/analysis/summaries';
export type { ContrastOptions } from '../host/analysis/terms';

let one: Analysis | undefined;

/** Computations about frames, in a worker that the first of them starts. */
export const analysis = (): Analysis => (one ??= startAnalysis());
