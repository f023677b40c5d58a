import { useMemo } from 'react';
import { type Line, type LineChart, nearest, stepSpan, valueSpan } from '../../charts/lineChart';
import { field } from '../../config/fields';
import { focused, shownStep } from '../../store/state';
import { Chart } from '../Chart';
import { fixed, signed } from '../format';
import { Hint } from '../Hint';
import { Empty, Panel } from '../Panel';
import { useFocused, useFocusedLane, useLab } from '../useLab';
import { usePalette } from '../usePalette';

const CROSS = 'logit/crossPositive';
const INSIDE = 'logit/inDomainPositive';
const NEGATIVE = 'logit/negative';
const NAMES = [CROSS, INSIDE, NEGATIVE];

const TITLE_HINT =
  'Mean cosine of two rollouts’ embeddings, divided by the temperature τ. Positive pairs are two correct rollouts, of the same domain or across domains; negative pairs are a correct and a wrong one.';
const MARGIN_HINT = 'Cross-domain positive minus negative logit: how far the embedding tells right from wrong across domains.';

/** Cross-positive minus negative logit at the cursor's step; nothing where there is no data. */
function Margin() {
  const margin = useLab((state) => {
    const { trace } = focused(state);
    const cursor = shownStep(state);
    const i = cursor === null ? trace.length - 1 : nearest(trace.steps, cursor);
    return (trace.smooth(CROSS)[i] ?? Number.NaN) - (trace.smooth(NEGATIVE)[i] ?? Number.NaN);
  });
  if (!Number.isFinite(margin)) return null;
  return (
    <span>
      <Hint text={MARGIN_HINT}>Margin</Hint> <b>{signed(margin, 2)}</b>
    </span>
  );
}

function Curves() {
  const palette = usePalette();
  const { trace } = useFocused();
  const version = useLab((s) => s.version);
  const previous = useLab((s) => s.previous);
  const cursor = useLab(shownStep);
  const steps = useLab((s) => s.config.steps);
  const { contrast, rollout } = useFocusedLane().config;
  const { warmup, backbone } = contrast;
  const { miniBatches } = rollout;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the trace grows in place, `version` says when
  const chart = useMemo((): LineChart => {
    const style: Record<string, Omit<Line, 'steps' | 'values'>> = {
      [CROSS]: { label: 'Across domains', color: palette.ink, width: 2.25 },
      [INSIDE]: { label: 'Within domain', color: palette.ink, width: 1.5, dash: [6, 3] },
      [NEGATIVE]: { label: 'Negative', color: palette.quiet, width: 1.75, dash: [2, 2.5] },
    };
    const before = previous
      ? NAMES.map((n) => ({
          ...style[n],
          label: '',
          steps: previous.trace.steps,
          values: previous.trace.smooth(n),
          alpha: 0.3,
          width: 1.25,
        }))
      : [];
    return {
      x: stepSpan(steps, trace.lastStep),
      y: valueSpan(trace.extent(NAMES), [0, 4]),
      cursor: trace.length > 0 ? cursor : null,
      format: (v) => fixed(v, 2),
      marks: warmup > 0 && backbone ? [{ step: warmup / miniBatches, label: 'warm-up ends' }] : [],
      lines: [...before, ...NAMES.map((n) => ({ ...style[n], steps: trace.steps, values: trace.smooth(n) }))],
    };
  }, [palette, trace, version, previous, cursor, steps, warmup, backbone, miniBatches]);
  return <Chart label="Logits of positive and negative pairs" chart={chart} />;
}

export function LogitPanel() {
  const { lambda, warmup } = useFocusedLane().config.contrast;
  const contrastive = lambda > 0;
  return (
    <Panel
      name="logits"
      title="Logits"
      hint={`${TITLE_HINT} Warm-up: ${field('contrast.warmup').help} Here ${warmup} updates.`}
      aside={contrastive && <Margin />}
    >
      {contrastive ? <Curves /> : <Empty>This method trains no embedding; choose MCPO-GRPO to see its logits.</Empty>}
    </Panel>
  );
}
