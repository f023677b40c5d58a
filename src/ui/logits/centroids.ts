import { type Line, stepSpan } from '../../charts/lineChart';
import type { Trace } from '../../store/trace';
import type { Plot } from '../Chart';
import { curveOf, metric } from '../curves';
import { fixed } from '../format';
import { upwards } from './plots';

/** Smoothing of centroid distances that gives the paper's moving average of 0.9. */
export const CENTROID_WINDOW = 19;

/** `centroid/0-2` of each pair of domains. */
export const pairsOf = (domains: number): (readonly [number, number])[] =>
  Array.from({ length: domains }, (_, a) => Array.from({ length: domains - a - 1 }, (_, k) => [a, a + k + 1] as const)).flat();

/** Distance of two domains' centroids over the steps, EMA 0.9. */
export const centroidCurve = (trace: Trace, [a, b]: readonly [number, number]): Float64Array =>
  curveOf(trace, metric(`centroid/${a}-${b}`), CENTROID_WINDOW);

/** What stands out among the pairs of domains: one domain's, or one pair. */
export type PairFocus = readonly [number] | readonly [number, number] | null;

/** Whether a pair of domains is the one that stands out, or has the domain that does. */
function stands(pair: readonly [number, number], [a, b = a]: NonNullable<PairFocus>): boolean {
  return pair.includes(a) && pair.includes(b);
}

/** Names of ten pairs have little room. */
const brief = (label: string) => (label.length > 5 ? label.slice(0, 4) : label);

/** Distances between the domains' centroids: each pair's line is braided of its domains' colours. */
export function centroidsPlot(
  trace: Trace,
  domains: readonly { label: string; color: string; muted: boolean }[],
  focus: PairFocus,
  steps: number,
): Plot {
  const pairs = pairsOf(domains.length).filter(([a, b]) => !domains[a].muted && !domains[b].muted);
  const lines = pairs.flatMap((pair): Line[] => {
    const [a, b] = pair;
    const emphasis: Line['emphasis'] = focus ? (stands(pair, focus) ? 'strong' : 'dimmed') : undefined;
    const common = { steps: trace.steps, values: centroidCurve(trace, pair), width: 1.75, emphasis };
    return [
      { ...common, color: domains[a].color, label: `${brief(domains[a].label)} – ${brief(domains[b].label)}` },
      { ...common, color: domains[b].color, dash: [6, 6] },
    ];
  });
  return {
    x: stepSpan(steps, trace.lastStep),
    y: (curves) => upwards(0.2)(curves, null),
    yScale: 'linear',
    format: (v) => fixed(v, 2),
    lines,
    labels: 'end',
    empty: pairs.length === 0 ? 'fewer than two domains are shown' : 'press Play, or the space bar, to train',
  };
}
