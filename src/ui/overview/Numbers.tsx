import { overRuns } from '../../charts/intervals';
import { nearest } from '../../charts/lineChart';
import { setHighlight } from '../../store/look';
import { shownStep } from '../../store/state';
import type { Trace } from '../../store/trace';
import { Hint } from '../Hint';
import { LaneMark } from '../LaneMark';
import { useFocused, useLab } from '../useLab';
import { type LaneView, useLanes } from './lanes';
import { READOUTS, type Readout } from './readouts';
import './numbers.css';

const OVER_SEEDS = 'Mean over the lane’s seeds ± half of its 95 % confidence interval.';

/** A metric at the shown step; NaN without data. */
function valueAt(trace: Trace, metric: string, cursor: number | null): number {
  const i = cursor === null ? trace.length - 1 : nearest(trace.steps, cursor);
  return trace.raw(metric)[i] ?? Number.NaN;
}

/** Of one run. */
function List() {
  const { trace } = useFocused();
  const cursor = useLab(shownStep);
  return (
    <dl>
      {READOUTS.map(({ metric, label, hint, show }) => {
        const value = valueAt(trace, metric, cursor);
        return (
          <div key={metric}>
            <dt>
              <Hint text={hint}>{label}</Hint>
            </dt>
            <dd>{Number.isNaN(value) ? '–' : show(value)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

function Cell({ lane: { traces }, readout: { metric, show, half } }: { lane: LaneView; readout: Readout }) {
  const cursor = useLab(shownStep);
  const { mean, halfWidth } = overRuns(traces.map((t) => valueAt(t, metric, cursor)));
  return (
    <td className="right">
      {mean === null ? '–' : show(mean)}
      {halfWidth !== null && <span className="half"> ±{half(halfWidth)}</span>}
    </td>
  );
}

/** Lanes × numbers. */
function Table({ lanes }: { lanes: readonly LaneView[] }) {
  const lit = useLab((s) => s.highlight.lane);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="scroller" tabIndex={0} aria-label="Numbers by lane">
      <table>
        <thead>
          <tr>
            <th scope="col">
              <Hint text={OVER_SEEDS}>Lane</Hint>
            </th>
            {READOUTS.map(({ metric, label, hint }) => (
              <th key={metric} scope="col" className="right">
                <Hint text={hint}>{label}</Hint>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lanes.map((lane) => (
            <tr
              key={lane.lane}
              className={lit === lane.lane ? 'lit' : ''}
              onPointerEnter={() => setHighlight({ lane: lane.lane })}
              onPointerLeave={() => setHighlight({})}
            >
              <th scope="row">
                <LaneMark lane={lane.lane} /> {lane.label}
              </th>
              {READOUTS.map((readout) => (
                <Cell key={readout.metric} lane={lane} readout={readout} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The latest numbers, or those under the cursor: of the one run, or of every lane. */
export function Numbers() {
  useLab((s) => s.version);
  const lanes = useLanes();
  const one = useLab((s) => s.runs.length === 1);
  return (
    <section className="panel numbers" aria-label="Numbers of the latest step">
      {one ? <List /> : <Table lanes={lanes} />}
    </section>
  );
}
