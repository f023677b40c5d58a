import { useEffect, useState } from 'react';
import { analysis, isCancelled, type Summary } from '../../store/analysis';
import type { Config, Frame } from '../../store/state';

const known = new WeakMap<Frame, Map<string, Summary>>();

/** What the analysis says about a pool as a whole, where that is `wanted`: of the one before while it is made; null without any. */
export function useSummary(frame: Frame | null, { contrast: { weightMap, labels } }: Config, wanted: boolean): Summary | null {
  const key = `${weightMap} ${labels}`;
  const [last, setLast] = useState<Summary | null>(null);
  const found = frame && known.get(frame)?.get(key);
  const asked = wanted && frame?.vectors && !found ? frame : null;
  useEffect(() => {
    if (!asked) return;
    const stop = new AbortController();
    analysis()
      .summary(asked, { weightMap, labels }, { signal: stop.signal, channel: 'logits.summary' })
      .then(
        (summary) => {
          const mine = known.get(asked) ?? new Map<string, Summary>();
          known.set(asked, mine.set(key, summary));
          setLast(summary);
        },
        (error: Error) => {
          if (!isCancelled(error)) setLast(null);
        },
      );
    return () => stop.abort();
  }, [asked, weightMap, labels, key]);
  return found ?? (frame?.vectors ? last : null);
}
