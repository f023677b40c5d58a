/** Most checkpoints of a run. */
export const MAX_CHECKPOINTS = 12;

/**
 * Which of a run's checkpoints to drop so that `most` stay: never the newest or the oldest; of the others those stay whose gaps grow in
 * proportion to their age.
 * @param steps ascending
 */
export function surplus(steps: readonly number[], most = MAX_CHECKPOINTS): number[] {
  const kept = [...steps];
  const dropped: number[] = [];
  while (kept.length > Math.max(2, most)) {
    const newest = kept[kept.length - 1];
    let at = 1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 1; i < kept.length - 1; i++) {
      const gap = (kept[i + 1] - kept[i - 1]) / (newest - kept[i]);
      if (gap < least) {
        least = gap;
        at = i;
      }
    }
    dropped.push(...kept.splice(at, 1));
  }
  return dropped;
}
