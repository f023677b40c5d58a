import { useEffect, useMemo, useState } from 'react';
import { type Call, isCancelled } from '../../store/analysis';

/** What came of a question: the last answer stays while a new one is worked out. */
export interface Answer<T> {
  value: T | null;
  /** Whether `value` answers the question asked now. */
  current: boolean;
  fault: string | null;
}

/** Asks the analysis worker whenever the question changes; give it by `useMemo` or `useCallback`. Null asks nothing. */
export function useAnswer<T>(question: ((call: Call) => Promise<T>) | null): Answer<T> {
  const [state, setState] = useState<{ of: typeof question; value: T | null; fault: string | null }>({
    of: null,
    value: null,
    fault: null,
  });
  useEffect(() => {
    if (!question) return setState({ of: null, value: null, fault: null });
    const stop = new AbortController();
    question({ signal: stop.signal }).then(
      (value) => setState({ of: question, value, fault: null }),
      (error: Error) => {
        if (!isCancelled(error)) setState({ of: question, value: null, fault: error.message });
      },
    );
    return () => stop.abort();
  }, [question]);
  return useMemo(() => {
    const current = question !== null && state.of === question;
    return { value: question ? state.value : null, current, fault: current ? state.fault : null };
  }, [state, question]);
}
