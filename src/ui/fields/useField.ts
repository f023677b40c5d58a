import { useState } from 'react';
import { type Field, field, getValue, type Value } from '../../config/fields';
import { checkMix, presetConfig } from '../../store/changes';
import { setField } from '../../store/edits';
import { useLab } from '../useLab';
import { valueText } from './words';

/** One field as a control sees it. */
export interface FieldState {
  field: Field;
  value: Value;
  /** What the presets say. */
  base: Value;
  /** What the control shows: the draft where there is one. */
  text: string;
  /** The draft has not been given to the run. */
  pending: boolean;
  /** Why the last value was refused. */
  fault: string | null;
  /** Changes the draft only. */
  edit(text: string): void;
  /** Gives a text, or the draft, to the run, which begins anew; a refused one stays as a draft with `fault`. */
  commit(text?: string): void;
  revert(): void;
}

interface Draft {
  text: string | null;
  fault: string | null;
}

const NONE: Draft = { text: null, fault: null };

/** A field's value with a draft of its own: what is typed or dragged reaches the run only when it is committed. */
export function useField(path: string): FieldState {
  const value = useLab((s) => getValue(s.config, path));
  const base = useLab((s) => getValue(presetConfig(s.presets), path));
  const [draft, setDraft] = useState(NONE);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    setDraft(NONE);
  }
  const shown = valueText(value);
  return {
    field: field(path),
    value,
    base,
    text: draft.text ?? shown,
    pending: draft.text !== null && draft.text !== shown,
    fault: draft.fault,
    edit: (text) => setDraft((old) => ({ ...old, text })),
    commit: (text = draft.text ?? undefined) => {
      if (text === undefined) return;
      try {
        if (path.endsWith('.mix')) checkMix(path, text);
        setField(path, text);
        setDraft(NONE);
      } catch (error) {
        setDraft({ text, fault: (error as Error).message });
      }
    },
    revert: () => setDraft(NONE),
  };
}

/** Runs actions that may be refused; gives why the last one was. */
export function useAttempt(): [fault: string | null, attempt: (action: () => void) => void] {
  const [fault, setFault] = useState<string | null>(null);
  const attempt = (action: () => void) => {
    try {
      action();
      setFault(null);
    } catch (error) {
      setFault((error as Error).message);
    }
  };
  return [fault, attempt];
}
