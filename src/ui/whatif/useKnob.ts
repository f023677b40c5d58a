import { useState } from 'react';
import { field, getValue } from '../../config/fields';
import { type Settings, type Variant, withValue } from '../../store/variants';
import { setVariant } from '../../store/whatif';
import type { FieldState } from '../fields/useField';
import { valueText } from '../fields/words';

/** A field of a variant as the controls of the left panel see one: `base` is the run's value. */
export function useKnob(path: string, run: Settings, index: number, variant: Variant, settings: Settings | null): FieldState {
  const base = getValue(run.config, path);
  const value = settings ? getValue(settings.config, path) : (variant.values[path] ?? base);
  const [draft, setDraft] = useState<{ text: string | null; fault: string | null }>({ text: null, fault: null });
  const [seen, setSeen] = useState({ value, index });
  if (seen.value !== value || seen.index !== index) {
    setSeen({ value, index });
    setDraft({ text: null, fault: null });
  }
  const f = field(path);
  const shown = valueText(value);
  return {
    // A frozen batch has no more rollouts than the run drew.
    field: path === 'rollout.group' ? { ...f, max: run.config.rollout.group } : f,
    value,
    base,
    text: draft.text ?? shown,
    pending: draft.text !== null && draft.text !== shown,
    fault: draft.fault,
    edit: (text) => setDraft((old) => ({ ...old, text })),
    commit: (text = draft.text ?? undefined) => {
      if (text === undefined) return;
      try {
        setVariant(index, withValue(run, variant, path, text));
        setDraft({ text: null, fault: null });
      } catch (error) {
        setDraft({ text, fault: (error as Error).message });
      }
    },
    revert: () => setDraft({ text: null, fault: null }),
  };
}
