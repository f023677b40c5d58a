import { describe, expect, it } from 'vitest';
import { incompleteBeta, logGamma, studentCdf, studentQuantile } from '../../src/math/studentT';
import { STUDENT } from './studentTable';

const LEVELS = [0.9, 0.95, 0.975, 0.995];

describe("Student's t", () => {
  it('has the tabled quantiles, 1 to 100 degrees of freedom', () => {
    expect(STUDENT.length).toBe(100);
    STUDENT.forEach((row, i) =>
      row.forEach((t, k) => expect(Math.abs(studentQuantile(LEVELS[k], i + 1) - t)).toBeLessThan(2e-9)),
    );
  });

  it('has the three-decimal quantiles of the printed tables', () => {
    const printed: [number, number[]][] = [
      [1, [3.078, 6.314, 12.706, 63.657]],
      [2, [1.886, 2.92, 4.303, 9.925]],
      [9, [1.383, 1.833, 2.262, 3.25]],
      [30, [1.31, 1.697, 2.042, 2.75]],
      [100, [1.29, 1.66, 1.984, 2.626]],
    ];
    for (const [df, row] of printed) expect(LEVELS.map((p) => Number(studentQuantile(p, df).toFixed(3)))).toEqual(row);
  });

  it('has the closed forms of one and two degrees of freedom, far tails too', () => {
    for (const p of [1e-12, 1e-6, 0.01, 0.3, 0.4999, 0.5, 0.5001, 0.8, 0.999]) {
      const one = p === 0.5 ? 0 : -1 / Math.tan(Math.PI * p);
      const two = (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
      expect(Math.abs(studentQuantile(p, 1) - one)).toBeLessThan(1e-11 * Math.max(1, Math.abs(one)));
      expect(Math.abs(studentQuantile(p, 2) - two)).toBeLessThan(1e-11 * Math.max(1, Math.abs(two)));
    }
  });

  it('agrees with SciPy where tables end', () => {
    expect(studentCdf(1.5, 7)).toBeCloseTo(0.911350756505015, 13);
    expect(studentCdf(-2.5, 3.5)).toBeCloseTo(0.03784732190474501, 13);
    expect(studentQuantile(1e-10, 5)).toBeCloseTo(-156.82559270889433, 8);
    expect(studentQuantile(0.975, 0.5)).toBeCloseTo(164.55767348048818, 8);
    expect(studentQuantile(0.975, 1e6)).toBeCloseTo(1.959966356814107, 9);
    expect(incompleteBeta(0.3, 2.5, 1.5)).toBeCloseTo(0.08894372317066562, 13);
    expect(logGamma(0.1)).toBeCloseTo(2.252712651734206, 12);
    expect(logGamma(101)).toBeCloseTo(363.7393755555635, 10);
  });

  it('is its own inverse, odd about a half', () => {
    for (const df of [1, 3, 7.5, 40])
      for (const p of [0.001, 0.2, 0.5, 0.77, 0.99]) {
        expect(studentCdf(studentQuantile(p, df), df)).toBeCloseTo(p, 13);
        expect(studentQuantile(1 - p, df)).toBeCloseTo(-studentQuantile(p, df), 9);
      }
  });

  it('refuses what is no probability', () => {
    for (const p of [0, 1, -0.1, Number.NaN])
      expect(() => studentQuantile(p, 3)).toThrow(`invalid probability: ${p} (between 0 and 1)`);
    expect(() => studentQuantile(0.9, 0)).toThrow('invalid degrees of freedom: 0 (above 0)');
    expect(() => studentCdf(1, -1)).toThrow('invalid degrees of freedom: -1 (above 0)');
  });
});
