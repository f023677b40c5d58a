import { useEffect, useMemo, useState } from 'react';
import type { DomainInfo } from '../../../store/state';
import { type SweepsState, sweeps } from '../../../store/sweep';
import type { SweepState } from '../../../sweep/types';
import { useLab } from '../../useLab';
import { type Model, modelOf } from './model';

/** Between the turns of two panels (about a frame), and between two turns of one, milliseconds. */
const APART = 16;
const CALM = 200;

/** What the page knew of the sweep at a turn. */
interface Glance {
  journal: SweepState | null;
  version: number;
}
const glance = ({ journal, version }: SweepsState): Glance => ({ journal, version });

let last: { journal: SweepState; version: number; domains: readonly DomainInfo[]; model: Model } | null = null;

/** The model of a journal as it is now; one for all panels. */
function sharedModel(journal: SweepState, version: number, domains: readonly DomainInfo[]): Model {
  if (last?.journal !== journal || last.version !== version || last.domains !== domains)
    last = { journal, version, domains, model: modelOf(journal, domains) };
  return last.model;
}

/** The sweep on the page, a little later for each turn and a few times a second: panels are drawn in tasks of their own. */
export function useModel(turn: number): Model | null {
  const domains = useLab((s) => s.domains);
  const [at, setAt] = useState(() => glance(sweeps.getState()));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let frame = 0;
    let before = Number.NEGATIVE_INFINITY;
    const show = () => {
      frame = 0;
      before = performance.now();
      setAt(glance(sweeps.getState()));
    };
    const soon = () => {
      if (frame) return;
      timer ??= setTimeout(
        () => {
          timer = undefined;
          // Hidden pages have no frames, and need no pictures.
          frame = requestAnimationFrame(show);
        },
        Math.max(APART * turn, before + CALM - performance.now()),
      );
    };
    const stop = sweeps.subscribe((now, was) => {
      if (now.journal !== was.journal) show();
      else if (now.version !== was.version) soon();
    });
    show();
    return () => {
      stop();
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    };
  }, [turn]);
  return useMemo(() => (at.journal ? sharedModel(at.journal, at.version, domains) : null), [at, domains]);
}
