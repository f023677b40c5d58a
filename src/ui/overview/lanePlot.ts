import { type Band, type Line, stepSpan } from '../../charts/lineChart';
import { laneColor, laneDash, type Palette } from '../../charts/palette';
import type { Plot } from '../Chart';
import type { Extent } from '../chart/plot';
import { bandOf, curveOf, type Reading } from '../curves';
import type { LaneView } from './lanes';

/** What curves need beside their runs. */
export interface Setting {
  palette: Palette;
  /** Steps that curves are smoothed over; 0 for none. */
  window: number;
  /** Of the whole run. */
  steps: number;
}

/**
 * The curves' values with room for their bands, but for no more than as much again at either side: over two or three seeds an interval
 * can be so wide that it would flatten the curves. `least`: height that flat curves count as.
 */
export function withBands(curves: Extent, bands: Extent, least: number): [number, number] | null {
  if (!curves) return bands && [...bands];
  const [low, high] = curves;
  const room = Math.max(least, high - low);
  return [Math.max(low - room, Math.min(low, bands?.[0] ?? low)), Math.min(high + room, Math.max(high, bands?.[1] ?? high))];
}

/** A curve for each lane: its run, or the mean over its seeds with the band of the 95 % interval. */
export function lanesPlot(
  lanes: readonly LaneView[],
  reading: Reading,
  { palette, window, steps }: Setting,
): Pick<Plot, 'lines' | 'bands' | 'x'> {
  const lines: (Line & { of: { lane: number } })[] = [];
  const bands: (Band & { of: { lane: number } })[] = [];
  for (const { lane, label, traces } of lanes) {
    const [first] = traces;
    const color = laneColor(palette, lane);
    const dash = laneDash(lane);
    const of = { lane };
    if (traces.length > 1) {
      const { mean, low, high } = bandOf(traces, reading, window);
      bands.push({ steps: first.steps, low, high, color, of, label, alpha: lanes.length > 3 ? 0.09 : 0.16 });
      lines.push({ label, steps: first.steps, values: mean, color, dash, width: 2, of });
    } else lines.push({ label, steps: first.steps, values: curveOf(first, reading, window), color, dash, width: 2, of });
  }
  return { x: stepSpan(steps, lanes[0]?.traces[0].lastStep ?? 0), lines, bands };
}
