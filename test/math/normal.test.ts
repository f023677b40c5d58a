import { expect, test } from 'vitest';
import { erf, erfc, normalCdf, normalPdf } from '../../src/math/normal';

/** Published values (Abramowitz & Stegun, tables 7.1 and 7.3, and DLMF 7.23). */
test.each([
  [0, 0, 1],
  [0.1, 0.112462916018285, 0.887537083981715],
  [0.5, 0.520499877813047, 0.479500122186953],
  [1, 0.842700792949715, 0.157299207050285],
  [2, 0.995322265018953, 4.67773498104727e-3],
  [3, 0.999977909503001, 2.20904969985854e-5],
  [5, 0.999999999998463, 1.53745979442803e-12],
  [10, 1, 2.08848758376254e-45],
])('erf and erfc of %d', (x, value, complement) => {
  expect(Math.abs(erf(x) - value)).toBeLessThan(1e-15);
  expect(erf(-x)).toBe(-erf(x));
  expect(Math.abs(erfc(x) / complement - 1)).toBeLessThan(1e-13);
  expect(Math.abs(erfc(-x) - 1 - value)).toBeLessThan(1e-15);
});

test('Φ has the derivative φ', () => {
  for (const x of [-4, -1.3, 0, 0.2, 2.9]) {
    const numeric = (normalCdf(x + 1e-5) - normalCdf(x - 1e-5)) / 2e-5;
    expect(Math.abs(numeric - normalPdf(x))).toBeLessThan(1e-10);
  }
  expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 14);
});
