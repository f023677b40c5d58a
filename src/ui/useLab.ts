import { useStore } from 'zustand';
import { lab } from '../store/lab';
import { focused, focusedLane, type LabState } from '../store/state';
import { type OptionName, type OptionValue, optionOf } from '../store/view';

export const useLab = <T>(pick: (state: LabState) => T): T => useStore(lab, pick);
/** The run that single-run views show. */
export const useFocused = () => useLab(focused);
/** Its lane: label, presets, configuration. */
export const useFocusedLane = () => useLab(focusedLane);
/** A choice of a view. */
export const useOption = <K extends OptionName>(name: K): OptionValue<K> => useLab((s) => optionOf(s, name));
/** What stands for a pool that is not there: `before` training, or why there is none after it. */
export const useNoPool = (before: string): string =>
  useLab((s) =>
    s.status === 'finished'
      ? 'This run has ended and its last rollouts are not kept: Rollouts samples held-out prompts.'
      : before,
  );
