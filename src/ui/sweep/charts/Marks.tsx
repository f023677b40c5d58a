import { useCallback } from 'react';
import { drawMark } from '../../../charts/sweep/mark';
import type { TrialState } from '../../../sweep/types';
import { Canvas, type Draw } from '../../Canvas';
import { usePalette } from '../../usePalette';
import { markOf } from './model';

const WORDS = { finished: 'finished', running: 'running', pruned: 'pruned', stopped: 'stopped', failed: 'failed' } as const;
type Named = keyof typeof WORDS;

/** The shape of a state. */
export function Shape({ state }: { state: Named }) {
  const palette = usePalette();
  const draw: Draw = useCallback(
    (context, { width, height }) => {
      context.clearRect(0, 0, width, height);
      const color = state === 'finished' ? palette.sequentialStops[3] : palette.quiet;
      drawMark(context, markOf(state), width / 2, height / 2, 4, color, palette);
    },
    [state, palette],
  );
  return (
    <span className="shape">
      <Canvas draw={draw} aria-hidden="true" />
    </span>
  );
}

/** Which shape is which state, of those that occur. */
export function Marks({ states, only }: { states: readonly TrialState[]; only?: readonly Named[] }) {
  const seen = new Set<TrialState>(states);
  const shown = (Object.keys(WORDS) as Named[]).filter((s) => seen.has(s) && (!only || only.includes(s)));
  if (shown.length < 2) return null;
  return (
    <p className="marks">
      {shown.map((state) => (
        <span key={state}>
          <Shape state={state} />
          {WORDS[state]}
        </span>
      ))}
    </p>
  );
}
