import { useMemo } from 'react';
import type { Palette } from '../../charts/palette';
import { Chart, type Plot } from '../Chart';
import { chartFigure, tiledFigure } from '../figure';
import { Hint } from '../Hint';
import type { Setting } from '../overview/lanePlot';
import { useLanes } from '../overview/lanes';
import { useSetting } from '../overview/useSetting';
import { Panel } from '../Panel';
import { useLab } from '../useLab';
import { LANE_QUANTITIES, type LaneQuantity, lanesOfQuantity } from './lanePlots';
import { type Part, PlotStack } from './PlotStack';
import { type PaperFigure, type PaperTick, paperText, TICKS_HINT, withPaper } from './paper';
import { attractionPlot, onePositives, partsPlot, perAnchorPlot, type Run, separationPlot } from './plots';
import { roleStyles } from './roles';
import './curves.css';

/** Says what the paper's run did. */
export function PaperNote({ figure, what = '' }: { figure: PaperFigure; what?: string }) {
  return (
    <span className="paper-note">
      <Hint text={TICKS_HINT}>
        paper{what && ` ${what}`} {paperText(figure)}
      </Hint>
    </span>
  );
}

/** Whether lanes or seeds are compared: then curves stand for lanes. */
export const useCompared = (): boolean => useLab((s) => s.runs.length > 1);

interface OneProps {
  name: string;
  title: string;
  hint: string;
  run: Run;
  /** The run's own picture. */
  plot(run: Run, setting: Setting): Plot;
  quantity: LaneQuantity;
  figure: PaperFigure;
}

/** One quantity over the steps: the focused run's with its spread, or a curve for each lane. */
export function QuantityPanel({ name, title, hint, run, plot, quantity, figure }: OneProps) {
  const setting = useSetting();
  const lanes = useLanes();
  const compared = useCompared();
  const chart = useMemo(
    () => (compared ? lanesOfQuantity(lanes, quantity, setting) : plot(run, setting)),
    [compared, lanes, quantity, setting, plot, run],
  );
  const paint = useMemo(() => withPaper([{ figure, color: setting.palette.quiet }], chart.x), [figure, setting.palette, chart.x]);
  const make = (palette: Palette) =>
    compared ? lanesOfQuantity(lanes, quantity, { ...setting, palette }) : plot(run, { ...setting, palette });
  return (
    <Panel
      name={`small ${name}`}
      title={title}
      hint={hint}
      aside={<PaperNote figure={figure} />}
      figure={() => chartFigure(title, make, paint)}
    >
      <Chart label={title} chart={chart} paint={paint} />
    </Panel>
  );
}

interface Quantity {
  title: string;
  hint: string;
  plot(run: Run, setting: Setting): Plot;
  wide?: boolean;
  tick?: (palette: Palette) => PaperTick;
}

interface SeveralProps {
  name: string;
  title: string;
  hint: string;
  run: Run;
  /** The run's own pictures. */
  own: readonly Quantity[];
  /** A race's pictures. */
  raced: readonly LaneQuantity[];
  note: PaperFigure;
  what: string;
}

function SeveralPanel({ name, title, hint, run, own, raced, note, what }: SeveralProps) {
  const setting = useSetting();
  const lanes = useLanes();
  const compared = useCompared();
  const parts = useMemo((): Part[] => {
    if (compared) return raced.map((q) => ({ title: q.title, chart: { ...lanesOfQuantity(lanes, q, setting), labels: 'none' } }));
    return own.map(({ title: t, hint: h, plot, tick, wide = false }) => {
      const chart = plot(run, setting);
      return { title: t, hint: h, chart, wide, ...(tick ? { paint: withPaper([tick(setting.palette)], chart.x) } : {}) };
    });
  }, [compared, raced, own, lanes, run, setting]);
  const figure = () =>
    tiledFigure(
      title,
      compared
        ? raced.map((q) => chartFigure(q.title, (palette) => lanesOfQuantity(lanes, q, { ...setting, palette })))
        : own.map((q) => chartFigure(q.title, (palette) => q.plot(run, { ...setting, palette }))),
      2,
    );
  return (
    <Panel name={`several ${name}`} title={title} hint={hint} aside={<PaperNote figure={note} what={what} />} figure={figure}>
      <PlotStack name={title} parts={parts} />
    </Panel>
  );
}

const POSITIVES: readonly Quantity[] = [
  {
    title: 'Share of the pool',
    hint: 'Correct rollouts among all of the pool: the anchors. Four times this is what the paper seems to plot as the average number of correct positives, 1.7 → 2.3.',
    wide: true,
    plot: onePositives,
    tick: ({ quiet }) => ({ figure: 'positiveRatio', color: quiet }),
  },
  {
    title: 'Per anchor',
    hint: 'Other correct rollouts that an anchor is drawn to: of its prompt, of its domain (its prompt’s among them), of other domains. The axis is logarithmic.',
    wide: true,
    plot: perAnchorPlot,
  },
];
const { ratio, crossPositives, inDomainPositives, promptPositives, cross, inDomain, attraction, separation } = LANE_QUANTITIES;
const RACED_POSITIVES = [ratio, crossPositives, inDomainPositives, promptPositives];

/** How many positives there are. */
export const PositivesPanel = ({ run }: { run: Run }) => (
  <SeveralPanel
    name="positives"
    title="Positives"
    hint="Correct rollouts are anchors and each other’s positives; wrong ones are everyone’s negatives. As the policy learns there are more of the former."
    run={run}
    own={POSITIVES}
    raced={RACED_POSITIVES}
    note="positiveRatio"
    what="share"
  />
);

const LOSSES: readonly Quantity[] = [
  {
    title: 'Contrastive losses',
    hint: 'Mean of −log(chance of the positive against all negatives), over pairs across domains, weighted by compatibility (9), and within domains (10).',
    wide: true,
    plot: partsPlot,
  },
  {
    title: 'Attraction',
    hint: 'Weighted mean of 1 − cosine over positive pairs across domains: 0 once all are alike. The paper’s fell from about 0.40 to 0.12.',
    plot: attractionPlot,
    tick: (palette) => ({ figure: 'attraction', color: roleStyles(palette).crossPositive.color }),
  },
  {
    title: 'Separation',
    hint: 'Mean over anchors of the log-mean-exp of their negatives’ logits: the most similar negatives weigh most. It falls as wrong rollouts are held apart.',
    plot: separationPlot,
  },
];
const RACED_LOSSES = [cross, inDomain, attraction, separation];

/** What the contrastive loss is made of. */
export const LossPanel = ({ run }: { run: Run }) => (
  <SeveralPanel
    name="losses"
    title="Losses"
    hint="The two parts of the contrastive loss, and what they amount to: positives drawn together, negatives held apart."
    run={run}
    own={LOSSES}
    raced={RACED_LOSSES}
    note="attraction"
    what="attraction"
  />
);
