import { useState } from 'react';

/** Something that was done, and how to take it back. */
export interface Done {
  text: string;
  undo: (() => Promise<unknown>) | null;
}

/** Going back in time: what is under way, what was done, what went wrong. */
export interface Travel {
  busy: string;
  done: Done | null;
  fault: string;
  /** Does it; `what` says what is under way. */
  go(what: string, work: () => Promise<Done | null>): void;
  dismiss(): void;
}

/** One journey after the other. */
export function useTravel(): Travel {
  const [busy, setBusy] = useState('');
  const [done, setDone] = useState<Done | null>(null);
  const [fault, setFault] = useState('');
  return {
    busy,
    done,
    fault,
    go(what, work) {
      if (busy) return;
      setBusy(what);
      setFault('');
      work()
        .then(setDone, (error: Error) => setFault(error.message))
        .finally(() => setBusy(''));
    },
    dismiss: () => setDone(null),
  };
}
