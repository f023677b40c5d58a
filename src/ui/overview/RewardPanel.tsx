import { useMemo } from 'react';
import { type Line, type LineChart, stepSpan } from '../../charts/lineChart';
import { domainColor } from '../../charts/palette';
import { shownStep } from '../../store/state';
import { Chart } from '../Chart';
import { fixed } from '../format';
import { Empty, Panel } from '../Panel';
import { useFocused, useLab } from '../useLab';
import { usePalette } from '../usePalette';
import { PreviousNote } from './PreviousNote';

const TITLE_HINT =
  'Share of the rollouts in each batch that the verifier accepts, smoothed over about ten steps. The faint line is the unsmoothed mean.';
const MEAN = 'reward/mean';

export function RewardPanel() {
  const palette = usePalette();
  const { trace } = useFocused();
  const version = useLab((s) => s.version);
  const previous = useLab((s) => s.previous);
  const domains = useLab((s) => s.domains);
  const cursor = useLab(shownStep);
  const steps = useLab((s) => s.config.steps);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the trace grows in place, `version` says when
  const chart = useMemo((): LineChart => {
    const line = (name: string, rest: Omit<Line, 'steps' | 'values'>): Line => ({
      steps: trace.steps,
      values: trace.smooth(name),
      ...rest,
    });
    const before: Line[] = previous
      ? [
          {
            steps: previous.trace.steps,
            values: previous.trace.smooth(MEAN),
            color: palette.quiet,
            dash: [4, 3],
            width: 1.5,
            alpha: 0.8,
          },
        ]
      : [];
    return {
      x: stepSpan(steps, trace.lastStep),
      y: [0, 1],
      cursor: trace.length > 0 ? cursor : null,
      format: (v) => fixed(v, 2),
      lines: [
        ...before,
        { steps: trace.steps, values: trace.raw(MEAN), color: palette.ink, width: 1, alpha: 0.25 },
        ...domains.map((d, i) => line(`reward/${d.id}`, { label: d.label, color: domainColor(palette, i), symbol: i })),
        line(MEAN, { label: 'Mean', color: palette.ink, width: 2.25 }),
      ],
    };
  }, [palette, trace, version, previous, domains, cursor, steps]);

  return (
    <Panel name="reward" title="Reward by domain" hint={TITLE_HINT} aside={<PreviousNote />}>
      <Chart label="Reward by domain" chart={chart} />
      {trace.length === 0 && <Empty>Press Play, or the space bar, to train.</Empty>}
    </Panel>
  );
}
