import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type SweepsState, sweeps } from '../../store/sweep';
import type { TrialState } from '../../sweep/types';

/** Reads the sweeps' store. Lists of the journal grow in place: what depends on them reads `version` too. */
export const useSweep = <T>(pick: (state: SweepsState) => T): T => useStore(sweeps, pick);

/** What the view shows beyond the store. */
export interface SweepPage {
  /** The form, though a sweep is on the page. */
  form: boolean;
  /** Only points with such a trial; null: all. */
  state: TrialState | null;
}

/** The view's own choices; they outlive its closing. */
export const sweepPage = createStore<SweepPage>(() => ({ form: false, state: null }));
export const useSweepPage = <T>(pick: (state: SweepPage) => T): T => useStore(sweepPage, pick);

/** The journal on the page, drawn anew as it grows. */
export function useJournal(): { journal: NonNullable<SweepsState['journal']>; version: number } | null {
  const journal = useSweep((s) => s.journal);
  const version = useSweep((s) => s.version);
  return journal && { journal, version };
}
