import { useMemo } from 'react';
import { field } from '../../config/fields';
import { Chart } from '../Chart';
import { chartFigure } from '../figure';
import { Hint } from '../Hint';
import { smoothingText } from '../overview/lanes';
import { useSetting } from '../overview/useSetting';
import { Panel } from '../Panel';
import { paperText, TICKS_HINT, withPaper } from './paper';
import { logitsPlot, type Run } from './plots';
import { roleStyles } from './roles';
import { ShowChoice } from './ShowChoice';
import './curves.css';

/** What a logit is. */
export const LOGIT_HINT =
  'A logit is the cosine of two rollouts’ embeddings, divided by the temperature τ. Positive pairs are two correct rollouts, of different domains or of one; negative pairs are a correct and a wrong one.';

/** Figure 3 of the paper: the logits of every pair over the training. `left`: frames that are still to be worked out. */
export function LogitCurves({ run, left, who }: { run: Run; left: number; who: string }) {
  const setting = useSetting();
  const chart = useMemo(() => logitsPlot(run, setting), [run, setting]);
  const paint = useMemo(() => {
    const { crossPositive, negative } = roleStyles(setting.palette);
    return withPaper(
      [
        { figure: 'crossPositive', color: crossPositive.color },
        { figure: 'negative', color: negative.color },
      ],
      chart.x,
    );
  }, [setting.palette, chart.x]);
  const frames = run.fans.crossPositive.steps.length;
  return (
    <Panel
      name="logit-curves"
      title="Logits over time"
      hint={`${LOGIT_HINT} Thick curves: the mean of every step, ${smoothingText(setting.window)}. Behind them the spread over single pairs, at the ${frames} steps whose rollouts were kept: the middle half and 5 to 95 %, thin lines for medians. Warm-up: ${field('contrast.warmup').help}`}
      aside={<ShowChoice />}
      figure={() => chartFigure('Logits over time', (palette) => logitsPlot(run, { ...setting, palette }), paint)}
    >
      <Chart label="Logits of all pairs over time" chart={chart} paint={paint} />
      <p className="reference">
        <span>
          <Hint text={TICKS_HINT}>The paper’s run</Hint>: across {paperText('crossPositive')}, negative {paperText('negative')}
        </span>
        <span>
          {who}
          {left > 0 && ` · ${left} of ${frames + left} spreads to come`}
        </span>
      </p>
    </Panel>
  );
}
