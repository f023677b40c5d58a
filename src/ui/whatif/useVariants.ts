import { useMemo } from 'react';
import { useStore } from 'zustand';
import { type Settings, settingsOf, type Variant } from '../../store/variants';
import { isCurrent, runSettings, type WhatIfState, whatIf } from '../../store/whatif';
import { useLab } from '../useLab';

export const useWhatIf = <T>(pick: (state: WhatIfState) => T): T => useStore(whatIf, pick);

/** A variant with its settings, or why it does not fit the run. */
export interface Tried {
  variant: Variant;
  settings: Settings | null;
  fault: string | null;
}

/** The focused run's settings with its seed. */
export function useRunSettings(): Settings {
  const lanes = useLab((s) => s.lanes);
  const runs = useLab((s) => s.runs);
  const focus = useLab((s) => s.focus);
  return useMemo(() => runSettings({ lanes, runs, focus }), [lanes, runs, focus]);
}

/** The variants of the page on the focused run. */
export function useTried(run: Settings): Tried[] {
  const variants = useLab((s) => s.variants);
  return useMemo(
    () =>
      variants.map((variant) => {
        try {
          return { variant, settings: settingsOf(run, variant), fault: null };
        } catch (error) {
          return { variant, settings: null, fault: (error as Error).message };
        }
      }),
    [run, variants],
  );
}

/** The last answer, and whether it is of what is on the page now. */
export function useFrozen() {
  const frozen = useWhatIf((s) => s.frozen);
  const busy = useWhatIf((s) => s.busy);
  // Anything that makes an answer stale.
  useLab((s) => s.step);
  useLab((s) => s.variants);
  useLab((s) => s.fleet);
  useLab((s) => s.status);
  useLab((s) => s.focus);
  const current = isCurrent(frozen);
  const fleet = useLab((s) => s.fleet);
  return { frozen: frozen && frozen.fleet === fleet ? frozen : null, current, busy };
}
