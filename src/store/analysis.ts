import { type Analysis, startAnalysis } from '../host/analysis/client';

export type { Analysis, Call, SimilarityView } from '../host/analysis/client';
export { isCancelled } from '../host/analysis/client';
export { type LogitChange, type LogitChanges, type Spread, spreadOf } from '../host/analysis/logitChange';

let one: Analysis | undefined;

/** Computations about frames, in a worker that the first of them starts. */
export const analysis = (): Analysis => (one ??= startAnalysis());
