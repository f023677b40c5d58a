/** What t-SNE descends: the divergence of a map's similarities from those of the rows, and its gradient, in the plane and in space. */

/** KL(P ‖ Q) in nats, q_ij ∝ 1 / (1 + ‖y_i − y_j‖²) over ordered pairs; `p` as `similarities` gives it. */
export function divergence(p: Float64Array, y: Float64Array, dimensions = 2): number {
  const n = y.length / dimensions;
  let total = 0;
  let sum = 0;
  for (let i = 0, at = 0; i < n; i++)
    for (let j = i + 1; j < n; j++, at++) {
      let spread = 1;
      for (let d = 0; d < dimensions; d++) spread += (y[dimensions * i + d] - y[dimensions * j + d]) ** 2;
      total += 2 / spread;
      if (p[at] > 0) sum += 2 * p[at] * Math.log(p[at] * spread);
    }
  return sum + Math.log(total);
}

/**
 * A quarter of ∂KL/∂y, f64[n, dimensions]: Σ_j (e p_ij − q_ij) (y_i − y_j) / (1 + ‖y_i − y_j‖²). The gradient itself is 4 times this
 * at e = 1.
 * @param exaggeration e, the factor on the attraction
 */
export function quarterGradient(
  p: Float64Array,
  y: Float64Array,
  exaggeration: number,
  out: Float64Array = new Float64Array(y.length),
  dimensions: 2 | 3 = 2,
): Float64Array {
  const repulsion = new Float64Array(y.length);
  out.fill(0);
  // Two loops and not one over the dimensions: that one takes more than twice the time.
  const total = dimensions === 2 ? plane(p, y, out, repulsion) : space(p, y, out, repulsion);
  for (let k = 0; k < out.length; k++) out[k] = exaggeration * out[k] - repulsion[k] / (2 * total);
  return out;
}

/** Adds the attraction to `out` and the repulsion, not yet normalised, to `repulsion`; returns half its normaliser. */
function plane(p: Float64Array, y: Float64Array, out: Float64Array, repulsion: Float64Array): number {
  const n = y.length / 2;
  let total = 0;
  for (let i = 0, at = 0; i < n; i++) {
    const [xi, yi] = [y[2 * i], y[2 * i + 1]];
    let [ax, ay, rx, ry] = [0, 0, 0, 0];
    for (let j = i + 1; j < n; j++, at++) {
      const dx = xi - y[2 * j];
      const dy = yi - y[2 * j + 1];
      const near = 1 / (1 + dx * dx + dy * dy);
      const attract = p[at] * near;
      const repel = near * near;
      total += near;
      ax += attract * dx;
      ay += attract * dy;
      rx += repel * dx;
      ry += repel * dy;
      out[2 * j] -= attract * dx;
      out[2 * j + 1] -= attract * dy;
      repulsion[2 * j] -= repel * dx;
      repulsion[2 * j + 1] -= repel * dy;
    }
    out[2 * i] += ax;
    out[2 * i + 1] += ay;
    repulsion[2 * i] += rx;
    repulsion[2 * i + 1] += ry;
  }
  return total;
}

/** As `plane`, with three coordinates. */
function space(p: Float64Array, y: Float64Array, out: Float64Array, repulsion: Float64Array): number {
  const n = y.length / 3;
  let total = 0;
  for (let i = 0, at = 0; i < n; i++) {
    const [xi, yi, zi] = [y[3 * i], y[3 * i + 1], y[3 * i + 2]];
    let [ax, ay, az, rx, ry, rz] = [0, 0, 0, 0, 0, 0];
    for (let j = i + 1; j < n; j++, at++) {
      const dx = xi - y[3 * j];
      const dy = yi - y[3 * j + 1];
      const dz = zi - y[3 * j + 2];
      const near = 1 / (1 + dx * dx + dy * dy + dz * dz);
      const attract = p[at] * near;
      const repel = near * near;
      total += near;
      ax += attract * dx;
      ay += attract * dy;
      az += attract * dz;
      rx += repel * dx;
      ry += repel * dy;
      rz += repel * dz;
      out[3 * j] -= attract * dx;
      out[3 * j + 1] -= attract * dy;
      out[3 * j + 2] -= attract * dz;
      repulsion[3 * j] -= repel * dx;
      repulsion[3 * j + 1] -= repel * dy;
      repulsion[3 * j + 2] -= repel * dz;
    }
    out[3 * i] += ax;
    out[3 * i + 1] += ay;
    out[3 * i + 2] += az;
    repulsion[3 * i] += rx;
    repulsion[3 * i + 1] += ry;
    repulsion[3 * i + 2] += rz;
  }
  return total;
}
