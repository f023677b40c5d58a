import { type Band, stepSpan, valueSpan } from '../../charts/lineChart';
import { domainColor } from '../../charts/palette';
import type { DomainInfo, Previous } from '../../store/state';
import type { Plot } from '../Chart';
import type { Extent } from '../chart/plot';
import { bandOf, curveOf, meanOf, metric, type Reading } from '../curves';
import { fixed } from '../format';
import { lanesPlot, type Setting, withBands } from './lanePlot';
import type { LaneView } from './lanes';

const MEAN = 'reward/mean';
const NOT_YET = 'press Play, or the space bar, to train';
const ALL_OUT = 'all domains are left out';

/** The mean reward over all rollouts; with domains left out, the mean of the shown domains' rewards. */
export function rewardOf(domains: readonly DomainInfo[], muted: readonly string[]): Reading {
  const shown = domains.filter((d) => !muted.includes(d.id));
  return shown.length === domains.length ? metric(MEAN) : meanOf(shown.map((d) => `reward/${d.id}`));
}

interface Common extends Setting {
  domains: readonly DomainInfo[];
  muted: readonly string[];
}

const share = (v: number) => fixed(v, 2);

/** A part of [0, 1] around the values, two fifths high at least. */
const within01 = (curves: Extent, bands: Extent): [number, number] => {
  const [low, high] = valueSpan(withBands(curves, bands, 0.2), [0, 1], 0.4);
  return low < 0 ? [0, Math.min(1, high - low)] : high > 1 ? [Math.max(0, low - (high - 1)), 1] : [low, high];
};

/** One lane: a curve for each domain shown, and their mean; over several seeds, means of them. */
export function domainsPlot({ traces }: LaneView, previous: Previous | null, common: Common): Plot {
  const { palette, domains, muted, window, steps } = common;
  const [first] = traces;
  const over = (reading: Reading) => (traces.length > 1 ? bandOf(traces, reading, window).mean : curveOf(first, reading, window));
  const mean = rewardOf(domains, muted);
  const shown = domains.filter((d) => !muted.includes(d.id)).length;
  const lines: Plot['lines'][number][] = [];
  if (previous) {
    const { trace } = previous;
    const style = { color: palette.quiet, dash: [4, 3], width: 1.5, alpha: 0.8 };
    lines.push({ steps: trace.steps, values: curveOf(trace, mean, window), ...style });
  }
  if (traces.length === 1 && window > 1)
    lines.push({ steps: first.steps, values: curveOf(first, mean, 0), color: palette.ink, width: 1, alpha: 0.25 });
  domains.forEach((d, i) => {
    if (muted.includes(d.id)) return;
    const style = { label: d.label, color: domainColor(palette, i), symbol: i, of: { domain: i } };
    lines.push({ steps: first.steps, values: over(metric(`reward/${d.id}`)), ...style });
  });
  if (shown !== 1)
    lines.push({
      label: shown === domains.length ? 'Mean' : `Mean of ${shown}`,
      steps: first.steps,
      values: over(mean),
      color: palette.ink,
      width: 2.25,
    });
  const bands: Band[] = [];
  if (traces.length > 1 && shown > 0) {
    const { low, high } = bandOf(traces, mean, window);
    bands.push({ steps: first.steps, low, high, color: palette.ink, label: 'Mean' });
  }
  return {
    x: stepSpan(steps, first.lastStep),
    y: [0, 1],
    format: share,
    lines,
    bands,
    empty: shown === 0 ? ALL_OUT : NOT_YET,
  };
}

/** A race in one picture: each lane's reward over the domains shown. */
export const racePlot = (lanes: readonly LaneView[], common: Common): Plot => ({
  ...lanesPlot(lanes, rewardOf(common.domains, common.muted), common),
  y: within01,
  format: share,
  empty: common.domains.every((d) => common.muted.includes(d.id)) ? ALL_OUT : NOT_YET,
});

/** A race in one small picture for each domain. */
export const raceDomainPlot = (lanes: readonly LaneView[], place: number, common: Common): Plot => ({
  ...lanesPlot(lanes, metric(`reward/${common.domains[place].id}`), common),
  y: [0, 1],
  of: { domain: place },
  labels: 'none',
  format: share,
});
