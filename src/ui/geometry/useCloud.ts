import { useMemo } from 'react';
import type { Cloud } from '../../charts/cloud';
import type { Summary } from '../../store/analysis';
import { useLab, useOption } from '../useLab';
import type { Picture } from './filmMaps';
import { cloudOf } from './mapCloud';
import type { FrameNames } from './source';

/** Pictures that trails reach back over. */
const TRAIL = 5;

/** A picture as the view's choices draw it. */
export function useCloud(
  picture: Picture | null,
  pictures: readonly Picture[],
  names: FrameNames | null,
  summary: Summary | null,
): Cloud | null {
  const color = useOption('geometry.color');
  const show = useOption('geometry.show');
  const means = useOption('geometry.means') === 'on';
  const linked = useOption('geometry.links') === 'on';
  const trailing = useOption('geometry.trails') === 'on';
  const muted = useLab((s) => s.muted);
  const before = trailing ? pictures : null;
  return useMemo(() => {
    if (!picture || !names) return null;
    const at = before?.indexOf(picture) ?? -1;
    const trails = before && at > 0 ? before.slice(Math.max(0, at - TRAIL), at) : [];
    const links = linked && picture.frame.source !== 'heldOut';
    return cloudOf(picture, names, { color, show, muted, means, links, trails }, summary);
  }, [picture, before, names, summary, color, show, means, linked, muted]);
}
