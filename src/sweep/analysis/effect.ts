/** Most parts that a field without levels is cut into. */
const PARTS = 5;

/** The part that each point lies in. */
export interface Parts {
  count: number;
  parts: readonly number[];
}

/**
 * Levels where a field has at most five, or at least four points for each; else up to five parts with about as many points, at least
 * three, in each. @param at axis value of each point
 */
export function partsOf(at: readonly number[]): Parts {
  const n = at.length;
  const levels = [...new Set(at)].sort((a, b) => a - b);
  if (levels.length <= Math.max(PARTS, n / 4)) {
    const place = new Map(levels.map((x, i) => [x, i]));
    return { count: levels.length, parts: at.map((x) => place.get(x) as number) };
  }
  const count = Math.max(2, Math.min(PARTS, Math.floor(n / 3)));
  const parts = new Array<number>(n);
  const sorted = at.map((x, i) => ({ x, i })).sort((a, b) => a.x - b.x);
  sorted.forEach(({ x, i }, rank) => {
    // Equal values stay together.
    parts[i] = rank && sorted[rank - 1].x === x ? parts[sorted[rank - 1].i] : Math.floor((rank * count) / n);
  });
  return { count, parts };
}

/** Whether each level of one field goes with the levels of every other in the same shares, as in a full grid. */
export function isBalanced(columns: readonly Parts[]): boolean {
  return columns.every((a, k) =>
    columns.slice(k + 1).every((b) => {
      const n = a.parts.length;
      const both = new Array<number>(a.count * b.count).fill(0);
      const [one, other] = [new Array<number>(a.count).fill(0), new Array<number>(b.count).fill(0)];
      a.parts.forEach((x, i) => {
        both[x * b.count + b.parts[i]]++;
        one[x]++;
        other[b.parts[i]]++;
      });
      return both.every((m, i) => m * n === one[Math.floor(i / b.count)] * other[i % b.count]);
    }),
  );
}

/** Sum of squares between the parts, and how many parts have points. */
function between({ count, parts }: Parts, values: readonly number[], drawn: readonly number[], mean: number): [number, number] {
  const sums = new Array<number>(count).fill(0);
  const sizes = new Array<number>(count).fill(0);
  drawn.forEach((i, k) => {
    sums[parts[i]] += values[k] - mean;
    sizes[parts[i]]++;
  });
  return [sums.reduce((s, x, p) => s + (sizes[p] ? (x * x) / sizes[p] : 0), 0), sizes.filter(Boolean).length];
}

/**
 * Share of the points' variance that the main effect of each field explains: ω² = (SS − df · MSE) / (SS_total + MSE), the correlation
 * ratio without what chance alone would give it, 0 to 1. The error is what is left within the parts of the field; in a balanced design,
 * what is left by all fields together.
 * @param drawn numbers of the points in the columns, one for each value
 */
export function mainEffects(
  columns: readonly Parts[],
  values: readonly number[],
  drawn: readonly number[],
  balanced: boolean,
): number[] {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const total = values.reduce((s, x) => s + (x - mean) ** 2, 0);
  if (!(total > 0)) return columns.map(() => 0);
  const found = columns.map((c) => between(c, values, drawn, mean));
  const together = found.reduce((s, [square]) => s + square, 0);
  const left = n - 1 - found.reduce((s, [, levels]) => s + levels - 1, 0);
  return found.map(([square, levels]) => {
    const [rest, df] = balanced && left > 0 ? [total - together, left] : [total - square, n - levels];
    if (df <= 0) return 0;
    const error = Math.max(0, rest) / df;
    return Math.min(1, Math.max(0, (square - (levels - 1) * error) / (total + error)));
  });
}
