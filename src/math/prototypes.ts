/** Prototypes and compatibility (5) of the contrastive definition, with the derivative of each map (method.md 8.6). */

/** Name of a prompt or domain. */
export type Label = string | number;

/** Inner product. */
export const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, k) => sum + x * b[k], 0);

/** A mean of unit rows: its rows, its direction c (zeros when it nearly cancels) and its length |μ| (0 then). */
export interface Mean {
  count: number;
  c: number[];
  length: number;
}

/** Mean of unit rows; null without rows. */
export function meanOf(rows: readonly number[][]): Mean | null {
  if (!rows.length) return null;
  const mu = rows[0].map((_, k) => rows.reduce((sum, z) => sum + z[k], 0) / rows.length);
  const length = Math.hypot(...mu);
  return length < 1e-6
    ? { count: rows.length, c: mu.map(() => 0), length: 0 }
    : { count: rows.length, c: mu.map((x) => x / length), length };
}

type WeightMap = 'cosine' | 'half' | 'raw';

/** w of two prompts' means (5); 0 when one has no direction. */
export function compatibilityOf(p: Mean, q: Mean, map: WeightMap): number {
  if (!p.length || !q.length) return 0;
  const cosine = dot(p.c, q.c);
  if (map === 'half') return (1 + cosine) / 2;
  return Math.max(0, map === 'raw' ? p.length * q.length * cosine : cosine);
}

/** ∂w/∂μ_p, by the chain μ_p → c_p → w; zeros where the clamp of w is flat. */
export function compatibilityGrad(p: Mean, q: Mean, map: WeightMap): number[] {
  const w = compatibilityOf(p, q, map);
  if (w === 0) return p.c.map(() => 0);
  if (map === 'raw') return q.c.map((x) => q.length * x);
  const along = dot(q.c, p.c);
  return q.c.map((x, k) => ((map === 'half' ? 0.5 : 1) * (x - along * p.c[k])) / p.length);
}
