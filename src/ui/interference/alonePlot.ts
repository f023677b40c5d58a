import type { Line } from '../../charts/lineChart';
import { domainColor } from '../../charts/palette';
import type { DomainBaseline } from '../../store/baselines';
import type { DomainInfo } from '../../store/state';
import type { Trace } from '../../store/trace';
import type { Plot } from '../Chart';
import { metric } from '../curves';
import { fixed } from '../format';
import { lanesPlot, type Setting } from '../overview/lanePlot';
import type { LaneView } from '../overview/lanes';
import { type Alone, aloneOf, placesOf, promptsSeen } from './alone';

/** How a domain's training alone is laid over a run's. */
export interface Overlay {
  /** Undefined where the baselines lack the domain. */
  baseline: DomainBaseline | undefined;
  /** Prompts in a step of training alone. */
  perStep: number;
  /** Of this domain in the lane's batches. */
  share: number;
  window: number;
  against: 'steps' | 'prompts';
}

/** Steps of the baseline over which it is smoothed as much as the run, in prompts. */
const baselineWindow = (window: number, against: Overlay['against'], here: number, perStep: number): number =>
  against === 'steps' ? window : Math.round((window * here) / perStep);

/** Whether places of the baseline move as the run's task weights do. */
export const isMoving = ({ against }: Overlay, { curriculum }: LaneView['config']): boolean =>
  against === 'prompts' && curriculum.rule !== 'off';

/** The baseline of domain `id` laid over the steps of a lane's run; null where there is nothing to compare with. */
export function aloneOver(
  overlay: Overlay,
  id: string,
  config: LaneView['config'],
  trace: Pick<Trace, 'length' | 'steps' | 'raw'>,
): Alone | null {
  const { baseline, perStep, share, window, against } = overlay;
  if (!baseline) return null;
  const count = baseline.reward[0].length;
  const here = config.rollout.prompts * share;
  if (against === 'prompts' && !(here > 0)) return null;
  const seen = isMoving(overlay, config)
    ? promptsSeen(trace.length, config.rollout.prompts, share, trace.raw(`weight/${id}`))
    : [];
  const places =
    against === 'steps'
      ? Float64Array.from({ length: count }, (_, i) => i + 1)
      : placesOf(trace.steps, seen, here, perStep, count);
  return aloneOf(baseline, places, baselineWindow(window, against, here, perStep));
}

/** A domain's reward in every lane, and trained alone. */
export function alonePlot(
  domain: number,
  { id }: DomainInfo,
  lanes: readonly LaneView[],
  alone: Alone | null,
  setting: Setting,
): Plot {
  const { palette } = setting;
  const plot = lanesPlot(lanes, metric(`reward/${id}`), setting);
  const one = lanes.length === 1;
  const color = domainColor(palette, domain);
  const own = one ? plot.lines.map((l) => ({ ...l, label: 'Here', color, symbol: domain, of: { domain } })) : plot.lines;
  const grey: Line[] = alone
    ? [{ label: 'Alone', steps: alone.steps, values: alone.mean, color: palette.quiet, dash: [5, 3], width: 1.75 }]
    : [];
  const band = alone ? [{ steps: alone.steps, low: alone.low, high: alone.high, color: palette.quiet, label: 'Alone' }] : [];
  const bands = one ? plot.bands?.map((b) => ({ ...b, color })) : plot.bands;
  return {
    ...plot,
    lines: [...grey, ...own],
    bands: [...band, ...(bands ?? [])],
    y: [0, 1],
    labels: 'none',
    format: (v) => fixed(v, 2),
  };
}
