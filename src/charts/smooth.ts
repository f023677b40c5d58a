/**
 * Exponential average with the start's bias taken out (as Adam does): `window` is about how many values it looks back over, and 1
 * leaves the values as they are. NaN stays NaN and does not count.
 * @throws RangeError unless window ≥ 1
 */
export function smooth(values: ArrayLike<number>, window: number): Float64Array {
  if (!(window >= 1)) throw new RangeError(`invalid smoothing window: ${window} (1 or more)`);
  const fresh = 2 / (window + 1);
  const out = new Float64Array(values.length);
  let [sum, weight] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      out[i] = Number.NaN;
      continue;
    }
    sum += fresh * (value - sum);
    weight += fresh * (1 - weight);
    out[i] = sum / weight;
  }
  return out;
}
