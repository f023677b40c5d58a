import { useEffect, useRef, useState } from 'react';
import { analysis, type DistributionOptions, type Distributions, isCancelled } from '../../store/analysis';
import type { Frame } from '../../store/state';
import { useTraced } from '../useTraced';

/** What was worked out, for as long as its frame is kept; an error stands for what could not be. */
const known = new WeakMap<Frame, Map<string, Distributions | Error>>();

/** Distributions of a film's frames, as far as they are worked out. */
export interface FilmDistributions {
  /** In the order of the frames. */
  all: readonly Distributions[];
  of(frame: Frame | null): Distributions | null;
  /** Frames that are still to come. */
  left: number;
  /** Why some have none. */
  fault: string | null;
}

/** Asks the analysis worker for one frame after another: `first`, then from the newest to the oldest. */
export function useDistributions(frames: readonly Frame[], first: Frame | null, options: DistributionOptions): FilmDistributions {
  const key = JSON.stringify(options);
  const [version, setVersion] = useState(0);
  const wanted = useRef({ frames, first, options, key });
  const working = useRef(false);
  const stop = useRef<AbortController | null>(null);

  useEffect(() => {
    const controller = new AbortController();
    stop.current = controller;
    return () => controller.abort();
  }, []);

  useEffect(() => {
    wanted.current = { frames, first, options, key };
    const next = () => {
      const now = wanted.current;
      const lacking = (f: Frame) => f.vectors !== null && !known.get(f)?.has(now.key);
      return now.first && lacking(now.first) ? now.first : now.frames.findLast(lacking);
    };
    const work = async () => {
      const signal = stop.current?.signal;
      working.current = true;
      for (let frame = next(); frame && signal && !signal.aborted; frame = next()) {
        const { options: asked, key: of } = wanted.current;
        const found = await analysis()
          .distributions(frame, asked, { signal, channel: 'logits' })
          .catch((error: Error) => error);
        if (found instanceof Error && isCancelled(found)) break;
        const mine = known.get(frame) ?? new Map<string, Distributions | Error>();
        known.set(frame, mine.set(of, found));
        setVersion((v) => v + 1);
      }
      working.current = false;
      // Mounted again while the last request was being stopped.
      if (signal?.aborted && !stop.current?.signal.aborted && next()) void work();
    };
    if (!working.current) void work();
  }, [frames, first, options, key]);

  return useTraced(version, () => {
    const of = (frame: Frame | null) => {
      const found = frame && known.get(frame)?.get(key);
      return found instanceof Error ? null : (found ?? null);
    };
    const embedded = frames.filter((f) => f.vectors);
    const found = embedded.map((f) => known.get(f)?.get(key));
    return {
      all: embedded.flatMap((f) => of(f) ?? []),
      of,
      left: found.filter((d) => d === undefined).length,
      fault: found.find((d) => d instanceof Error)?.message ?? null,
    };
  }, [frames, key]);
}
