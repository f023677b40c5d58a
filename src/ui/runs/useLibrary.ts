import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { type Glance, glanceAt, type RunRecord } from '../../store/glances';
import { heldElsewhere } from '../../store/kept';
import { type LibraryState, library } from '../../store/library';
import { type RunsViewState, runsView } from '../../store/runsView';

export const useLibrary = <T>(pick: (state: LibraryState) => T): T => useStore(library, pick);
export const useRunsView = <T>(pick: (state: RunsViewState) => T): T => useStore(runsView, pick);

/** Between two looks at a run that another tab may be training, milliseconds. */
const GLANCE_EVERY = 5000;
/** Between two looks at what other tabs hold, milliseconds. */
const HELD_EVERY = 2000;

const glances = new Map<string, { updated: number; at: number; glance: Glance }>();

/** What the table shows of a run beyond its record; null until it is read. Read again when the run changes, now and then. */
export function useGlance({ id, updated }: Pick<RunRecord, 'id' | 'updated'>): Glance | null {
  const known = glances.get(id);
  const [glance, setGlance] = useState<Glance | null>(known?.glance ?? null);
  useEffect(() => {
    const before = glances.get(id);
    if (before?.updated === updated) {
      setGlance(before.glance);
      return;
    }
    let over = false;
    const look = async () => {
      const found = await glanceAt(id);
      if (over) return;
      glances.set(id, { updated, at: performance.now(), glance: found });
      setGlance(found);
    };
    // A run that was deleted meanwhile keeps what is shown of it until its row goes.
    const wait = before ? Math.max(0, before.at + GLANCE_EVERY - performance.now()) : 0;
    const timer = setTimeout(() => void look().catch(() => undefined), wait);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [id, updated]);
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
