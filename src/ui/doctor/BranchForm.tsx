import { type FormEvent, useId, useState } from 'react';
import { field } from '../../config/fields';
import { proposalOf, type Turn } from '../../store/doctor';
import { branchRun, changedConfig } from '../../store/travel';
import { Fault } from '../Fault';
import { hintText, optionWord, shortName, valueWord } from '../fields/words';
import { Hint } from '../Hint';
import type { Travel } from './useTravel';

interface Props {
  run: number;
  /** Last step to start from, and the place of the checkpoint at or before it, in words. */
  step: number;
  place: string;
  turns: readonly Turn[];
  presets: readonly string[];
  travel: Travel;
}

/** Settings to turn, each with a value to try; opens a new run that starts from the step with those that are ticked. */
export function BranchForm({ run, step, place, turns, presets, travel }: Props) {
  const id = useId();
  const proposed = turns.flatMap((turn) => {
    const value = proposalOf(turn, presets);
    return value === null ? [] : [{ turn, value }];
  });
  const [edits, setEdits] = useState<Record<string, string>>({});
  const [ticks, setTicks] = useState<Record<string, boolean>>({});
  const rows = proposed.map(({ turn, value }, i) => ({
    turn,
    value: edits[turn.path] ?? value,
    on: ticks[turn.path] ?? i === 0,
  }));
  const change = Object.fromEntries(rows.filter((r) => r.on).map((r) => [r.turn.path, r.value]));
  const words = Object.entries(change).map(([path, value]) => `${shortName(field(path))} = ${value}`);
  let fault = '';
  try {
    changedConfig(run, change);
  } catch (error) {
    fault = (error as Error).message;
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    travel.go('Branching', async () => {
      const from = await branchRun(run, step, change);
      return {
        text: `A new run goes on from ${from > 0 ? `step ${from}` : 'the start'} with ${words.join(', ')}. Press Play.`,
        undo: null,
      };
    });
  };
  const others = turns.filter((t) => !proposed.some((p) => p.turn === t));
  return (
    <form className="branch" onSubmit={submit}>
      {rows.map(({ turn, value, on }) => {
        const f = field(turn.path);
        return (
          <div key={turn.path} className="turn">
            <input
              id={`${id}${turn.path}`}
              type="checkbox"
              checked={on}
              onChange={(e) => setTicks({ ...ticks, [turn.path]: e.target.checked })}
            />
            <label htmlFor={`${id}${turn.path}`}>
              {f.label} {f.symbol && <i>{f.symbol}</i>}
            </label>
            <span className="quiet">{valueWord(f, turn.value)} →</span>
            {f.options ? (
              <span>{optionWord(value)}</span>
            ) : (
              <input
                className="number"
                aria-label={`${f.label} of the branch`}
                inputMode="decimal"
                value={value}
                aria-invalid={on && fault.includes(turn.path)}
                onChange={(e) => {
                  setEdits({ ...edits, [turn.path]: e.target.value });
                  setTicks({ ...ticks, [turn.path]: true });
                }}
              />
            )}
          </div>
        );
      })}
      {others.length > 0 && (
        <p className="quiet">
          {rows.length > 0 ? 'Or' : 'Try'}, at the left:{' '}
          {others.map((t, i) => (
            <span key={t.path}>
              {i > 0 && ', '}
              <Hint text={hintText(field(t.path))}>{field(t.path).label}</Hint> ({t.to})
            </span>
          ))}
          . That begins anew.
        </p>
      )}
      <Fault text={fault} />
      {rows.length > 0 && (
        <button type="submit" disabled={words.length === 0 || fault !== '' || travel.busy !== ''}>
          {words.length === 0 ? 'Tick a setting to branch' : `Branch from ${place} with ${words.join(', ')}`}
        </button>
      )}
    </form>
  );
}
