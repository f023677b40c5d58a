import { Fragment } from 'react';
import { leavesOutZero, overPairs, overRuns, type Summary } from '../../charts/intervals';
import { setHighlight } from '../../store/look';
import { shownStep } from '../../store/state';
import { DomainMark } from '../DomainMark';
import { percent, signed } from '../format';
import { Hint } from '../Hint';
import { LaneMark } from '../LaneMark';
import { useLab } from '../useLab';
import { AVERAGE, evaluationAt, type LaneView, type Score, scores } from './lanes';
import './heldOut.css';

/** Percentage points. */
const points = (v: number) => signed(100 * v, 1);

function Against({ difference }: { difference: Summary }) {
  const { mean, halfWidth } = difference;
  if (mean === null) return null;
  return (
    <span className={`against ${leavesOutZero(difference) ? 'clear' : ''}`}>
      {points(mean)}
      {halfWidth !== null && ` ± ${(100 * halfWidth).toFixed(1)}`}
    </span>
  );
}

function Cells({ lanes, score, at }: { lanes: readonly LaneView[]; score: Score; at: number | null }) {
  const base = scores(lanes[0], score, at);
  return lanes.map((lane, k) => {
    const own = k === 0 ? base : scores(lane, score, at);
    const { mean, halfWidth } = overRuns(own);
    return (
      <td key={lane.lane} className="right">
        {mean === null ? '–' : percent(mean)}
        {k > 0 && <Against difference={overPairs(own, base)} />}
        {k === 0 && <span className="against">{halfWidth === null ? ' ' : `± ${(100 * halfWidth).toFixed(1)}`}</span>}
      </td>
    );
  });
}

/** What the small numbers are. */
function Reading({ lanes, step }: { lanes: readonly LaneView[]; step: number }) {
  const n = lanes[0].runs.length;
  const against =
    lanes.length > 1
      ? `Small: difference from ${lanes[0].label} in percentage points${n > 1 ? `, with the 95 % interval over ${n} pairs of equal seeds; in bold where it leaves 0 out` : ''}.`
      : '';
  return (
    <p className="caption">
      After step <b>{step}</b>,{' '}
      {n > 1 ? `mean of n = ${n} seeds.` : 'n = 1 seed: no interval, so luck cannot be told from effect.'} {against}
    </p>
  );
}

/** Benchmarks × lanes: mean over seeds, paired difference from the first lane. */
export function HeldOutLanes({ lanes }: { lanes: readonly LaneView[] }) {
  const domains = useLab((s) => s.domains);
  const at = useLab(shownStep);
  const lit = useLab((s) => s.highlight);
  const shown = evaluationAt(lanes[0].runs[0].evaluations, at);
  if (!shown) return null;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scroller" tabIndex={0} aria-label="Held-out accuracy by lane">
        <table className="by-lane" style={{ minWidth: 140 + 92 * lanes.length }}>
          <thead>
            <tr>
              <th scope="col">Benchmark</th>
              <th scope="col" className="right chance">
                <Hint text="Expected score of a guess that knows only the form of a response.">Chance</Hint>
              </th>
              {lanes.map(({ lane, label }) => (
                <th
                  key={lane}
                  scope="col"
                  className={`right ${lit.lane === lane ? 'lit' : ''}`}
                  onPointerEnter={() => setHighlight({ lane })}
                  onPointerLeave={() => setHighlight({})}
                >
                  <LaneMark lane={lane} /> {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {domains.map((d, i) => (
              <Fragment key={d.id}>
                {d.columns.map((c, k) => (
                  <tr
                    key={c.id}
                    className={`${k === 0 ? 'first' : ''} ${lit.domain === i ? 'lit' : ''}`}
                    onPointerEnter={() => setHighlight({ domain: i })}
                    onPointerLeave={() => setHighlight({})}
                  >
                    <th scope="row">
                      <DomainMark domain={i} /> {c.label}
                      {k === 0 && <span className="of"> {d.label}</span>}
                    </th>
                    <td className="right quiet chance">{percent(c.chance)}</td>
                    <Cells lanes={lanes} score={(r) => r.benchmarks[c.id]} at={at} />
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
          <tfoot>
            <tr className="first">
              <th scope="row">Average</th>
              <td className="chance" />
              <Cells lanes={lanes} score={AVERAGE} at={at} />
            </tr>
          </tfoot>
        </table>
      </section>
      <Reading lanes={lanes} step={shown.step} />
    </>
  );
}
