import { useEffect, useRef, useState } from 'react';
import { pin, pinKept } from '../../store/look';
import type { Frame } from '../../store/state';

/** How long the film stays on a frame, ms. */
const STAY = 750;

/**
 * Plays a film: pins one frame after another, each when the one before has been shown for a while. `ready`: whether the frame at
 * `place` is on the canvas; `keep`: whether the selection holds from frame to frame. At the end the views follow the training again.
 */
export function usePlayer(
  frames: readonly Frame[],
  place: number,
  ready: boolean,
  keep: boolean,
): { playing: boolean; toggle(): void; stop(): void } {
  const [playing, setPlaying] = useState(false);
  const last = frames.length - 1;
  const move = keep ? pinKept : pin;
  /** Step that the film pinned last: whoever pins another one stops it. */
  const own = useRef<number | null>(null);
  useEffect(() => {
    if (!playing || !ready) return;
    const timer = setTimeout(() => {
      if (place >= last) {
        setPlaying(false);
        move(null);
      } else move((own.current = frames[place + 1].step));
    }, STAY);
    return () => clearTimeout(timer);
  }, [playing, ready, place, last, frames, move]);
  const here = frames[place]?.step ?? null;
  useEffect(() => {
    if (playing && own.current !== null && here !== own.current) setPlaying(false);
  }, [playing, here]);
  return {
    playing: playing && last > 0,
    stop: () => setPlaying(false),
    toggle() {
      if (!playing) move((own.current = frames[place >= last ? 0 : place].step));
      setPlaying(!playing);
    },
  };
}
