import { useEffect, useState } from 'react';
import { analysis, isCancelled, type LogitChange, type LogitChanges } from '../../store/analysis';
import type { Frozen } from '../../store/whatif';
import { baseRows, type Column } from './columns';

/** Changed logits of the columns that have embeddings. */
export interface ColumnChanges {
  changes: LogitChanges;
  /** By the place of the column; null without embeddings. */
  of: (LogitChange | null)[];
}

/** Asks the analysis worker for the change of every logit; null while it works, or where no column has embeddings. */
export function useLogitChanges(
  frozen: Frozen,
  columns: readonly Column[],
): { found: ColumnChanges | null; fault: string | null } {
  const [state, setState] = useState<{ of: Frozen; found: ColumnChanges | null; fault: string | null } | null>(null);
  useEffect(() => {
    const base = columns[0].outcome;
    const { tau, labels, scope } = base.config.contrast;
    const embedded = columns.filter((c) => c.outcome.before.frame.vectors && c.outcome.after.frame.vectors);
    // Without the run's own embeddings there is nothing to compare with.
    if (embedded[0] !== columns[0]) return setState({ of: frozen, found: null, fault: null });
    const stop = new AbortController();
    const frames = embedded.flatMap(({ outcome }) => [outcome.before.frame, outcome.after.frame]);
    const rows = embedded.map(({ outcome }) => baseRows(outcome, base));
    analysis()
      .logitChange(frames, { tau, labels, scope, rows }, { signal: stop.signal, channel: 'whatif' })
      .then(
        (changes) => {
          const of = columns.map((c) => changes.outcomes[embedded.indexOf(c)] ?? null);
          setState({ of: frozen, found: { changes, of }, fault: null });
        },
        (error: Error) => {
          if (!isCancelled(error)) setState({ of: frozen, found: null, fault: error.message });
        },
      );
    return () => stop.abort();
  }, [frozen, columns]);
  return { found: state?.of === frozen ? state.found : null, fault: state?.of === frozen ? state.fault : null };
}
