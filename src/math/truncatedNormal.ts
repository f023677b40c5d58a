/** The normal distribution cut to an interval, in logarithms, so that far tails keep their digits. */
import { normalCdf } from './normal';

const LOG_ROOT_TAU = 0.5 * Math.log(2 * Math.PI);

/** ln φ(x), the standard normal's log density. */
export const logNormalPdf = (x: number): number => -0.5 * x * x - LOG_ROOT_TAU;

/** ln Φ(x), to about 1e-13 relative, for any x: Mills' ratio as a continued fraction on the far left (Abramowitz & Stegun 26.2.14). */
export function logNormalCdf(x: number): number {
  if (x > -5) return x > 0 ? Math.log1p(-normalCdf(-x)) : Math.log(normalCdf(x));
  let tail = -x;
  for (let n = 60; n > 0; n--) tail = n / tail - x;
  return logNormalPdf(x) - Math.log(tail);
}

/** ln(eᵃ + eᵇ). */
const logAdd = (a: number, b: number): number => {
  const high = Math.max(a, b);
  return high === -Infinity ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
};

/** ln of the standard normal's mass between a ≤ b; −∞ when they are equal. */
export function logNormalMass(a: number, b: number): number {
  if (!(a < b)) return -Infinity;
  if (a > 0) return logNormalMass(-b, -a);
  if (b > 0) return Math.log1p(-normalCdf(a) - normalCdf(-b));
  const high = logNormalCdf(b);
  return high + Math.log(-Math.expm1(logNormalCdf(a) - high));
}

/** The x with ln Φ(x) = y ≤ ln ½. Newton: ln Φ is concave and rises, so after one step the iterates rise to the root. */
function inverseLogCdf(y: number): number {
  let x = -Math.sqrt(Math.max(0, -2 * (y + Math.LN2)));
  for (let i = 0; i < 60; i++) {
    const value = logNormalCdf(x);
    const step = (y - value) * Math.exp(value - logNormalPdf(x));
    x += step;
    if (Math.abs(step) <= 1e-15 * Math.max(1, Math.abs(x))) break;
  }
  return x;
}

/** The x with ln Φ(x) = logBelow, or ln(1 − Φ(x)) = logAbove: whichever tail is lighter is used. */
const inverse = (logBelow: number, logAbove: number): number =>
  logBelow < logAbove ? inverseLogCdf(logBelow) : -inverseLogCdf(logAbove);

/**
 * Quantile of the standard normal cut to [a, b].
 * @param q in [0, 1]: 0 gives a, 1 gives b
 * @throws RangeError unless a < b and q is a probability
 */
export function truncatedQuantile(q: number, a: number, b: number): number {
  if (!(a < b)) throw new RangeError(`invalid interval: ${a} to ${b} (the first below the second)`);
  if (!(q >= 0 && q <= 1)) throw new RangeError(`invalid probability: ${q} (0 to 1)`);
  if (q === 0) return a;
  if (q === 1) return b;
  const mass = logNormalMass(a, b);
  const below = logAdd(logNormalCdf(a), Math.log(q) + mass);
  const above = logAdd(logNormalCdf(-b), Math.log1p(-q) + mass);
  return Math.min(b, Math.max(a, inverse(below, above)));
}

/** ln density at x of a normal (mean, deviation) cut to [low, high]; −∞ outside. */
export function truncatedLogPdf(x: number, mean: number, deviation: number, low: number, high: number): number {
  if (x < low || x > high) return -Infinity;
  const mass = logNormalMass((low - mean) / deviation, (high - mean) / deviation);
  return logNormalPdf((x - mean) / deviation) - Math.log(deviation) - mass;
}
