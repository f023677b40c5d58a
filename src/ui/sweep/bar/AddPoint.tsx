import { type FormEvent, useState } from 'react';
import { field } from '../../../config/fields';
import { orderSweep } from '../../../store/sweep';
import { levelsOf } from '../../../sweep/levels';
import { parsePoint } from '../../../sweep/spec';
import { isRange, METHOD, type SweepState, type SweptField } from '../../../sweep/types';
import { Entry } from '../form/Line';
import { fieldName, fieldTitle, pointValue } from '../words';

/** What was typed as the field's value; what is none is left to the check. */
function valueIn(f: SweptField, text: string): unknown {
  const kind = f.field === METHOD ? 'choice' : field(f.field).kind;
  if (kind === 'boolean') return text === 'true';
  return kind === 'integer' || kind === 'number' ? (text.trim() === '' ? text : Number(text)) : text;
}

/** Asks for a point of one's own, to be tried next. */
export function AddPoint({ state, done }: { state: SweepState; done(): void }) {
  const { fields, seeds } = state.spec;
  const [typed, setTyped] = useState(() =>
    Object.fromEntries(fields.map((f) => [f.field, String(isRange(f) ? f.from : f.values[0])])),
  );
  const [fault, setFault] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    try {
      const point = parsePoint(fields, Object.fromEntries(fields.map((f) => [f.field, valueIn(f, typed[f.field])])));
      orderSweep({ kind: 'add', points: [point] });
      done();
    } catch (error) {
      setFault((error as Error).message);
    }
  };
  return (
    <form className="bar-form" aria-label="A point of your own" onSubmit={submit}>
      {fields.map((f, i) => {
        const levels = levelsOf(f);
        const set = (text: string) => setTyped({ ...typed, [f.field]: text });
        if (!levels)
          return (
            <Entry
              key={f.field}
              label={fieldTitle(f.field)}
              words={fieldName(f.field)}
              first={i === 0}
              value={typed[f.field]}
              onChange={set}
            />
          );
        return (
          <label key={f.field} className="entry-box">
            {fieldName(f.field)}
            <select
              className="choice"
              value={typed[f.field]}
              // biome-ignore lint/a11y/noAutofocus: the form opened at a press
              autoFocus={i === 0}
              onChange={(e) => set(e.target.value)}
            >
              {levels.map((v) => (
                <option key={String(v)} value={String(v)}>
                  {pointValue(f.field, v)}
                </option>
              ))}
            </select>
          </label>
        );
      })}
      <button type="submit">Try it next, with {seeds.length === 1 ? 'one seed' : `${seeds.length} seeds`}</button>
      <button type="button" onClick={done}>
        Cancel
      </button>
      {fault && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
    </form>
  );
}
