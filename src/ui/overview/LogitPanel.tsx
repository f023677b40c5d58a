import { useMemo } from 'react';
import { countText } from '../../charts/bands';
import { nearest } from '../../charts/lineChart';
import { field } from '../../config/fields';
import { shownStep } from '../../store/state';
import { Chart } from '../Chart';
import { bandOf } from '../curves';
import { chartFigure } from '../figure';
import { signed } from '../format';
import { Hint } from '../Hint';
import { LaneMark } from '../LaneMark';
import { Empty, Panel } from '../Panel';
import { useLab } from '../useLab';
import { type LaneView, smoothingText, useLanes } from './lanes';
import { hasMargin, isContrastive, logitPlot, MARGIN, marginPlot } from './logitPlot';
import { useSetting } from './useSetting';
import './pictures.css';

const LOGIT =
  'A logit is the mean cosine of two rollouts’ embeddings, divided by the temperature τ. Positive pairs are two correct rollouts, of the same domain or across domains; negative pairs are a correct and a wrong one.';
const MARGIN_TEXT =
  'Cross-domain positive minus negative logit: how far the embedding tells right from wrong across domains. At 0 both look alike.';

/** The margin at the cursor's step; nothing where there is no data. */
function Margin({ lane }: { lane: LaneView }) {
  const { window } = useSetting();
  const cursor = useLab(shownStep);
  const [first] = lane.traces;
  const i = cursor === null ? first.length - 1 : nearest(first.steps, cursor);
  const margin = bandOf(lane.traces, MARGIN, window).mean[i] ?? Number.NaN;
  if (!Number.isFinite(margin)) return null;
  return (
    <span>
      <Hint text={MARGIN_TEXT}>Margin</Hint> <b>{signed(margin, 2)}</b>
    </span>
  );
}

function Curves({ lane }: { lane: LaneView }) {
  const setting = useSetting();
  const previous = useLab((s) => s.previous);
  const chart = useMemo(() => logitPlot(lane, previous, setting), [lane, previous, setting]);
  return <Chart label="Logits of positive and negative pairs" chart={chart} />;
}

function OneLane({ lane }: { lane: LaneView }) {
  const setting = useSetting();
  const previous = useLab((s) => s.previous);
  const { warmup } = lane.config.contrast;
  const contrastive = isContrastive(lane.config);
  return (
    <Panel
      name="logits"
      title="Logits"
      hint={`${LOGIT} Warm-up: ${field('contrast.warmup').help} Here ${warmup} updates.`}
      aside={contrastive && <Margin lane={lane} />}
      figure={contrastive && (() => chartFigure('Logits', (palette) => logitPlot(lane, previous, { ...setting, palette })))}
    >
      {contrastive ? <Curves lane={lane} /> : <Empty>This method trains no embedding; choose MCPO-GRPO to see its logits.</Empty>}
    </Panel>
  );
}

function ManyLanes({ lanes }: { lanes: readonly LaneView[] }) {
  const setting = useSetting();
  const chart = useMemo(() => marginPlot(lanes, setting), [lanes, setting]);
  const without = lanes.filter((l) => !hasMargin(l.config));
  const seeds = lanes[0].traces.length;
  return (
    <Panel
      name="logits"
      title="Logit margin by lane"
      hint={`${MARGIN_TEXT} ${LOGIT} Curves are ${smoothingText(setting.window)}; bands are 95 % confidence intervals over seeds.`}
      aside={seeds > 1 && <span className="count">{countText([seeds])}, 95 % band</span>}
      figure={
        without.length < lanes.length &&
        (() => chartFigure('Logit margin by lane', (palette) => marginPlot(lanes, { ...setting, palette })))
      }
    >
      {without.length === lanes.length ? (
        <Empty>None of these lanes trains an embedding across domains; race MCPO-GRPO to see its logits.</Empty>
      ) : (
        <>
          <Chart label="Logit margin of each lane" chart={chart} />
          {without.length > 0 && (
            <p className="without">
              No embedding across domains:
              {without.map(({ lane, label }) => (
                <span key={lane}>
                  <LaneMark lane={lane} /> {label}
                </span>
              ))}
            </p>
          )}
        </>
      )}
    </Panel>
  );
}

/** How alike positive and negative pairs are; in a race, how far each lane tells them apart. */
export function LogitPanel() {
  const lanes = useLanes();
  return lanes.length > 1 ? <ManyLanes lanes={lanes} /> : <OneLane lane={lanes[0]} />;
}
