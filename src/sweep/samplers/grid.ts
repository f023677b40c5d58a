import { spaceOf } from '../space';
import type { Sampler, SweepSpec } from '../types';

/** Every choice of the fields' values once, in the grid's own order. */
export function gridSampler(spec: Pick<SweepSpec, 'fields'>): Sampler {
  const space = spaceOf(spec);
  const size = space.size ?? 0;
  return { size, next: (point) => (point < size ? space.gridAt(point) : null) };
}
