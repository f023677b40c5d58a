import { type ReactNode, useMemo } from 'react';
import { drawHistogram, type Histogram } from '../../charts/histogram';
import { LIGHT, type Palette } from '../../charts/palette';
import { chartTable } from '../../charts/table';
import type { Distributions } from '../../store/analysis';
import type { Figure } from '../figure';
import { whole } from '../format';
import { Empty, Panel } from '../Panel';
import { usePalette } from '../usePalette';
import { HistogramPlot } from './HistogramPlot';
import { logitHistogram, oneHistogram } from './histograms';
import { LOGIT_HINT } from './LogitCurves';
import { ShowChoice } from './ShowChoice';

const figureOf = (title: string, chart: (palette: Palette) => Histogram): Figure => ({
  title,
  draw: (context, size, palette) => drawHistogram(context, size, chart(palette), palette),
  table: chartTable(chart(LIGHT)),
});

interface Props {
  name: string;
  title: string;
  hint: string;
  /** Whose pairs, and when. */
  when: string;
  shown: Distributions | null;
  /** Why there is nothing. */
  fault: string | null;
  chart(shown: Distributions, palette: Palette): Histogram;
  aside?: ReactNode;
}

function HistogramPanel({ name, title, hint, when, shown, fault, chart, aside }: Props) {
  const palette = usePalette();
  const made = useMemo(() => shown && chart(shown, palette), [shown, chart, palette]);
  return (
    <Panel
      name={name}
      title={title}
      hint={hint}
      aside={aside ?? <span>{when}</span>}
      figure={shown !== null && (() => figureOf(`${title}, ${when}`, (p) => chart(shown, p)))}
    >
      {made ? <HistogramPlot label={`${title}, ${when}`} chart={made} /> : <Empty>{fault ?? 'Counting the pairs…'}</Empty>}
    </Panel>
  );
}

interface AllProps extends Pick<Props, 'shown' | 'fault'> {
  /** Of the whole film: the axes have room for all of it. */
  all: readonly Distributions[];
  /** `step 120`, or `file`. */
  when: string;
  /** Whether curves over time can be chosen instead. */
  choice: boolean;
}

/** The pairs of one step: their logits, the anchors' margins, the weights across domains. */
export function Histograms({ shown, all, when, fault, choice }: AllProps) {
  const charts = useMemo(
    () => ({
      logits: (d: Distributions, palette: Palette) => logitHistogram(d, all.length ? all : [d], palette),
      margin: (d: Distributions, palette: Palette) =>
        oneHistogram(
          d.margin,
          [d, ...all].map((x) => x.margin),
          { label: 'Anchors', xLabel: 'margin', digits: 2 },
          palette,
        ),
      weight: (d: Distributions, palette: Palette) =>
        oneHistogram(
          d.weight,
          [d, ...all].map((x) => x.weight),
          { label: 'Pairs', xLabel: 'weight', digits: 3 },
          palette,
        ),
    }),
    [all],
  );
  const common = { shown, fault, when };
  const pairs = shown ? Object.values(shown.logit).reduce((s, d) => s + d.count, 0) : 0;
  return (
    <>
      <HistogramPanel
        {...common}
        name="logit-curves"
        title="Logits at one step"
        hint={`${LOGIT_HINT} Heights are shares of each kind${pairs ? `, of ${whole(pairs)} pairs in all` : ''}; triangles mark the means. Move the cursor in a chart below, or the keys [ and ], to see other steps.`}
        chart={charts.logits}
        aside={
          <>
            <span>{when}</span> {choice && <ShowChoice />}
          </>
        }
      />
      <div className="stack">
        <HistogramPanel
          {...common}
          name="small margin"
          title="Margins of anchors"
          hint="Of each correct rollout: the mean logit of its positives across domains minus that of its negatives. Left of 0 an anchor takes wrong rollouts for its like."
          chart={charts.margin}
        />
        <HistogramPanel
          {...common}
          name="small weight"
          title="Compatibility weights"
          hint="Of every positive pair across domains: how alike the average embeddings of their two prompts are (5), 0 to 1."
          chart={charts.weight}
        />
      </div>
    </>
  );
}
