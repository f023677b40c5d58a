import { createStore } from 'zustand/vanilla';
import { parseSpec, SpecError } from '../../../sweep/spec';
import type { SweepSpec } from '../../../sweep/types';
import { type Base, type Draft, draftOf, NEW } from './draft';

/** The sweep that is being written; it outlives the view. */
export interface FormState {
  draft: Draft;
  tab: 'form' | 'json';
  /** JSON as it was typed; null: what the form says. */
  typed: string | null;
}

const KEY = 'mcpo-lab-sweep-form';

function restored(): FormState {
  const fresh: FormState = { draft: NEW, tab: 'form', typed: null };
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Partial<FormState> | null;
    return kept?.draft && Array.isArray(kept.draft.fields) ? { ...fresh, ...kept, draft: { ...NEW, ...kept.draft } } : fresh;
  } catch {
    return fresh;
  }
}

export const formStore = createStore<FormState>(restored);
formStore.subscribe((state) => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // Without room for it, what is typed lasts as long as the page.
  }
});

export type Checked = { spec: SweepSpec; fault: null } | { spec: null; fault: string };

/** A specification, or the sentence that says what is wrong with it. */
export function check(input: unknown): Checked {
  try {
    return { spec: parseSpec(input), fault: null };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return { spec: null, fault: error.message };
  }
}

/** The same of a text. */
export function checkText(text: string): Checked {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    return { spec: null, fault: `no JSON yet: ${(error as Error).message}` };
  }
  return check(input);
}

/** Changes what the form says. */
export const edit = (change: Partial<Draft>): void =>
  formStore.setState(({ draft }) => ({ draft: { ...draft, ...change }, typed: null }));

/** Takes JSON as it is typed; what can be read of it is what the form says, too. */
export function type(text: string, lab: Base): void {
  const { spec } = checkText(text);
  formStore.setState(({ draft }) => ({ typed: text, draft: spec ? draftOf(spec, draft, lab) : draft }));
}

/** Where a fault lies: `fields[0].from`, `objective.metric`, `budget`; empty where it is of the whole. */
export function placeOf(fault: string): string {
  if (fault.startsWith('unknown metric')) return 'objective.metric';
  return (
    /^(?:invalid |missing |unknown key: )?((?:name|presets|changes|fields|seeds|sampler|objective|pruner|budget|places|report)[\w.[\]]*)/.exec(
      fault,
    )?.[1] ?? ''
  );
}
