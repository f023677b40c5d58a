import { useMemo } from 'react';
import { domainColor, type Palette } from '../../charts/palette';
import { Chart } from '../Chart';
import { chartFigure } from '../figure';
import { useSetting } from '../overview/useSetting';
import { Panel } from '../Panel';
import { useLab } from '../useLab';
import { centroidsPlot, type PairFocus } from './centroids';
import type { Run } from './plots';

const HINT =
  'One minus the cosine between the mean embeddings of two domains’ correct rollouts: 0 where they point the same way, 1 at right angles. Each line is braided of its two domains’ colours; a moving average of 0.9, as in the paper, where Math and Science come closer while Safety and ToolUse part.';

/** Distances between the domains' centroids over the steps. */
export function CentroidPanel({ run: { trace }, focus }: { run: Run; focus: PairFocus }) {
  const setting = useSetting();
  const domains = useLab((s) => s.domains);
  const muted = useLab((s) => s.muted);
  const lit = useLab((s) => s.highlight.domain);
  const shown = focus ?? (lit === undefined ? null : ([lit] as const));
  const make = useMemo(
    () => (palette: Palette, chosen: PairFocus) =>
      centroidsPlot(
        trace,
        domains.map(({ id, label }, i) => ({ label, color: domainColor(palette, i), muted: muted.includes(id) })),
        chosen,
        setting.steps,
      ),
    [trace, domains, muted, setting],
  );
  const chart = useMemo(() => make(setting.palette, shown), [make, setting.palette, shown]);
  return (
    <Panel
      name="several centroids"
      title="Centroid distances"
      hint={HINT}
      figure={() => chartFigure('Centroid distances', (palette) => make(palette, null))}
    >
      <Chart label="Distances between the domains’ centroids" chart={chart} />
    </Panel>
  );
}
