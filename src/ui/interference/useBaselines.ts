import { useEffect, useState } from 'react';
import { type Baselines, baselinesOf } from '../../store/baselines';
import { chosen } from '../../store/changes';
import { useFocusedLane } from '../useLab';

/** Baselines of the focused lane's size, or why there are none. */
export interface Found {
  size: string;
  baselines: Baselines | null;
  /** Empty while they are read, too. */
  missing: string;
}

/** What the domains reach when each is trained alone, at the size on the page. */
export function useBaselines(): Found {
  const { presets } = useFocusedLane();
  const size = chosen(presets, 'size');
  const name = size?.name ?? '';
  const label = size?.label ?? 'this';
  const [found, setFound] = useState<Found>({ size: '', baselines: null, missing: '' });
  useEffect(() => {
    let over = false;
    baselinesOf(name).then(
      (baselines) =>
        over ||
        setFound({
          size: name,
          baselines,
          missing: baselines
            ? ''
            : `No single-domain baseline is shipped for the size ${label}. Choose Tiny, or make one: node scripts/baselines.js ${name}`,
        }),
      (error: Error) =>
        over || setFound({ size: name, baselines: null, missing: `The baseline could not be read: ${error.message}` }),
    );
    return () => {
      over = true;
    };
  }, [name, label]);
  return found.size === name ? found : { size: name, baselines: null, missing: '' };
}
