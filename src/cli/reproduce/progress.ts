import type { Batch } from './jobs';

/** `1:05:09`, `12:30`. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/** Share done and time left of a queue of fleets, by their estimated work. */
export function clock(fleets: readonly Batch[], now: () => number) {
  const work = ({ flops, jobs }: Batch) => flops * jobs.length;
  const total = fleets.reduce((sum, f) => sum + work(f), 0);
  const done = new Map<string, number>();
  const began = now();
  /** Work that earlier snapshots had done already does not tell the pace. */
  const found = new Map<string, number>();
  const sum = (of: Map<string, number>) => [...of.values()].reduce((a, b) => a + b, 0);
  return {
    /** A fleet (or a part of one that was cut in two) has come to `share` of its steps. */
    at(fleet: Batch, share: number): void {
      const key = fleet.jobs[0].key;
      if (!found.has(key)) found.set(key, work(fleet) * share);
      done.set(key, work(fleet) * share);
    },
    /** `34 %` */
    done: () => `${((100 * sum(done)) / (total || 1)).toFixed(0)} %`,
    /** `12:30 left` */
    left(): string {
      const made = sum(done) - sum(found);
      if (made <= 0) return 'time left unknown';
      return `${duration(((now() - began) * (total - sum(done))) / made)} left`;
    },
  };
}
