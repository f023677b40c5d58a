import { domainColor, type Palette } from '../../charts/palette';
import { symbolPath } from '../../charts/symbols';
import { field } from '../../config/fields';
import { setHighlight } from '../../store/look';
import { type Evaluation, shownStep } from '../../store/state';
import { DomainMark } from '../DomainMark';
import { percent } from '../format';
import { Hint } from '../Hint';
import { Empty, Panel } from '../Panel';
import { useFocused, useFocusedLane, useLab } from '../useLab';
import { usePalette } from '../usePalette';
import { HeldOutLanes } from './HeldOutLanes';
import { evaluationAt, useLanes } from './lanes';
import './heldOut.css';

const CHANCE_HINT = 'Expected score of a guess that knows only the form of a response; the small tick in the picture.';

interface Row {
  first: number;
  latest: number;
  chance: number;
}

/** From the first value (ring) to the latest (shape), on a line from 0 to 1, with a tick at chance. */
function Dumbbell({ row, domain, palette }: { row: Row; domain: number | null; palette: Palette }) {
  const at = (v: number) => `${5 + 90 * v}%`;
  const color = domain === null ? palette.ink : domainColor(palette, domain);
  return (
    <svg className="dumbbell" aria-hidden="true">
      <line x1="5%" x2="95%" y1="8" y2="8" stroke={palette.line} />
      <line x1={at(row.chance)} x2={at(row.chance)} y1="3" y2="13" stroke={palette.quiet} />
      <line x1={at(row.first)} x2={at(row.latest)} y1="8" y2="8" stroke={color} strokeWidth="2" />
      <circle cx={at(row.first)} cy="8" r="3.5" fill={palette.card} stroke={color} strokeWidth="1.25" />
      <svg x={at(row.latest)} y="8" overflow="visible" aria-hidden="true">
        <path d={symbolPath(domain ?? 0, 4)} fill={color} />
      </svg>
    </svg>
  );
}

const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;

/** First and shown evaluation of the one run. */
function OneRun({ first, shown }: { first: Evaluation; shown: Evaluation }) {
  const palette = usePalette();
  const domains = useLab((s) => s.domains);
  const lit = useLab((s) => s.highlight.domain);
  const chances = domains.flatMap((d) => d.columns.map((c) => c.chance));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Benchmark</th>
          <th scope="col" className="picture">
            <span className="visually-hidden">
              From step {first.step} to step {shown.step}
            </span>
          </th>
          <th scope="col" className="right">
            <Hint text={CHANCE_HINT}>Chance</Hint>
          </th>
          <th scope="col" className="right">
            Step {first.step}
          </th>
          <th scope="col" className="right">
            {shown.step === first.step ? 'Latest' : `Step ${shown.step}`}
          </th>
        </tr>
      </thead>
      {domains.map((d, i) => (
        <tbody key={d.id}>
          {d.columns.map((c, k) => {
            const row = { first: first.result.benchmarks[c.id], latest: shown.result.benchmarks[c.id], chance: c.chance };
            return (
              <tr
                key={c.id}
                className={`${k === 0 ? 'first' : ''} ${lit === i ? 'lit' : ''}`}
                onPointerEnter={() => setHighlight({ domain: i })}
                onPointerLeave={() => setHighlight({})}
              >
                <th scope="row">
                  <DomainMark domain={i} /> {c.label}
                  {k === 0 && <span className="of"> {d.label}</span>}
                </th>
                <td className="picture">
                  <Dumbbell row={row} domain={i} palette={palette} />
                </td>
                <td className="right quiet">{percent(row.chance)}</td>
                <td className="right">{percent(row.first)}</td>
                <td className="right">
                  <b>{percent(row.latest)}</b>
                </td>
              </tr>
            );
          })}
        </tbody>
      ))}
      <tfoot>
        <tr className="first">
          <th scope="row">Average</th>
          <td className="picture">
            <Dumbbell
              row={{ first: first.result.average, latest: shown.result.average, chance: mean(chances) }}
              domain={null}
              palette={palette}
            />
          </td>
          <td className="right quiet">{percent(mean(chances))}</td>
          <td className="right">{percent(first.result.average)}</td>
          <td className="right">
            <b>{percent(shown.result.average)}</b>
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

/** Accuracy on prompts that training never sees: of the one run at its start and at the shown step, or lane by lane. */
export function HeldOut() {
  const lanes = useLanes();
  const { evaluations } = useFocused();
  const domains = useLab((s) => s.domains);
  const at = useLab(shownStep);
  const one = useLab((s) => s.runs.length === 1);
  const { samples, prompts, every } = useFocusedLane().config.eval;
  const [first, shown] = [evaluations[0], evaluationAt(evaluations, at)];
  const laneStep = evaluationAt(lanes[0].runs[0].evaluations, at);
  const hint = `Accuracy on ${prompts} prompts per benchmark that training never sees, ${samples} responses each, measured at the start, ${every ? `every ${every} steps` : 'never between'} and at the end. ${field('eval.samples').help}`;
  const figure =
    first &&
    shown &&
    (async () => {
      const { heldOutFigure, heldOutLanesFigure } = await import('./heldOutFigure');
      return one ? heldOutFigure(domains, first, shown) : heldOutLanesFigure(domains, lanes, at, laneStep?.step ?? shown.step);
    });
  return (
    <Panel name="held-out" title="Held-out accuracy" hint={hint} figure={figure ?? false}>
      {!first || !shown ? (
        <Empty>Measured when training starts, and whenever you press Evaluate.</Empty>
      ) : one ? (
        <OneRun first={first} shown={shown} />
      ) : (
        <HeldOutLanes lanes={lanes} />
      )}
    </Panel>
  );
}
