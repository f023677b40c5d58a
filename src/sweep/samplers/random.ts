import { randomBits, STREAM } from '../../math/random';
import { spaceOf } from '../space';
import type { Sampler, SweepSpec } from '../types';

/** In [0, 1) with 53 bits, from two counters of one draw. */
const fine = (seed: number, point: number, draw: number): number =>
  ((randomBits(seed, STREAM.sweep, point, 2 * draw) >>> 5) * 2 ** 26 +
    (randomBits(seed, STREAM.sweep, point, 2 * draw + 1) >>> 6)) /
  2 ** 53;

/** Points drawn evenly from the unit cube, each of its number and the seed alone. */
export function randomSampler(spec: Pick<SweepSpec, 'fields'>, seed: number): Sampler {
  const space = spaceOf(spec);
  return { size: null, next: (point) => space.at(space.axes.map((_, j) => fine(seed, point, j))) };
}
