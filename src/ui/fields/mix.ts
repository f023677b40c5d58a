/** Weights of a mix such as `math:2,code:1` in the order of `ids`; a domain left out has 0. Null where the text cannot be read so. */
export function readMix(text: string, ids: readonly string[]): number[] | null {
  const weights = ids.map(() => 0);
  for (const part of text.split(',').filter((p) => p.trim())) {
    const [id, weight, ...rest] = part.split(':').map((p) => p.trim());
    const at = ids.indexOf(id);
    const value = weight ? Number(weight) : Number.NaN;
    if (at < 0 || rest.length || !Number.isFinite(value) || value < 0) return null;
    weights[at] = value;
  }
  return weights;
}

/** What `readMix` reads; domains without weight are left out. */
export const writeMix = (weights: readonly number[], ids: readonly string[]): string =>
  ids.flatMap((id, i) => (weights[i] > 0 ? [`${id}:${weights[i]}`] : [])).join(',');

/** Shares that sum to 1, or all 0. */
export function sharesOf(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => (total > 0 ? w / total : 0));
}
