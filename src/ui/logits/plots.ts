import { type Fan, fanChart } from '../../charts/distribution';
import { type Band, type Line, stepSpan, valueSpan } from '../../charts/lineChart';
import type { Trace } from '../../store/trace';
import type { Plot } from '../Chart';
import type { Extent } from '../chart/plot';
import { curveOf, metric, type Reading } from '../curves';
import { fixed } from '../format';
import { type Setting, withBands } from '../overview/lanePlot';
import type { LaneView } from '../overview/lanes';
import { MARGIN, warmups } from '../overview/logitPlot';
import type { Fans } from './fans';
import { ROLES, roleStyles } from './roles';

type Style = Pick<Line, 'color'> & Partial<Line>;

const line = (trace: Trace, reading: Reading, window: number, style: Style): Line => ({
  width: 2,
  ...style,
  steps: trace.steps,
  values: curveOf(trace, reading, window),
});

/** Span of curves and bands together. */
const both = (curves: Extent, bands: Extent): Extent =>
  curves && bands ? [Math.min(curves[0], bands[0]), Math.max(curves[1], bands[1])] : (curves ?? bands);

interface Named {
  label: string;
  color: string;
  dash?: readonly number[];
  fan: Fan;
}

/** Bands of the quantiles, and the medians as thin lines in the background. */
function background(series: readonly Named[]): { lines: Line[]; bands: Band[] } {
  const { lines, bands = [] } = fanChart(series, { x: [0, 1], y: [0, 1], cursor: null, format: String });
  return {
    bands: bands.map(({ edge: _, ...b }) => b),
    lines: lines.map(({ label: _, dash: __, ...l }) => ({ ...l, width: 1, alpha: 0.5 })),
  };
}

/** The run that a plot shows, its lane, and what was worked out of its film. */
export interface Run {
  trace: Trace;
  lane: LaneView;
  fans: Fans;
}

/** Mean logit of each kind of pairs over the fans of all of them. */
export function logitsPlot({ trace, lane, fans }: Run, { palette, window, steps }: Setting): Plot {
  const styles = roleStyles(palette);
  const series = ROLES.map((role) => ({ ...styles[role], fan: fans[role] }));
  const { lines, bands } = background(series);
  return {
    x: stepSpan(steps, trace.lastStep),
    y: (curves, fan) => valueSpan(both(curves, fan), [0, 8], 2),
    yScale: 'linear',
    format: (v) => fixed(v, 2),
    marks: warmups([lane]),
    lines: [...lines, ...ROLES.map((role) => line(trace, metric(`logit/${role}`), window, { ...styles[role], width: 2.25 }))],
    bands,
  };
}

/** A quantity of one run: its curve over the fan of all pairs or anchors. */
function onePlot({ trace }: Run, fan: Fan | null, label: string, reading: Reading, { palette, window, steps }: Setting) {
  const own = fan ? background([{ label, color: palette.ink, fan }]) : { lines: [], bands: [] };
  return {
    x: stepSpan(steps, trace.lastStep),
    lines: [...own.lines, line(trace, reading, window, { label, color: palette.ink })],
    bands: own.bands,
  };
}

/** Mean compatibility of cross-domain positive pairs. */
export const WEIGHT = metric('weight/cross');

/** Cross-domain positive minus negative logit, over the margins of the anchors. */
export const oneMargin = (run: Run, setting: Setting): Plot => ({
  ...onePlot(run, run.fans.margin, 'Margin', MARGIN, setting),
  y: (curves, bands) => valueSpan(both(curves, bands), [0, 8], 1),
  yScale: 'linear',
  format: (v) => fixed(v, 2),
  marks: warmups([run.lane]).map(({ step }) => ({ step, label: '' })),
});

/** Mean compatibility of cross-domain positive pairs, over those of all pairs. */
export const oneWeight = (run: Run, setting: Setting): Plot => ({
  ...onePlot(run, run.fans.weight, 'Weight', WEIGHT, setting),
  y: [0, 1],
  yScale: 'linear',
  format: (v) => fixed(v, 3),
  marks: warmups([run.lane]).map(({ step }) => ({ step, label: '' })),
});

/** Share of the pool that is correct. */
export const onePositives = (run: Run, setting: Setting): Plot => ({
  ...onePlot(run, null, 'Positive ratio', metric('pool/positiveRatio'), setting),
  y: [0, 1],
  yScale: 'linear',
  format: (v) => fixed(v, 2),
});

/** Several metrics of one run in a plot. */
function several({ trace }: Run, styles: readonly (readonly [name: string, style: Style])[], { window, steps }: Setting) {
  return {
    x: stepSpan(steps, trace.lastStep),
    lines: styles.map(([name, style]) => line(trace, metric(name), window, style)),
  };
}

/** Other positives of an anchor, by where they come from. */
export function perAnchorPlot(run: Run, setting: Setting): Plot {
  const { crossPositive, inDomainPositive } = roleStyles(setting.palette);
  return {
    ...several(
      run,
      [
        ['pool/crossPositives', { ...crossPositive, label: 'Other domains' }],
        ['pool/inDomainPositives', { ...inDomainPositive, label: 'Own domain' }],
        ['pool/promptPositives', { label: 'Own prompt', color: setting.palette.quiet, dash: [2, 2.5] }],
      ],
      setting,
    ),
    y: [0, 1],
    yScale: 'log',
    format: (v) => fixed(v, 1),
  };
}

/** From 0 to the values' top, at least `least` high. */
export const upwards =
  (least: number) =>
  (curves: Extent, bands: Extent): [number, number] => {
    const [, high] = valueSpan(withBands(curves, bands, least), [0, 2], least);
    return [0, Math.max(high, least)];
  };

/** The two parts of the contrastive loss. */
export function partsPlot(run: Run, setting: Setting): Plot {
  const { crossPositive, inDomainPositive } = roleStyles(setting.palette);
  return {
    ...several(
      run,
      [
        ['loss/cross', { ...crossPositive, label: 'Across (9)' }],
        ['loss/inDomain', { ...inDomainPositive, label: 'Within (10)' }],
      ],
      setting,
    ),
    y: upwards(0.5),
    format: (v) => fixed(v, 3),
  };
}

/** How far positives across domains still are from each other. */
export const attractionPlot = (run: Run, setting: Setting): Plot => ({
  ...several(run, [['loss/attraction', { ...roleStyles(setting.palette).crossPositive, label: 'Attraction' }]], setting),
  y: upwards(0.4),
  format: (v) => fixed(v, 3),
});

/** How near negatives are. */
export const separationPlot = (run: Run, setting: Setting): Plot => ({
  ...several(run, [['loss/separation', { ...roleStyles(setting.palette).negative, label: 'Separation' }]], setting),
  y: (curves) => valueSpan(curves, [0, 2], 1),
  yScale: 'linear',
  format: (v) => fixed(v, 2),
});
