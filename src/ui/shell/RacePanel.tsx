import { type FormEvent, useId, useState } from 'react';
import { field, getValue } from '../../config/fields';
import { setRace, setSeeds } from '../../store/edits';
import { MAX_RUNS, MAX_SEEDS, parseRace, type Race } from '../../store/lanes';
import { Hint } from '../Hint';
import { useLab } from '../useLab';
import './race.css';
import { DUEL, describeRace, METHODS, problemOf, problemOfMethod, RACEABLE, SUGGESTIONS, valuesAround } from './races';
import { SweepLine } from './SweepLine';

const HINT =
  'Trains several methods, or one method with several values of one setting, side by side: from the same weights, on the same prompts, with the same random numbers.';
const SEEDS_HINT = `Runs of each lane with seeds s, s + 1, …: curves then show their mean and its 95 % confidence interval, which tells luck from effect. At most ${MAX_RUNS} runs altogether.`;

type Try = (action: () => void) => void;

/** Seeds of each lane, as far as the runs allow. */
function Seeds({ attempt }: { attempt: Try }) {
  const seeds = useLab((s) => s.seeds);
  const lanes = useLab((s) => s.lanes.length);
  return (
    <label className="aside">
      <Hint text={SEEDS_HINT}>Seeds</Hint>{' '}
      <select
        className="choice"
        aria-label="Seeds of each lane"
        value={seeds}
        onChange={(e) => attempt(() => setSeeds(Number(e.target.value)))}
      >
        {Array.from({ length: MAX_SEEDS }, (_, i) => i + 1).map((n) => (
          <option key={n} value={n} disabled={n * lanes > MAX_RUNS}>
            {n}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Any methods side by side. */
function MethodRace({ race, attempt }: { race: Race | null; attempt: Try }) {
  const seeds = useLab((s) => s.seeds);
  // The user's own values decide which methods go together with them.
  useLab((s) => s.config);
  const [names, setNames] = useState<readonly string[]>(race?.kind === 'methods' ? race.names : DUEL.names);
  const id = useId();
  const toggle = (name: string) => setNames((now) => (now.includes(name) ? now.filter((n) => n !== name) : [...now, name]));
  const why = new Map(
    METHODS.flatMap(({ name, label }) => {
      const problem = names.includes(name) ? null : problemOfMethod(name, names, seeds);
      return problem ? [[name, { label, problem }]] : [];
    }),
  );
  const reasons = [...new Set([...why.values()].map((w) => w.problem))];
  const fault = problemOf(names.join(','), seeds);
  return (
    <fieldset>
      <legend>Methods</legend>
      <div className="checks">
        {METHODS.map(({ name, label, help }) => (
          <label key={name} title={why.get(name)?.problem ?? help}>
            <input
              type="checkbox"
              checked={names.includes(name)}
              disabled={why.has(name)}
              aria-describedby={why.has(name) ? id : undefined}
              onChange={() => toggle(name)}
            />
            {label}
          </label>
        ))}
      </div>
      {reasons.length > 0 && (
        <p id={id} className="why">
          {reasons.map((reason) => (
            <span key={reason}>
              {[...why.values()]
                .filter((w) => w.problem === reason)
                .map((w) => w.label)
                .join(', ')}{' '}
              cannot join: {reason}.
            </span>
          ))}
        </p>
      )}
      <button type="button" disabled={fault !== null} onClick={() => attempt(() => setRace(parseRace(names.join(','))))}>
        Race {names.length} {names.length === 1 ? 'method' : 'methods'}
      </button>
      {fault && <p className="why">{fault}</p>}
    </fieldset>
  );
}

/** One setting's values side by side. */
function FieldRace({ race, attempt }: { race: Race | null; attempt: Try }) {
  const seeds = useLab((s) => s.seeds);
  const config = useLab((s) => s.config);
  const own = race?.kind === 'field' ? race : { path: 'contrast.lambda', values: ['0', '0.05', '0.1', '0.5'] };
  const [path, setPath] = useState(own.path);
  const [values, setValues] = useState(own.values.join(', '));
  const id = useId();
  const text = `${path}:${values}`;
  const fault = problemOf(text, seeds);
  const choose = (next: string) => {
    setPath(next);
    setValues(valuesAround(next, getValue(config, next)).join(', '));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!fault) attempt(() => setRace(parseRace(text)));
  };
  return (
    <form onSubmit={submit}>
      <fieldset>
        <legend>Values of one setting</legend>
        <select className="choice" aria-label="Setting to vary" value={path} onChange={(e) => choose(e.target.value)}>
          {RACEABLE.map((f) => (
            <option key={f.path} value={f.path}>
              {f.symbol ? `${f.label} ${f.symbol}` : f.label} ({f.path})
            </option>
          ))}
        </select>
        <input
          className="values"
          aria-label={`Values of ${field(path).label}, separated by commas`}
          aria-invalid={fault !== null}
          aria-describedby={id}
          value={values}
          onChange={(e) => setValues(e.target.value)}
        />
        <button type="submit" disabled={fault !== null}>
          Race these values
        </button>
        <p id={id} className="why">
          {fault}
        </p>
      </fieldset>
    </form>
  );
}

/** What is raced, and over how many seeds. */
export function RacePanel() {
  const race = useLab((s) => s.race);
  const [fault, setFault] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const attempt: Try = (action) => {
    try {
      action();
      setFault(null);
    } catch (error) {
      setFault((error as Error).message);
    }
  };
  const key = JSON.stringify(race);
  return (
    <section className="race" aria-label="Race">
      <div className="head">
        <h2>
          <Hint text={HINT}>Race</Hint>
        </h2>
        <Seeds attempt={attempt} />
      </div>
      {race ? (
        <p className="now">
          {describeRace(race)}{' '}
          <button type="button" className="text" onClick={() => attempt(() => setRace(null))}>
            End the race
          </button>
        </p>
      ) : (
        <div className="suggestions">
          {SUGGESTIONS.map(({ label, hint, race: suggested }) => (
            <button key={label} type="button" title={hint} onClick={() => attempt(() => setRace(suggested))}>
              {label}
            </button>
          ))}
        </div>
      )}
      <details open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary>Another race</summary>
        {open && <MethodRace key={`m${key}`} race={race} attempt={attempt} />}
        {open && <FieldRace key={`f${key}`} race={race} attempt={attempt} />}
      </details>
      <p className="fault" role="alert">
        {fault}
      </p>
      <SweepLine />
    </section>
  );
}
