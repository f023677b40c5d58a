/**
 * Each centre's greater distance to a neighbour on either side, in the order given: the bandwidths of adaptive Parzen estimators
 * (Bergstra et al. 2011).
 * @param centres any order, between low and high
 * @param endpoints whether low and high are neighbours of the outermost centres; otherwise these have their one neighbour (a lone
 * centre has the ends in any case)
 */
export function neighbourDistances(centres: readonly number[], low: number, high: number, endpoints: boolean): number[] {
  const order = centres.map((_, i) => i).sort((a, b) => centres[a] - centres[b] || a - b);
  const out = new Array<number>(centres.length);
  const ends = endpoints || centres.length === 1;
  order.forEach((at, k) => {
    const left = k > 0 ? centres[at] - centres[order[k - 1]] : ends ? centres[at] - low : 0;
    const right = k + 1 < order.length ? centres[order[k + 1]] - centres[at] : ends ? high - centres[at] : 0;
    out[at] = Math.max(left, right);
  });
  return out;
}

/** Bandwidths kept between range / min(100, 1 + kernels), so that no kernel becomes a spike, and the range. */
export function clipped(sigmas: readonly number[], range: number, kernels: number): number[] {
  const least = range / Math.min(100, 1 + kernels);
  return sigmas.map((s) => Math.min(range, Math.max(least, s)));
}
