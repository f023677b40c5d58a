import { useCallback, useMemo, useState } from 'react';
import { analysis, type Call, type Inspection, type LeaveOut, type LeaveOutMode, type Neighbourhood } from '../../store/analysis';
import type { Config, Frame } from '../../store/state';
import { contrastOf } from './contrast';
import { type Answer, useAnswer } from './useAnswer';

/** Nearest rollouts that are listed. */
export const NEIGHBOURS = 10;

/** What is known of the selected rollout, and what has been left out to try. */
export interface Inspected {
  row: number | null;
  /** What pulls and pushes it; nothing for held-out rollouts, which no loss sees. */
  inspection: Answer<Inspection>;
  neighbours: Answer<Neighbourhood>;
  /** Positives that are left out. */
  out: ReadonlySet<number>;
  mode: LeaveOutMode;
  leaveOut: Answer<LeaveOut>;
  /** Leaves a positive out, or takes it back. */
  toggle(positive: number): void;
  undo(): void;
  setMode(mode: LeaveOutMode): void;
}

const NONE: ReadonlySet<number> = new Set();

/** Asks the analysis worker about a rollout; what is left out belongs to one rollout of one frame. */
export function useInspection(frame: Frame | null, row: number | null, config: Config): Inspected {
  const [left, setLeft] = useState<{ frame: Frame | null; row: number | null; out: ReadonlySet<number> }>({
    frame: null,
    row: null,
    out: NONE,
  });
  const [mode, setMode] = useState<LeaveOutMode>('pair');
  const out = left.frame === frame && left.row === row ? left.out : NONE;
  const options = useMemo(() => (frame && frame.source !== 'heldOut' ? contrastOf(config, frame) : null), [frame, config]);

  const inspect = useMemo(
    () => (frame && options && row !== null ? (call: Call) => analysis().inspect(frame, row, options, call) : null),
    [frame, options, row],
  );
  const near = useMemo(
    () => (frame && row !== null ? (call: Call) => analysis().neighbours(frame, row, NEIGHBOURS, call) : null),
    [frame, row],
  );
  const without = useMemo(
    () =>
      frame && options && row !== null && out.size
        ? (call: Call) => analysis().leaveOut(frame, row, [...out], mode, options, call)
        : null,
    [frame, options, row, out, mode],
  );
  const toggle = useCallback(
    (positive: number) => {
      const next = new Set(out);
      if (!next.delete(positive)) next.add(positive);
      setLeft({ frame, row, out: next });
    },
    [frame, row, out],
  );
  const undo = useCallback(() => setLeft({ frame: null, row: null, out: NONE }), []);
  const inspection = useAnswer(inspect);
  const neighbours = useAnswer(near);
  const leaveOut = useAnswer(without);
  return useMemo(
    () => ({ row, inspection, neighbours, out, mode, leaveOut, toggle, undo, setMode }),
    [row, inspection, neighbours, out, mode, leaveOut, toggle, undo],
  );
}
