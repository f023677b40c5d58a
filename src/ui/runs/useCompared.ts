import { useEffect, useMemo, useState } from 'react';
import type { RunRecord } from '../../store/glances';
import { loadRun } from '../../store/kept';
import type { RunState } from '../../store/state';
import { useLab } from '../useLab';
import { useLibrary, useRunsView } from './useLibrary';

/** A run with its curves, and the colour and dash that it has beside the others. */
export interface Compared {
  record: RunRecord;
  run: RunState;
  style: number;
}

/** Between two readings of a run that another tab trains, milliseconds. */
const READ_EVERY = 5000;
const STYLES = 8;

/** Each run's own colour where no run before has it, else the next free one. */
export function stylesOf(colors: readonly number[]): number[] {
  const taken = new Set<number>();
  const wanted = colors.map((c) => {
    const own = c % STYLES;
    if (taken.has(own)) return null;
    taken.add(own);
    return own;
  });
  return wanted.map((style) => {
    if (style !== null) return style;
    const free = Array.from({ length: STYLES }, (_, i) => i).find((i) => !taken.has(i)) ?? 0;
    taken.add(free);
    return free;
  });
}

interface Read {
  updated: number;
  at: number;
  run: RunState;
}

/** The runs that lie side by side; null while one is being read. Those on the page grow as they train. */
export function useCompared(): readonly Compared[] | null {
  const ids = useRunsView((s) => s.compared);
  const records = useLibrary((s) => s.records);
  const onPage = useLibrary((s) => s.onPage);
  const live = useLab((s) => s.runs);
  const [read, setRead] = useState<ReadonlyMap<string, Read>>(new Map());
  const here = useMemo(() => ids.flatMap((id) => records?.find((r) => r.id === id) ?? []), [ids, records]);
  const wanted = here
    .filter((r) => !onPage.includes(r.id))
    .map((r) => `${r.id} ${r.updated}`)
    .join();

  useEffect(() => {
    let over = false;
    const timers = wanted
      .split(',')
      .filter(Boolean)
      .map((word) => {
        const [id, updated] = word.split(' ');
        const before = read.get(id);
        if (before?.updated === Number(updated)) return undefined;
        const wait = before ? Math.max(0, before.at + READ_EVERY - performance.now()) : 0;
        return setTimeout(async () => {
          // A run that was deleted meanwhile leaves the list by itself.
          const run = await loadRun(id).catch(() => null);
          if (run && !over) setRead((old) => new Map(old).set(id, { updated: Number(updated), at: performance.now(), run }));
        }, wait);
      });
    return () => {
      over = true;
      for (const timer of timers) clearTimeout(timer);
    };
  }, [wanted, read]);

  return useMemo(() => {
    const styles = stylesOf(here.map((r) => r.color));
    const out = here.flatMap((record, i): Compared[] => {
      const run = live[onPage.indexOf(record.id)] ?? read.get(record.id)?.run;
      return run ? [{ record, run, style: styles[i] }] : [];
    });
    return out.length < here.length ? null : out;
  }, [here, live, onPage, read]);
}
