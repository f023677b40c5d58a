import { type Band, type Line, stepSpan, valueSpan } from '../../charts/lineChart';
import type { Palette } from '../../charts/palette';
import type { Config, Previous } from '../../store/state';
import type { Plot } from '../Chart';
import { bandOf, curveOf, difference, metric } from '../curves';
import { fixed } from '../format';
import { lanesPlot, type Setting, withBands } from './lanePlot';
import type { LaneView } from './lanes';

const CROSS = 'logit/crossPositive';
const INSIDE = 'logit/inDomainPositive';
const NEGATIVE = 'logit/negative';

/** Cross-domain positive minus negative logit. */
export const MARGIN = difference(CROSS, NEGATIVE);

/** Whether a method trains an embedding by the contrastive loss. */
export const isContrastive = ({ contrast }: Config): boolean => contrast.lambda > 0;

/** Whether it also compares rollouts of different domains. */
export const hasMargin = (config: Config): boolean => isContrastive(config) && config.contrast.scope !== 'prompt';

/** Where warm-ups end: a mark for each different step. */
export function warmups(lanes: readonly LaneView[]): { step: number; label: string }[] {
  const ends = lanes
    .filter(({ config: { contrast } }) => contrast.lambda > 0 && contrast.warmup > 0 && contrast.backbone)
    .map(({ config: { contrast, rollout } }) => contrast.warmup / rollout.miniBatches);
  return [...new Set(ends)].map((step) => ({ step, label: 'warm-up ends' }));
}

const styles = (palette: Palette): Record<string, Omit<Line, 'steps' | 'values'> & { label: string }> => ({
  [CROSS]: { label: 'Across domains', color: palette.ink, width: 2.25 },
  [INSIDE]: { label: 'Within domain', color: palette.ink, width: 1.5, dash: [6, 3] },
  [NEGATIVE]: { label: 'Negative', color: palette.quiet, width: 1.75, dash: [2, 2.5] },
});

/** One lane: mean logit of each kind of pair; over several seeds, means with bands. */
export function logitPlot(lane: LaneView, previous: Previous | null, { palette, window, steps }: Setting): Plot {
  const [first] = lane.traces;
  const lines: Line[] = [];
  const bands: Band[] = [];
  for (const [name, style] of Object.entries(styles(palette))) {
    const reading = metric(name);
    if (previous) {
      const { trace } = previous;
      lines.push({ ...style, label: '', steps: trace.steps, values: curveOf(trace, reading, window), alpha: 0.3, width: 1.25 });
    }
    if (lane.traces.length > 1) {
      const { mean, low, high } = bandOf(lane.traces, reading, window);
      bands.push({ steps: first.steps, low, high, color: style.color, label: style.label });
      lines.push({ ...style, steps: first.steps, values: mean });
    } else lines.push({ ...style, steps: first.steps, values: curveOf(first, reading, window) });
  }
  return {
    x: stepSpan(steps, first.lastStep),
    y: (curves, bands) => valueSpan(withBands(curves, bands, 1), [0, 4]),
    format: (v) => fixed(v, 2),
    marks: warmups([lane]),
    lines,
    bands,
  };
}

/** A race: the margin of each lane that trains an embedding across domains. */
export function marginPlot(lanes: readonly LaneView[], setting: Setting): Plot {
  const own = lanes.filter((l) => hasMargin(l.config));
  return {
    ...lanesPlot(own, MARGIN, setting),
    y: (curves, bands) => {
      const span = withBands(curves, bands, 1);
      return valueSpan(span && [Math.min(0, span[0]), Math.max(0, span[1])], [-1, 3]);
    },
    format: (v) => fixed(v, 2),
    marks: warmups(own),
    levels: [{ value: 0, label: '' }],
  };
}
