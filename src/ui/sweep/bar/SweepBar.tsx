import { useState } from 'react';
import { exportSweep, orderSweep, pauseSweep, playSweep, renameSweep } from '../../../store/sweep';
import { TABLE } from '../../../sweep/exchange/found';
import type { SweepState } from '../../../sweep/types';
import { pace as paceText, whole } from '../../format';
import { Hint } from '../../Hint';
import { Menu } from '../../Menu';
import { type Model, valueText } from '../charts/model';
import { NameEdit, Pencil } from '../NameEdit';
import { sweepPage, useSweep, useSweepPage } from '../useSweep';
import { duration, plural, STATES } from '../words';
import { AddPoint } from './AddPoint';
import { BudgetEdit, budgetText } from './BudgetEdit';
import { endedIn, planNow, secondsLeft, shareDone } from './remaining';

const STATUS = {
  none: 'No sweep',
  preparing: 'Getting ready',
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  failed: 'Failed',
} as const;

const Shape = ({ d }: { d: string }) => (
  <svg className="icon" viewBox="0 0 11 11" aria-hidden="true">
    <path d={d} fill="currentColor" />
  </svg>
);

function Name() {
  const id = useSweep((s) => s.id);
  const own = useSweep((s) => s.list?.find((r) => r.id === s.id)?.name ?? s.journal?.spec.name ?? 'Sweep');
  const [editing, setEditing] = useState(false);
  if (editing)
    return (
      <NameEdit
        name={own}
        done={(name) => {
          setEditing(false);
          if (name !== null && id) void renameSweep(id, name);
        }}
      />
    );
  return (
    <h2 className="sweep-name">
      <span title={own}>{own}</span>
      <button type="button" className="text rename" aria-label={`Rename ${own}`} title="Rename" onClick={() => setEditing(true)}>
        <Pencil />
      </button>
    </h2>
  );
}

/** How many trials stand how; a press shows only their points in the table. */
function Chips({ state }: { state: SweepState }) {
  const chosen = useSweepPage((s) => s.state);
  const counts = new Map<string, number>();
  for (const t of state.trials) counts.set(t.state, (counts.get(t.state) ?? 0) + 1);
  return (
    <fieldset className="state-chips" aria-label="Trials by state; a press shows only their points">
      {STATES.filter((s) => counts.has(s.state) || s.state === chosen).map(({ state: name, label, mark, hint }) => (
        <button
          key={name}
          type="button"
          className={`chip ${name}`}
          aria-pressed={chosen === name}
          title={`${hint}. A press shows only these.`}
          onClick={() => sweepPage.setState({ state: chosen === name ? null : name })}
        >
          <span aria-hidden="true">{mark}</span> {whole(counts.get(name) ?? 0)} {label}
        </button>
      ))}
    </fieldset>
  );
}

/** Ends the sweep; where trials are under way it asks first. */
function Stop({ state }: { state: SweepState }) {
  const running = useSweep((s) => s.status === 'running' || s.status === 'preparing');
  const over = useSweep((s) => s.status === 'finished' || s.status === 'failed');
  const [sure, setSure] = useState(false);
  const [asked, setAsked] = useState(false);
  const stop = () => {
    setSure(false);
    setAsked(true);
    orderSweep({ kind: 'stop' });
  };
  if (sure && running)
    return (
      // biome-ignore lint/a11y/useSemanticElements: a question with its answers
      <span className="sure" role="group" aria-label="Stop the sweep?">
        End all trials now?
        {/* biome-ignore lint/a11y/noAutofocus: it takes the place of the button that was pressed */}
        <button type="button" autoFocus onClick={stop}>
          Stop it
        </button>
        <button type="button" onClick={() => setSure(false)}>
          Go on
        </button>
      </span>
    );
  return (
    <button
      type="button"
      disabled={over || asked || state.stopped}
      title="No further trial begins, and those under way end"
      onClick={() => (running ? setSure(true) : stop())}
    >
      {(asked || state.stopped) && !over ? 'Stopping…' : 'Stop'}
    </button>
  );
}

const OVER = 'It is over: a larger budget, or a point of your own, makes it go on';
const ONLY_TABLE = 'It was taken in as a table of its trials, which cannot be trained on';

function Transport({ state }: { state: SweepState | null }) {
  const id = useSweep((s) => s.id);
  const status = useSweep((s) => s.status);
  const works = status === 'running' || status === 'preparing';
  const pauses = useSweep((s) => works && !s.pausing);
  return (
    <div className="sweep-transport">
      <button
        type="button"
        className="primary"
        disabled={status === 'finished' || status === 'none'}
        title={status === 'finished' ? (state?.backend === TABLE ? ONLY_TABLE : OVER) : undefined}
        onClick={pauses ? pauseSweep : playSweep}
      >
        <Shape d={pauses ? 'M1 0h3v11h-3zM7 0h3v11h-3z' : 'M1 0l10 5.5-10 5.5z'} />
        {pauses ? 'Pause' : 'Play'}
      </button>
      {state && <Stop key={id} state={state} />}
    </div>
  );
}

const EXPORTS = [
  { format: 'jsonl', label: 'JSON Lines', hint: 'the journal, exactly' },
  { format: 'optuna', label: 'Optuna journal', hint: 'for its dashboard' },
  { format: 'csv', label: 'CSV', hint: 'a table of trials' },
  { format: 'parquet', label: 'Parquet', hint: 'a table of trials' },
] as const;

/** How far it is, how fast, and for how long. */
function Standing({ state }: { state: SweepState }) {
  const status = useSweep((s) => s.status);
  const pausing = useSweep((s) => s.pausing);
  const pace = useSweep((s) => s.pace);
  const { trials } = planNow(state);
  const left = status === 'running' && pace?.stepsPerSecond ? secondsLeft(state, pace.stepsPerSecond) : null;
  const words = [
    pausing ? 'Pausing' : STATUS[status],
    `${whole(endedIn(state))} of ${whole(Math.max(trials ?? 0, state.trials.length))}${trials === null ? ' so far' : ''} trials ended`,
    ...(status === 'running' && pace
      ? [`${paceText(pace.stepsPerSecond)} trial-steps/s, ${whole(pace.places)} side by side`]
      : []),
    ...(state.queue.length ? [`${plural(state.queue.length, 'point')} of your own next`] : []),
    ...(left === null ? [] : [`${duration(left)} left`]),
  ];
  return <p className="standing">{words.join(' · ')}</p>;
}

/** Share of the sweep that is done. */
function Share({ state }: { state: SweepState }) {
  const over = useSweep((s) => s.status === 'finished' || s.status === 'failed');
  const share = shareDone(state);
  if (share === null || over) return null;
  return <progress className="sweep-share" aria-label="Share of the sweep that is done" value={share} />;
}

function Best({ model }: { model: Model }) {
  const best = model.best === null ? null : model.points[model.best];
  return (
    <p className="best-line">
      <Hint
        text={`${model.objective}, ${model.state.spec.objective.at === 'best' ? 'at its best' : 'at the end'}; mean over seeds with its 95 % interval. ${model.measure.hint}`}
      >
        Best
      </Hint>
      {best ? (
        <>
          {' '}
          {best.name} <b>{valueText(model, best)}</b>
        </>
      ) : (
        ' – no point has finished yet'
      )}
    </p>
  );
}

/** Name, states and controls of the sweep on the page. `model`: null before its journal begins. */
export function SweepBar({ model }: { model: Model | null }) {
  const progress = useSweep((s) => s.progress);
  const id = useSweep((s) => s.id);
  const [open, setOpen] = useState<'budget' | 'point' | null>(null);
  const state = model?.state ?? null;
  const toggle = (part: 'budget' | 'point') => setOpen(open === part ? null : part);
  const close = () => setOpen(null);
  return (
    <section className="panel sweep-bar" aria-label="Sweep">
      <div className="bar-line">
        <Name key={id} />
        <Transport state={state} />
        <div className="bar-end">
          <Menu
            disabled={!state}
            title="Hands the sweep out as a file"
            items={EXPORTS.map(({ format, label, hint }) => ({ label, hint, act: () => void exportSweep(format) }))}
            note="All of them open again here: JSON Lines with everything in it, tables without curves."
          >
            Export
          </Menu>
          <button type="button" onClick={() => sweepPage.setState({ form: true })}>
            New sweep
          </button>
        </div>
      </div>
      {state && (
        <div className="bar-line">
          <Standing state={state} />
          <div className="bar-end">
            <button type="button" className="small" aria-expanded={open === 'budget'} onClick={() => toggle('budget')}>
              Budget: {budgetText(state.budget)}
            </button>
            <button type="button" className="small" aria-expanded={open === 'point'} onClick={() => toggle('point')}>
              Add a point
            </button>
          </div>
        </div>
      )}
      {state && open === 'budget' && <BudgetEdit state={state} done={close} />}
      {state && open === 'point' && <AddPoint state={state} done={close} />}
      {progress && (
        <div className="sweep-progress">
          <span>{progress.what}</span>
          <progress aria-label={progress.what} value={progress.done} />
        </div>
      )}
      {state && !progress && <Share state={state} />}
      {model && (
        <div className="bar-line">
          <Chips state={model.state} />
          <Best model={model} />
        </div>
      )}
    </section>
  );
}
