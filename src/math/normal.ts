/** The standard normal distribution in float64. */

/**
 * erf(x) by its Maclaurin series, all of whose terms are positive after e^(−x²) is taken out (Abramowitz & Stegun 7.1.6): no cancellation.
 */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x), x ≥ 2, by its continued fraction (Abramowitz & Stegun 7.1.14), evaluated from the inside. */
function erfcFraction(x: number): number {
  let tail = x;
  for (let n = 120; n > 0; n--) tail = x + n / 2 / tail;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
}

/** Complementary error function, to about 1e-14 relative. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  return x < 2 ? 1 - erfSeries(x) : erfcFraction(x);
}

/** Error function. */
export function erf(x: number): number {
  if (Math.abs(x) < 2) return erfSeries(x);
  return x < 0 ? -erf(-x) : 1 - erfcFraction(x);
}

/** Φ(x), the standard normal distribution function. */
export const normalCdf = (x: number): number => 0.5 * erfc(-x * Math.SQRT1_2);

/** φ(x), its density. */
export const normalPdf = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
