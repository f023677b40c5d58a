import { randomBits, STREAM } from '../../math/random';
import { spaceOf } from '../space';
import type { Sampler, SweepSpec } from '../types';

/**
 * Primitive polynomials (their inner coefficients as bits) and first direction numbers of dimensions 2 to 16: Joe and Kuo (2008),
 * "Constructing Sobol sequences with better two-dimensional projections", table new-joe-kuo-6.21201. The degree is the number of m.
 */
const TABLE: readonly { a: number; m: readonly number[] }[] = [
  { a: 0, m: [1] },
  { a: 1, m: [1, 3] },
  { a: 1, m: [1, 3, 1] },
  { a: 2, m: [1, 1, 1] },
  { a: 1, m: [1, 1, 3, 3] },
  { a: 4, m: [1, 3, 5, 13] },
  { a: 2, m: [1, 1, 5, 5, 17] },
  { a: 4, m: [1, 1, 5, 5, 5] },
  { a: 7, m: [1, 1, 7, 11, 19] },
  { a: 11, m: [1, 1, 5, 1, 1] },
  { a: 13, m: [1, 1, 1, 3, 11] },
  { a: 14, m: [1, 3, 5, 5, 31] },
  { a: 1, m: [1, 3, 3, 9, 7, 49] },
  { a: 13, m: [1, 1, 1, 15, 21, 21] },
  { a: 16, m: [1, 3, 1, 13, 27, 49] },
];

/** Most dimensions of a Sobol point. */
export const SOBOL_DIMENSIONS = TABLE.length + 1;
const BITS = 32;

/** Direction numbers of one dimension as 32-bit fractions. */
function directions(dimension: number): Uint32Array {
  const v = new Uint32Array(BITS);
  if (dimension === 0) return v.map((_, i) => 2 ** (BITS - 1 - i));
  const { a, m } = TABLE[dimension - 1];
  const degree = m.length;
  for (let i = 0; i < BITS; i++) {
    if (i < degree) {
      v[i] = m[i] << (BITS - 1 - i);
      continue;
    }
    v[i] = v[i - degree] ^ (v[i - degree] >>> degree);
    for (let k = 1; k < degree; k++) if ((a >>> (degree - 1 - k)) & 1) v[i] ^= v[i - k];
  }
  return v;
}

/**
 * Point number `point` (0 first, the origin) of the Sobol sequence in Gray-code order, as 32-bit fractions.
 * @throws Error beyond 16 dimensions or 2³² points
 */
export function sobolBits(point: number, dimensions: number): Uint32Array {
  if (dimensions > SOBOL_DIMENSIONS)
    throw new Error(`${dimensions} dimensions of a Sobol sequence (at most ${SOBOL_DIMENSIONS})`);
  if (!Number.isInteger(point) || point < 0 || point >= 2 ** BITS) throw new Error(`no Sobol point ${point} (0 to 2³² − 1)`);
  const gray = (point ^ (point >>> 1)) >>> 0;
  return Uint32Array.from({ length: dimensions }, (_, j) => {
    const v = directions(j);
    let bits = 0;
    for (let i = 0; i < BITS; i++) if ((gray >>> i) & 1) bits ^= v[i];
    return bits;
  });
}

/** Points that fill the unit cube evenly; a seed other than 0 shifts all of them by the same random digits. */
export function sobolSampler(spec: Pick<SweepSpec, 'fields'>, seed: number): Sampler {
  const space = spaceOf(spec);
  const shift = space.axes.map((_, j) => (seed === 0 ? 0 : randomBits(seed, STREAM.sweep, j, 0)));
  return {
    size: null,
    next: (point) => space.at([...sobolBits(point, space.axes.length)].map((bits, j) => ((bits ^ shift[j]) >>> 0) / 2 ** BITS)),
  };
}
