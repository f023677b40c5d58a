import { type KeyboardEvent, useEffect, useRef } from 'react';
import { AILMENTS, type Finding, LEAST_STEPS } from '../../store/doctor';
import { focusRun } from '../../store/opening';
import type { LabState } from '../../store/state';
import { whole } from '../format';
import { Hint } from '../Hint';
import { useFocused, useLab } from '../useLab';
import './doctor.css';
import { FindingCard } from './FindingCard';
import { Sign } from './Sign';
import { useDoctor } from './useDoctor';
import { useReturns } from './useReturns';
import { type Travel, useTravel } from './useTravel';
import { measureOf, WELL } from './words';

const NONE: readonly Finding[] = [];

/** What a run is called among the others. */
const nameOf = ({ lanes, runs, seeds }: Pick<LabState, 'lanes' | 'runs' | 'seeds'>, run: number): string => {
  const { lane, seed } = runs[run];
  const { label } = lanes[lane];
  return [label, seeds > 1 || !label ? `seed ${seed}` : ''].filter(Boolean).join(', ');
};

/** Mean of the last values with data; null without any. */
function meanOfLast(values: ArrayLike<number>, count: number): number | null {
  const known = Array.from(values).slice(-count).filter(Number.isFinite);
  return known.length ? known.reduce((a, b) => a + b, 0) / known.length : null;
}

/** What the doctor looks for and did not find, with the numbers that tell. */
function Well({ findings }: { findings: readonly Finding[] }) {
  useLab((s) => s.version);
  const { trace } = useFocused();
  const window = useDoctor((s) => s.window);
  const found = findings.map((f) => f.ailment);
  const ill = findings.map((f) => f.evidence.metric);
  const rows = AILMENTS.filter((a) => !found.includes(a)).flatMap((ailment) => {
    const { text, metric, hint } = WELL[ailment];
    const { label, show } = measureOf(metric);
    const value = meanOfLast(trace.raw(metric), window);
    return value === null || ill.includes(metric) ? [] : [{ text, hint: `${label}. ${hint}`, value: show(value) }];
  });
  if (rows.length === 0) return null;
  return (
    <ul className="checked">
      {rows.map(({ text, hint, value }) => (
        <li key={text}>
          <Sign of="well" />
          <Hint text={hint}>{text}</Hint>
          <span className="quiet">{value}</span>
        </li>
      ))}
    </ul>
  );
}

/** Runs with findings that the single-run views do not show. */
function Others() {
  const findings = useDoctor((s) => s.findings);
  const focus = useLab((s) => s.focus);
  const runs = useLab((s) => s.runs);
  const lanes = useLab((s) => s.lanes);
  const seeds = useLab((s) => s.seeds);
  const others = findings.flatMap((own, run) => (run !== focus && own.length && runs[run] ? [{ run, own }] : []));
  if (runs.length < 2) return null;
  return (
    <section className="others" aria-label="Other runs">
      <h3>{others.length ? 'Other runs' : 'Nothing is wrong with the other runs.'}</h3>
      <ul>
        {others.map(({ run, own }) => (
          <li key={run}>
            <Sign of={own[0].severity} />
            <span>
              <b>{nameOf({ lanes, runs, seeds }, run)}</b> {own.map((f) => f.title).join('. ')}
            </span>
            <button type="button" className="text" onClick={() => focusRun(run)}>
              Show
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was done, with the way back. */
function Report({ travel }: { travel: Travel }) {
  const { busy, done, fault, go, dismiss } = travel;
  const undo = async () => {
    await done?.undo?.();
    return null;
  };
  return (
    <div role="status">
      {busy && <p className="quiet">{busy}…</p>}
      {fault && <p className="fault">{fault}</p>}
      {done && !busy && (
        <p className="done">
          <span>{done.text}</span>
          {done.undo ? (
            <button type="button" onClick={() => go('Undoing', undo)}>
              Undo
            </button>
          ) : (
            <button type="button" onClick={dismiss}>
              Fine
            </button>
          )}
        </p>
      )}
    </div>
  );
}

/** The collapse doctor's findings about the focused run, with what can be done, and a word about the others. */
export default function DoctorPanel({ onClose }: { onClose(): void }) {
  const panel = useRef<HTMLDivElement>(null);
  const focus = useLab((s) => s.focus);
  const step = useDoctor((s) => s.step);
  const findings = useDoctor((s) => s.findings[focus] ?? NONE);
  const name = useLab((s) => (s.runs.length > 1 ? nameOf(s, s.focus) : ''));
  const returns = useReturns();
  const travel = useTravel();
  // What was pressed may be gone: the focus stays in the panel.
  // biome-ignore lint/correctness/useExhaustiveDependencies: at first, and after each journey
  useEffect(() => {
    if (!panel.current?.contains(document.activeElement)) panel.current?.focus();
  }, [travel.done, findings]);
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onClose();
  };
  return (
    <div
      ref={panel}
      className="doctor-panel"
      role="dialog"
      aria-labelledby="doctor-title"
      tabIndex={-1}
      aria-busy={travel.busy !== ''}
      onKeyDown={onKey}
    >
      <div className="head">
        <h2 id="doctor-title">Collapse doctor</h2>
        <span className="aside">
          {step > 0 ? `${name ? `${name}, ` : ''}step ${whole(step)}` : ''}
          <button type="button" className="shut" aria-label="Close" onClick={onClose}>
            ×
          </button>
        </span>
      </div>
      <Report travel={travel} />
      {step < LEAST_STEPS && findings.length === 0 ? (
        <p className="quiet">
          It speaks after {LEAST_STEPS} steps: verdicts rest on the mean of the last ten, so that one odd batch raises no alarm.
        </p>
      ) : (
        <>
          {findings.length === 0 && (
            <p>
              <b>Healthy.</b> None of what such trainings die of is in sight.
            </p>
          )}
          {findings.map((finding, i) => (
            <FindingCard key={finding.ailment} run={focus} finding={finding} returns={returns} travel={travel} open={i === 0} />
          ))}
          <Well findings={findings} />
        </>
      )}
      <Others />
    </div>
  );
}
