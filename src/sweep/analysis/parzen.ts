import { normalCdf } from '../../math/normal';

/** A field cut into cells for its density: `ordered` cells have neighbours, those of a choice have none. */
export interface Cells {
  count: number;
  ordered: boolean;
}

/** Least deviation, in cells: nine tenths of a kernel then lie in its own. */
const LEAST = 0.5 / 1.64;

/** Scott's bandwidth of counted cells, from the smaller of deviation and interquartile range. */
function bandwidth(counts: readonly number[], total: number): number {
  let mean = 0;
  for (let i = 0; i < counts.length; i++) mean += (i * counts[i]) / total;
  let square = 0;
  let below = 0;
  let [first, third] = [-1, -1];
  let last = 0;
  for (let i = 0; i < counts.length; i++) {
    if (!counts[i]) continue;
    last = i;
    square += (i - mean) ** 2 * counts[i];
    below += counts[i];
    if (first < 0 && below >= Math.floor(total / 4)) first = i;
    if (third < 0 && below > Math.floor((3 * total) / 4)) third = i;
  }
  const range = (third < 0 ? last : third) - first;
  const deviation = Math.sqrt(square / Math.max(1, total - 1));
  return Math.max(LEAST, 1.059 * Math.min(range / 1.34, deviation) * total ** -0.2);
}

/** Adds `weight` of a normal around each cell with a weight, cut off at the ends of the field and normalised between them. */
function addKernels(density: number[], counts: readonly number[], weight: number, deviation: number): void {
  const size = density.length;
  // Φ at the cells' edges, seen from a cell's middle.
  const half = Array.from({ length: size }, (_, k) => normalCdf((k + 0.5) / deviation));
  const at = (k: number) => (k >= 0 ? half[k] : 1 - half[-k - 1]);
  for (let c = 0; c < size; c++) {
    if (!counts[c]) continue;
    const scale = (weight * counts[c]) / (at(size - 1 - c) - at(-1 - c));
    for (let i = 0; i < size; i++) density[i] += scale * (at(i - c) - at(i - 1 - c));
  }
}

/** The prior of ordered cells: one normal around the middle, as wide as the field. */
function prior(size: number, weight: number): number[] {
  const edge = (i: number) => normalCdf((i - 0.5 - (size - 1) / 2) / size);
  const all = edge(size) - edge(0);
  return Array.from({ length: size }, (_, i) => (weight * (edge(i + 1) - edge(i))) / all);
}

/** Parzen density over the cells of a field, which sums to 1: a kernel for each value, and the prior as one more. */
export function parzen({ count, ordered }: Cells, counts: readonly number[]): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  const weight = 1 / (total + 1);
  if (ordered) {
    const density = prior(count, weight);
    addKernels(density, counts, weight, bandwidth(counts, total));
    return density;
  }
  const kernels = counts.filter((c) => c > 0).length + 1;
  // A choice's kernel: itself, and a share of the prior for every choice.
  const own = 1 + count / kernels;
  return counts.map((c) => weight * (1 / count + c / own + total / kernels / own));
}

/** Pearson's divergence of `top` from `all`. */
export function divergence(top: readonly number[], all: readonly number[]): number {
  const tiny = 1e-12;
  return all.reduce((sum, q, i) => sum + (q + tiny) * ((top[i] + tiny) / (q + tiny) - 1) ** 2, 0);
}
