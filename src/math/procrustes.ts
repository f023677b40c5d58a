/** Orthogonal Procrustes alignment of 2-D maps: rotations and reflections mean nothing in t-SNE, so maps side by side share one. */

/** How `procrustes` allows a map to change beside translation and rotation. */
export interface ProcrustesOptions {
  /** Mirror images too (default true). */
  reflect?: boolean;
  /** Scale to fit as well (default false). */
  scale?: boolean;
}

/** A map laid onto another. */
export interface Alignment {
  /** f64[n, 2]: scale · (x − mean x) · rotationᵀ + mean of the target. */
  points: Float64Array;
  /** Orthogonal matrix, row by row: its determinant is −1 for a reflection. */
  rotation: [number, number, number, number];
  scale: number;
  /** Root mean square distance to the target. */
  residual: number;
}

function centre(map: ArrayLike<number>): [number, number] {
  const n = map.length / 2;
  let [x, y] = [0, 0];
  for (let i = 0; i < n; i++) {
    x += map[2 * i] / n;
    y += map[2 * i + 1] / n;
  }
  return [x, y];
}

/**
 * Lays the points of `map` onto those of `target`, both f[n, 2] in the same order: the rotation (and reflection) Q and the scale s
 * that minimise Σ ‖s Q (x − x̄) − (y − ȳ)‖² (Schönemann 1966, closed form for the plane). With no direction to follow (all points
 * in one place) Q is the identity and s is 1. @throws RangeError unless both hold equally many points, at least one
 */
export function procrustes(map: ArrayLike<number>, target: ArrayLike<number>, options: ProcrustesOptions = {}): Alignment {
  const { reflect = true, scale: scaled = false } = options;
  const n = map.length / 2;
  if (!Number.isInteger(n) || n < 1 || target.length !== map.length)
    throw new RangeError(`invalid maps: ${map.length} and ${target.length} numbers (two for each point, as many in both)`);
  const [mx, my] = centre(map);
  const [tx, ty] = centre(target);
  // Sums of products: a rotation by θ reaches (xx + yy) cos θ + (xy − yx) sin θ, a reflection (xx − yy) cos θ + (xy + yx) sin θ.
  let [xx, xy, yx, yy, square] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [a, b] = [map[2 * i] - mx, map[2 * i + 1] - my];
    const [c, d] = [target[2 * i] - tx, target[2 * i + 1] - ty];
    xx += a * c;
    xy += a * d;
    yx += b * c;
    yy += b * d;
    square += a * a + b * b;
  }
  const turned = Math.hypot(xx + yy, xy - yx);
  const mirrored = Math.hypot(xx - yy, xy + yx);
  const mirror = reflect && mirrored > turned;
  const reach = mirror ? mirrored : turned;
  const [cos, sin] =
    reach === 0 ? [1, 0] : mirror ? [(xx - yy) / reach, (xy + yx) / reach] : [(xx + yy) / reach, (xy - yx) / reach];
  const rotation: Alignment['rotation'] = mirror ? [cos, sin, sin, -cos] : [cos, -sin, sin, cos];
  const scale = scaled && square > 0 && reach > 0 ? reach / square : 1;
  const points = new Float64Array(2 * n);
  let error = 0;
  for (let i = 0; i < n; i++) {
    const [a, b] = [map[2 * i] - mx, map[2 * i + 1] - my];
    points[2 * i] = scale * (rotation[0] * a + rotation[1] * b) + tx;
    points[2 * i + 1] = scale * (rotation[2] * a + rotation[3] * b) + ty;
    error += (points[2 * i] - target[2 * i]) ** 2 + (points[2 * i + 1] - target[2 * i + 1]) ** 2;
  }
  return { points, rotation, scale, residual: Math.sqrt(error / n) };
}
