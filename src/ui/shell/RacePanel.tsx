import { type FormEvent, useId, useState } from 'react';
import { FIELDS, field } from '../../config/fields';
import { PRESETS } from '../../config/presets';
import { setRace, setSeeds } from '../../store/lab';
import { MAX_LANES, MAX_SEEDS, parseRace, type Race } from '../../store/lanes';
import { Hint } from '../Hint';
import { useLab } from '../useLab';

const HINT =
  'Trains several methods, or one method with several values of one setting, side by side: from the same weights, on the same prompts, with the same random numbers.';
const SEEDS_HINT =
  'Runs of each lane with seeds s, s + 1, …: curves then show their mean and its 95 % confidence interval, which tells luck from effect.';

const METHODS = PRESETS.filter((p) => p.kind === 'method');
const RACEABLE = FIELDS.filter((f) => f.scope === 'run' && f.kind !== 'text' && f.path !== 'seed');
const DUEL: Race = { kind: 'methods', names: ['grpo', 'mcpo-grpo'] };

function describe(race: Race): string {
  if (race.kind === 'field') return `${field(race.path).label}: ${race.values.join(', ')}`;
  return race.names.map((n) => METHODS.find((m) => m.name === n)?.label ?? n).join(', ');
}

type Try = (action: () => void) => void;

function MethodRace({ race, attempt }: { race: Race | null; attempt: Try }) {
  const [names, setNames] = useState<readonly string[]>(
    race?.kind === 'methods' ? race.names : DUEL.kind === 'methods' ? DUEL.names : [],
  );
  const toggle = (name: string) => setNames((now) => (now.includes(name) ? now.filter((n) => n !== name) : [...now, name]));
  return (
    <fieldset>
      <legend>Methods</legend>
      <div className="checks">
        {METHODS.map(({ name, label, help }) => (
          <label key={name} title={help}>
            <input type="checkbox" checked={names.includes(name)} onChange={() => toggle(name)} /> {label}
          </label>
        ))}
      </div>
      <button type="button" onClick={() => attempt(() => setRace(parseRace(names.join(','))))}>
        Race {names.length} methods
      </button>
    </fieldset>
  );
}

function FieldRace({ race, attempt }: { race: Race | null; attempt: Try }) {
  const own = race?.kind === 'field' ? race : { path: 'contrast.lambda', values: ['0', '0.05', '0.1', '0.5'] };
  const [path, setPath] = useState(own.path);
  const [values, setValues] = useState(own.values.join(', '));
  const choose = (next: string) => {
    setPath(next);
    const { options, kind, default: usual } = field(next);
    setValues((options ?? (kind === 'boolean' ? ['false', 'true'] : [String(usual)])).slice(0, MAX_LANES).join(', '));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt(() => setRace(parseRace(`${path}:${values}`)));
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
          aria-label="Values, separated by commas"
          value={values}
          onChange={(e) => setValues(e.target.value)}
        />
        <button type="submit">Race these values</button>
      </fieldset>
    </form>
  );
}

/** What is raced, and over how many seeds. */
export function RacePanel() {
  const race = useLab((s) => s.race);
  const seeds = useLab((s) => s.seeds);
  const [fault, setFault] = useState<string | null>(null);
  const id = useId();
  const attempt: Try = (action) => {
    try {
      action();
      setFault(null);
    } catch (error) {
      setFault((error as Error).message);
    }
  };
  return (
    <section className="race" aria-label="Race">
      <div className="head">
        <h2>
          <Hint text={HINT}>Race</Hint>
        </h2>
        <label className="aside">
          <Hint text={SEEDS_HINT}>Seeds</Hint>{' '}
          <select
            className="choice"
            aria-label="Seeds of each lane"
            value={seeds}
            onChange={(e) => attempt(() => setSeeds(Number(e.target.value)))}
          >
            {Array.from({ length: MAX_SEEDS }, (_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the numbers 1 to 8
              <option key={i}>{i + 1}</option>
            ))}
          </select>
        </label>
      </div>
      {race ? (
        <p className="now">
          {describe(race)}{' '}
          <button type="button" className="text" onClick={() => attempt(() => setRace(null))}>
            End the race
          </button>
        </p>
      ) : (
        <button type="button" className="duel" onClick={() => attempt(() => setRace(DUEL))}>
          Race GRPO and MCPO-GRPO
        </button>
      )}
      <details>
        <summary>Another race</summary>
        <MethodRace key={`m${JSON.stringify(race)}`} race={race} attempt={attempt} />
        <FieldRace key={`f${JSON.stringify(race)}`} race={race} attempt={attempt} />
      </details>
      <p id={id} className="fault" role="alert">
        {fault}
      </p>
    </section>
  );
}
