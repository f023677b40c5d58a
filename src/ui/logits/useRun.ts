import { useMemo } from 'react';
import { frameAt } from '../../store/film';
import { type Frame, shownStep } from '../../store/state';
import { type LaneView, useLanes } from '../overview/lanes';
import { type Names, namesOf } from '../rollouts/groups';
import { useFocused, useLab, useOption } from '../useLab';

/** The lane of the focused run. */
export function useLane(): LaneView {
  const lanes = useLanes();
  return lanes[useFocused().lane];
}

/** The pool whose pairs are looked at: of the film at the shown step, or of the user's file. */
export interface PoolView {
  frame: Frame | null;
  names: Names | null;
  /** It comes from a file, not from the run. */
  file: boolean;
}

/** The pool at hand. */
export function usePool(): PoolView {
  const pool = useLab((s) => frameAt(s.film, shownStep(s)));
  const given = useLab((s) => s.file);
  const domains = useLab((s) => s.domains);
  const file = useOption('geometry.source') === 'file' && given !== null;
  const frame = file ? given : pool;
  const names = useMemo(() => frame && namesOf(frame, domains), [frame, domains]);
  return useMemo(() => ({ frame, names, file }), [frame, names, file]);
}
