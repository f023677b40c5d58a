import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { library } from '../../store/library';
import { returnSteps } from '../../store/travel';

/** Where the fleet on the page can go back to. */
export interface Returns {
  /** Steps of the checkpoints that all its runs have, ascending. */
  steps: readonly number[];
  /** Why nothing can be gone back to; null when something can, or it is not known yet. */
  missing: string | null;
}

/** Follows what is kept of the fleet on the page. */
export function useReturns(): Returns {
  const records = useStore(library, (s) => s.records);
  const onPage = useStore(library, (s) => s.onPage);
  const [returns, setReturns] = useState<Returns>({ steps: [], missing: null });
  // biome-ignore lint/correctness/useExhaustiveDependencies: they say when there may be something new
  useEffect(() => {
    let over = false;
    returnSteps().then(
      (steps) => over || setReturns({ steps, missing: null }),
      (error: Error) => over || setReturns({ steps: [], missing: error.message }),
    );
    return () => {
      over = true;
    };
  }, [records, onPage]);
  return returns;
}
