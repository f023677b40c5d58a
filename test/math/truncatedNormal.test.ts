import { describe, expect, it } from 'vitest';
import { logNormalCdf, logNormalMass, truncatedLogPdf, truncatedQuantile } from '../../src/math/truncatedNormal';

const near = (value: number, expected: number, relative = 1e-12) =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));

describe('truncated normal', () => {
  it("has SciPy's log_ndtr, far tails too", () => {
    const table: [number, number][] = [
      [-300, -45006.62273211866],
      [-40, -804.6084420137539],
      [-20, -203.9171553710973],
      [-10, -53.23128515051248],
      [-5, -15.064998393988727],
      [-1, -1.8410216450092634],
      [0, -Math.LN2],
      [1, -0.1727537790234499],
      [5, -2.8665161296376294e-7],
      [10, -7.61985302416047e-24],
    ];
    for (const [x, y] of table) near(logNormalCdf(x), y);
  });

  it("has the quantiles of SciPy's truncnorm", () => {
    const table: [number, number, number, number][] = [
      [0.3, -1, 2, -0.2424038178892269],
      [0.9, -5, -4, -4.024627519772049],
      [0.5, 3, 8, 3.205154920598801],
      [1e-6, -2, 2, -1.9999823214340522],
      [0.999, 20, 21, 20.341627232638174],
      [0.25, -30, -20, -20.06902419403103],
    ];
    for (const [q, a, b, x] of table) near(truncatedQuantile(q, a, b), x);
  });

  it("has the log densities of SciPy's truncnorm, and none outside", () => {
    near(truncatedLogPdf(0.5, 0.2, 0.3, 0, 1), 0.08118263921227986);
    near(truncatedLogPdf(3, 50.5, 99, 1, 100), -4.669245100352752);
    near(truncatedLogPdf(5, -10, 1, 4, 6), -11.85590412575462);
    near(truncatedLogPdf(0.1, 30, 1, 0, 1), -23.13651862347416, 1e-11);
    expect(truncatedLogPdf(1.01, 0.2, 0.3, 0, 1)).toBe(-Infinity);
  });

  it('has masses that add up', () => {
    for (const [a, b, c] of [
      [-3, -1, 2],
      [-1, 0.5, 6],
      [-30, -20, -19],
      [8, 9, 12],
    ])
      near(Math.exp(logNormalMass(a, b) - logNormalMass(a, c)) + Math.exp(logNormalMass(b, c) - logNormalMass(a, c)), 1, 1e-11);
    expect(logNormalMass(1, 1)).toBe(-Infinity);
  });

  it('takes a quantile back to its probability, and keeps to the interval', () => {
    for (const [a, b] of [
      [-1, 1],
      [-50, 0.1],
      [0, 40],
      [-0.001, 0.002],
      [6, 6.5],
      [-9, 9],
    ])
      for (const q of [1e-9, 0.01, 0.3, 0.5, 0.77, 0.9999]) {
        const x = truncatedQuantile(q, a, b);
        expect(x).toBeGreaterThanOrEqual(a);
        expect(x).toBeLessThanOrEqual(b);
        expect(Math.abs(Math.exp(logNormalMass(a, x) - logNormalMass(a, b)) - q)).toBeLessThan(1e-9 * q + 1e-12);
      }
    expect([truncatedQuantile(0, -2, 3), truncatedQuantile(1, -2, 3)]).toEqual([-2, 3]);
    expect(() => truncatedQuantile(0.5, 1, 1)).toThrow('invalid interval: 1 to 1 (the first below the second)');
    expect(() => truncatedQuantile(1.5, 0, 1)).toThrow('invalid probability: 1.5 (0 to 1)');
  });
});
