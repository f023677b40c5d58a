import { useEffect, useState } from 'react';
import { type Importance, importance } from '../../../sweep/analysis/importance';
import type { SweepState } from '../../../sweep/types';
import type { Model } from './model';

/** Least time between two estimates, milliseconds: a bootstrap is the longest of the pictures' computations. */
const CALM = 1500;
/** Resamples times points times fields of one estimate at most, so that it stays a short task. */
const WORK = 18_000;
const LEAST = 40;
const MOST = 200;

/** Resamples that there is time for. */
export const resamplesFor = (points: number, fields: number): number =>
  Math.round(Math.max(LEAST, Math.min(MOST, WORK / Math.max(1, points * fields))));

interface Found {
  journal: SweepState;
  /** Finished values that it knows. */
  values: number;
  result: Importance;
  resamples: number;
}

const known = ({ groups }: Model) => groups.reduce((n, g) => n + g.n, 0);

/** The importance of the swept fields, estimated anew in idle moments when trials have finished; null before the first time. */
export function useImportance(model: Model): Pick<Found, 'result' | 'resamples'> | null {
  const [found, setFound] = useState<Found | null>(null);
  const fresh = found?.journal === model.state ? found : null;
  const due = fresh === null || fresh.values !== known(model);
  useEffect(() => {
    if (!due) return;
    const work = () => {
      const resamples = resamplesFor(model.ranked.length, model.fields.length);
      const result = importance(model.state, { resamples }, model.groups);
      setFound({ journal: model.state, values: known(model), result, resamples });
    };
    const timer = setTimeout(work, fresh ? CALM : 60);
    return () => clearTimeout(timer);
  }, [due, fresh, model]);
  return fresh;
}
