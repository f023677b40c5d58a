import { useEffect, useState } from 'react';
import { lab } from '../../store/lab';

/** Between the turns of two panels (about a frame), and between two turns of one, milliseconds. */
const APART = 16;
const CALM = 250;

/**
 * The store's `version`, a little later for each turn and four times a second at most: so the panels of a full view are drawn in tasks of
 * their own, not in one long one.
 */
export function useTurn(turn: number): number {
  const [version, setVersion] = useState(() => lab.getState().version);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = Number.NEGATIVE_INFINITY;
    const soon = () => {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          last = performance.now();
          setVersion(lab.getState().version);
        },
        Math.max(APART * turn, last + CALM - performance.now()),
      );
    };
    const stop = lab.subscribe((now, before) => {
      if (now.version !== before.version) soon();
    });
    soon();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [turn]);
  return version;
}
