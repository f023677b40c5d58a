import { useEffect } from 'react';
import { isTyping } from '../typing';
import { type Group, rowBeside } from './groups';
import type { Inspected } from './useInspector';

/** J and K: the next and the previous rollout among the prompts shown, wherever the focus is, unless it is in a field. */
export function useRolloutKeys(inspected: Inspected | null, shown: readonly Group[]): void {
  useEffect(() => {
    if (!inspected) return;
    const { row, choose } = inspected;
    const onKey = (event: KeyboardEvent) => {
      const by = { j: 1, J: 1, k: -1, K: -1 }[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      choose(rowBeside(shown, row, by));
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [inspected, shown]);
}
