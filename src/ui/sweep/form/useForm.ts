import { useDeferredValue, useMemo } from 'react';
import { useStore } from 'zustand';
import { changesOf } from '../../../store/changes';
import { specJson } from '../../../sweep/spec';
import type { SweepSpec } from '../../../sweep/types';
import { useLab } from '../../useLab';
import { fieldName } from '../words';
import { type Base, inputOf, nameOf } from './draft';
import { type Checked, check, checkText, formStore, placeOf } from './formStore';

export const useForm = <T>(pick: (state: ReturnType<typeof formStore.getState>) => T): T => useStore(formStore, pick);

/** What the lab is set to, the same object until it changes. */
export function useBase(): Base {
  const presets = useLab((s) => s.presets);
  const config = useLab((s) => s.config);
  return useMemo(
    () => ({ presets, changes: Object.fromEntries(changesOf(presets, config).map((c) => [c.field.path, c.value])) }),
    [presets, config],
  );
}

/** What is being written, checked. */
export interface Written {
  base: Base;
  checked: Checked;
  /** Where the fault lies. */
  place: string;
  /** As JSON: what was typed, or what the form says. */
  json: string;
  /** JSON was typed that cannot be read: the form waits for it. */
  locked: boolean;
}

/** What the form says so far, laid out like a specification. */
const pretty = (input: unknown) => specJson(JSON.parse(JSON.stringify(input)) as SweepSpec);

/** Reads form and JSON. */
export function useWritten(): Written {
  const draft = useForm((s) => s.draft);
  const typed = useForm((s) => s.typed);
  const base = useBase();
  // Large grids take a moment to check: keys come first.
  const [late, lateTyped] = [useDeferredValue(draft), useDeferredValue(typed)];
  return useMemo(() => {
    const input = inputOf(late, base, nameOf(late.fields, fieldName));
    const checked = lateTyped === null ? check(input) : checkText(lateTyped);
    const json = lateTyped ?? (checked.spec ? specJson(checked.spec) : pretty(input));
    return {
      base,
      checked,
      json,
      place: checked.fault ? placeOf(checked.fault) : '',
      locked: lateTyped !== null && checked.fault !== null,
    };
  }, [late, lateTyped, base]);
}
