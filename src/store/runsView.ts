import { createStore } from 'zustand/vanilla';

/** Most runs side by side. */
export const MAX_COMPARED = 8;

/** Something that was done. */
export interface Toast {
  text: string;
  undo?(): Promise<void>;
}

/** What people do with kept runs, beyond what is kept itself. */
export interface RunsViewState {
  /** Runs chosen in the table, by id. */
  selected: ReadonlySet<string>;
  /** Runs whose curves and numbers lie side by side, by id; at most MAX_COMPARED. */
  compared: readonly string[];
  /** What was done last, until it is dismissed; `undo` takes it back. */
  toast: Toast | null;
  /** What takes a while: a file that is read, or written. */
  busy: string;
}

/** The state of the runs view, over all that shows it. */
export const runsView = createStore<RunsViewState>(() => ({ selected: new Set(), compared: [], toast: null, busy: '' }));

/** Chooses runs, or no longer. */
export function choose(ids: readonly string[], on: boolean): void {
  const selected = new Set(runsView.getState().selected);
  for (const id of ids) on ? selected.add(id) : selected.delete(id);
  runsView.setState({ selected });
}

/** Lays runs side by side: the first MAX_COMPARED of them. */
export const compare = (ids: readonly string[]): void => runsView.setState({ compared: ids.slice(0, MAX_COMPARED) });

/** Says what was done. */
export const tell = (text: string, undo?: () => Promise<void>): void =>
  runsView.setState({ toast: { text, ...(undo ? { undo } : {}) } });

/** Takes the word of what was done away. */
export const dismissToast = (): void => runsView.setState({ toast: null });

/** Says what is under way while `work` runs. */
export async function busyWith<T>(what: string, work: () => Promise<T>): Promise<T> {
  runsView.setState({ busy: what });
  try {
    return await work();
  } finally {
    runsView.setState({ busy: '' });
  }
}
