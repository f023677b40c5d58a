import { Random } from '../../src/math/random';

/** n points in `width` dimensions in `clusters` unit Gaussians whose means lie `distance` apart along the axes; label i % clusters. */
export function clusters(n: number, width: number, count: number, distance: number, seed = 1) {
  const random = new Random(seed, 99);
  const label = Array.from({ length: n }, (_, i) => i % count);
  const rows = Float64Array.from(
    { length: n * width },
    (_, at) => random.normal() + (at % width === label[Math.floor(at / width)] ? distance : 0),
  );
  return { rows, label };
}
