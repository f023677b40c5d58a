import type { Picture } from './filmMaps';
import { pointOf, rowAt } from './mapCloud';

/** Rows nearest to a row in the picture, nearest first; none where the picture does not have it. */
export function nearInPicture(picture: Picture, row: number, k: number): number[] {
  const at = pointOf(picture, row);
  if (at === null) return [];
  const { points, dimensions: dims } = picture.map;
  const square = (i: number) => {
    let sum = 0;
    for (let d = 0; d < dims; d++) sum += (points[i * dims + d] - points[at * dims + d]) ** 2;
    return sum;
  };
  return Array.from({ length: points.length / dims }, (_, i) => ({ i, square: square(i) }))
    .filter(({ i }) => i !== at)
    .sort((a, b) => a.square - b.square || a.i - b.i)
    .slice(0, k)
    .map(({ i }) => rowAt(picture, i));
}

/** How the nearest rows of a rollout in the embedding and in the picture agree. */
export interface Agreement {
  /** Place among the nearest in the picture of each of `near`, from 1; 0 for those that are not among them. */
  place: number[];
  shared: number;
  /** Near in the picture only. */
  strangers: number[];
}

/** @param near rows nearest in the embedding; as many are looked at in the picture */
export function agreement(picture: Picture, row: number, near: ArrayLike<number>): Agreement {
  const seen = nearInPicture(picture, row, near.length);
  const place = Array.from(near, (r) => seen.indexOf(r) + 1);
  const known = new Set(Array.from(near));
  return { place, shared: place.filter((p) => p > 0).length, strangers: seen.filter((r) => !known.has(r)) };
}
