import { useMemo } from 'react';
import { useSweep } from '../useSweep';

/** Whether a point is among those chosen; all are where none is. */
export function useSelected(): (point: number) => boolean {
  const selected = useSweep((s) => s.selected);
  return useMemo(() => {
    const chosen = new Set(selected);
    return (point) => !chosen.size || chosen.has(point);
  }, [selected]);
}
