import { unitRows } from '../../math/embedding';
import { neighbourPurity } from '../../math/neighbours';
import { DOMAINS } from '../../tasks/registry';
import type { HeldOutStates } from './types';

/** Neighbours of purity and trustworthiness, and the least number of responses that they and a map are made from. */
export const NEIGHBOURS = 10;
export const LEAST_POINTS = 2 * NEIGHBOURS + 2;

/**
 * Rows of length 1, [response][width] flattened; null for too few responses or no usable rows.
 * @throws Error when lengths disagree or a number is not finite
 */
export function unitStates({ domain, hidden }: HeldOutStates): { rows: Float64Array; width: number } | null {
  const width = hidden[0]?.length ?? 0;
  if (domain.length !== hidden.length || hidden.some((h) => h.length !== width))
    throw new Error(`invalid states: ${hidden.length} rows for ${domain.length} responses, or rows of different widths`);
  if (hidden.length < LEAST_POINTS || width < 2) return null;
  return { rows: unitRows(hidden.flat(), width), width };
}

/** Mean of a domain's rows, brought to length 1; null without rows, or when they cancel out. */
function centroid(rows: Float64Array, width: number, domain: readonly number[], wanted: number): Float64Array | null {
  const sum = new Float64Array(width);
  domain.forEach((d, i) => {
    if (d === wanted) for (let k = 0; k < width; k++) sum[k] += rows[i * width + k];
  });
  const length = Math.hypot(...sum);
  return length > 1e-12 ? sum.map((x) => x / length) : null;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
};

function quantities(states: HeldOutStates): Readonly<Record<string, number | null>> {
  const unit = unitStates(states);
  if (!unit) return {};
  const { rows, width } = unit;
  const { domain } = states;
  const centroids = DOMAINS.map((_, d) => centroid(rows, width, domain, d));
  const out: Record<string, number | null> = {};
  DOMAINS.forEach((a, i) =>
    DOMAINS.forEach((b, j) => {
      const [x, y] = [centroids[i], centroids[j]];
      if (i !== j) out[`states/${a.id}/${b.id}`] = x && y ? 1 - dot(x, y) : null;
    }),
  );
  const spreads = centroids.flatMap((c, d) => {
    const own = domain.flatMap((e, i) => (e === d ? [rows.subarray(i * width, (i + 1) * width)] : []));
    return c && own.length > 1 ? [own.reduce((sum, row) => sum + 1 - dot(row, c), 0) / own.length] : [];
  });
  out['states/spread'] = spreads.length ? spreads.reduce((a, b) => a + b, 0) / spreads.length : null;
  out['states/purity'] = neighbourPurity(rows, width, domain, NEIGHBOURS);
  return out;
}

const known = new WeakMap<HeldOutStates, Readonly<Record<string, number | null>>>();

/**
 * Geometry of mean hidden states of length 1, by column id: `states/A/B` (1 − cosine of two domains' mean states), `states/spread`
 * (mean over domains of 1 − cosine to the domain's mean state), `states/purity` (10 nearest neighbours). Empty for too few responses.
 */
export function stateQuantities(states: HeldOutStates): Readonly<Record<string, number | null>> {
  const there = known.get(states) ?? quantities(states);
  known.set(states, there);
  return there;
}
