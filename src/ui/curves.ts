import { type RowBand, RunningBand, RunningMean } from '../charts/running';
import type { Trace } from '../store/trace';

/** What a curve shows of a run: values by entry of its trace, NaN for none. */
export interface Reading {
  /** Different for different readings. */
  key: string;
  of(trace: Trace): (i: number) => number;
}

/** One metric as it was measured. */
export const metric = (name: string): Reading => ({
  key: name,
  of: (trace) => {
    const row = trace.raw(name);
    return (i) => row[i] ?? Number.NaN;
  },
});

/** Mean of those metrics that have a value. */
export const meanOf = (names: readonly string[]): Reading => ({
  key: `mean ${names.join(' ')}`,
  of: (trace) => {
    const rows = names.map((n) => trace.raw(n));
    return (i) => {
      let [sum, n] = [0, 0];
      for (const row of rows) if (Number.isFinite(row[i])) [sum, n] = [sum + row[i], n + 1];
      return n ? sum / n : Number.NaN;
    };
  },
});

/** One metric minus another. */
export const difference = (name: string, from: string): Reading => ({
  key: `${name} - ${from}`,
  of: (trace) => {
    const [a, b] = [trace.raw(name), trace.raw(from)];
    return (i) => (a[i] ?? Number.NaN) - (b[i] ?? Number.NaN);
  },
});

const curves = new WeakMap<Trace, Map<string, RunningMean>>();
const bands = new WeakMap<Trace, Map<string, { traces: readonly Trace[]; band: RunningBand }>>();

function kept<T>(all: WeakMap<Trace, Map<string, T>>, trace: Trace, key: string): [T | undefined, (value: T) => void] {
  let mine = all.get(trace);
  if (!mine) all.set(trace, (mine = new Map()));
  const map = mine;
  return [map.get(key), (value) => void map.set(key, value)];
}

/** A reading over the steps so far, smoothed over about `window` of them (0: as it is). Asked again, only new steps are worked out. */
export function curveOf(trace: Trace, reading: Reading, window: number): Float64Array {
  const key = `${window} ${reading.key}`;
  const [known, keep] = kept(curves, trace, key);
  const mean = known ?? new RunningMean(window);
  if (!known) keep(mean);
  return mean.upTo(trace.length, reading.of(trace));
}

/** Mean and 95 % interval over the runs of a lane of such curves. */
export function bandOf(traces: readonly Trace[], reading: Reading, window: number): RowBand {
  const rows = traces.map((t) => curveOf(t, reading, window));
  const key = `${window} ${reading.key}`;
  const [known, keep] = kept(bands, traces[0], key);
  const same = known && known.traces.length === traces.length && known.traces.every((t, i) => t === traces[i]);
  const band = same ? known.band : new RunningBand();
  if (!same) keep({ traces, band });
  return band.over(rows);
}
