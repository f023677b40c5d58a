import { type Arrow, type Cloud, forces } from '../../charts/cloud';
import type { Forces } from './contrast';
import type { Picture } from './filmMaps';
import { pointOf } from './mapCloud';

/** Arrows of each kind that a picture bears. */
export const MOST_ARROWS = 8;
/** Length of the strongest, CSS pixels. */
const LONGEST = 84;

/** Arrows on a rollout along the lines to its strongest partners in the picture, all on one scale: solid pulls, dashed pushes. */
export function arrowsOn(cloud: Cloud, picture: Picture, row: number, { pull, push }: Forces): Arrow[] {
  const at = pointOf(picture, row);
  if (at === null) return [];
  const strongest = (all: Forces['pull']) =>
    all.slice(0, MOST_ARROWS).flatMap(({ row: j, share }) => {
      const point = pointOf(picture, j);
      return point === null ? [] : [{ row: point, share }];
    });
  const most = Math.max(pull[0]?.share ?? 0, push[0]?.share ?? 0);
  const of = (all: Forces['pull'], kind: Arrow['kind']) => {
    const some = strongest(all);
    return some.length ? forces(cloud, at, some, kind, (LONGEST * some[0].share) / most) : [];
  };
  return [...of(pull, 'pull'), ...of(push, 'push')];
}

/** How arrows are to be read in a picture. */
export const arrowWords = (picture: Picture): string =>
  picture.map.method === 'pca'
    ? 'Arrows run along the lines to the strongest partners: principal components are linear, so these are the true directions as this picture sees them. Length: share of the gradient.'
    : 'Arrows run along the lines to the strongest partners in this picture, which bends space: lengths (share of the gradient) are true, directions a hint.';
