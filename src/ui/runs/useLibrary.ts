import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { type Glance, glanceAt, type RunRecord } from '../../store/glances';
import { heldElsewhere } from '../../store/kept';
import { type LibraryState, library } from '../../store/library';
import { type RunsViewState, runsView } from '../../store/runsView';

export const useLibrary = <T>(pick: (state: LibraryState) => T): T => useStore(library, pick);
export const useRunsView = <T>(pick: (state: RunsViewState) => T): T => useStore(runsView, pick);

/** Between two looks at a run that another tab may be training, milliseconds. */
const GLANCE_EVERY = 3000;
/** Between two looks at what other tabs hold, milliseconds. */
const HELD_EVERY = 2000;

const glances = new Map<string, { updated: number; steps: number | undefined; at: number; glance: Glance }>();

/**
 * What the table shows of a run beyond its record; null until it is read. Read again when the run changes; while it is `alive`, on the
 * page or in another tab, now and then too: a checkpoint that is kept changes no record. `steps`: how many at its end to read.
 */
export function useGlance({ id, updated }: Pick<RunRecord, 'id' | 'updated'>, alive: boolean, steps?: number): Glance | null {
  const [glance, setGlance] = useState<Glance | null>(glances.get(id)?.glance ?? null);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = () => {
      const before = glances.get(id);
      if (before) setGlance(before.glance);
      const known = before?.updated === updated && before.steps === steps;
      if (over || (known && !alive)) return;
      timer = setTimeout(look, before ? Math.max(0, before.at + GLANCE_EVERY - performance.now()) : 0);
    };
    const look = async () => {
      // A run that was deleted meanwhile keeps what is shown of it until its row goes.
      const found = await glanceAt(id, steps).catch(() => null);
      if (found) glances.set(id, { updated, steps, at: performance.now(), glance: found });
      if (found && !over) next();
    };
    next();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [id, updated, alive, steps]);
  return glance;
}

/** Fleets that other tabs hold. */
export function useHeldElsewhere(): ReadonlySet<string> {
  const [held, setHeld] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    let over = false;
    const look = () =>
      void heldElsewhere().then(
        (found) => !over && setHeld((old) => (old.size === found.size && [...found].every((f) => old.has(f)) ? old : found)),
        () => undefined,
      );
    look();
    const timer = setInterval(look, HELD_EVERY);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, []);
  return held;
}
