import { quantileSorted } from 'd3-array';
import type { Band, Line, LineChart } from './lineTypes';

/** Quantiles of a distribution over steps: 5, 25, 50, 75 and 95 %; NaN where there is no data. */
export interface Fan {
  steps: ArrayLike<number>;
  q05: ArrayLike<number>;
  q25: ArrayLike<number>;
  q50: ArrayLike<number>;
  q75: ArrayLike<number>;
  q95: ArrayLike<number>;
}

const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];

type Five = [number, number, number, number, number];

/** The five quantiles of a sample (linear between its values); values that are not finite do not count; NaN without any. */
export function quantilesOf(values: ArrayLike<number>): Five {
  const sorted = Array.from(values)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return SHARES.map((p) => quantileSorted(sorted, p) ?? Number.NaN) as Five;
}

/** The five quantiles of counts in bins: edges [bins + 1] ascending, counts [bins], spread evenly within each; NaN without counts. */
export function quantilesOfBins(edges: ArrayLike<number>, counts: ArrayLike<number>): Five {
  if (edges.length !== counts.length + 1)
    throw new RangeError(`invalid bins: ${edges.length} edges for ${counts.length} counts (${counts.length + 1})`);
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  return SHARES.map((p) => {
    let below = 0;
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && below + counts[i] >= p * total)
        return edges[i] + ((p * total - below) / counts[i]) * (edges[i + 1] - edges[i]);
      below += counts[i];
    }
    return Number.NaN;
  }) as Five;
}

/** A fan from the five quantiles of each step. */
export function fanOf(steps: ArrayLike<number>, rows: readonly Five[]): Fan {
  const [q05, q25, q50, q75, q95] = SHARES.map((_, k) => rows.map((r) => r[k]));
  return { steps, q05, q25, q50, q75, q95 };
}

/** A distribution over time with its look; the dash pattern tells it apart without colour. */
export interface FanSeries {
  label: string;
  color: string;
  dash?: readonly number[];
  fan: Fan;
  emphasis?: 'strong' | 'dimmed' | undefined;
}

/** Medians as lines, the middle half and 5 to 95 % as bands; the rest (spans, cursor, format) as in a line chart. */
export function fanChart(series: readonly FanSeries[], rest: Omit<LineChart, 'lines' | 'bands'>): LineChart {
  const bands = series.flatMap(({ label, color, dash, fan, emphasis }): Band[] => [
    { label: `${label} 5 to 95 %`, steps: fan.steps, low: fan.q05, high: fan.q95, color, alpha: 0.1, edge: dash ?? [], emphasis },
    { label: `${label} 25 to 75 %`, steps: fan.steps, low: fan.q25, high: fan.q75, color, alpha: 0.2, emphasis },
  ]);
  const lines = series.map(
    ({ label, color, dash, fan, emphasis }): Line => ({
      label,
      color,
      ...(dash && { dash }),
      steps: fan.steps,
      values: fan.q50,
      width: 2,
      emphasis,
    }),
  );
  return { ...rest, lines, bands };
}
