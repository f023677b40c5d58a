import { type FormEvent, useState } from 'react';
import { orderSweep } from '../../../store/sweep';
import { parseBudget } from '../../../sweep/spec';
import type { Budget, SweepState } from '../../../sweep/types';
import { Entry } from '../form/Line';
import { plural } from '../words';

const PARTS = ['trials', 'steps', 'minutes'] as const;
const noun = { trials: 'trial', steps: 'step', minutes: 'minute' } as const;

/** A budget in words: `64 trials`, `no bound`. */
export function budgetText(budget: Budget): string {
  const words = PARTS.flatMap((part) => (budget[part] === undefined ? [] : [plural(budget[part], noun[part])]));
  return words.join(', ') || 'the whole grid';
}

/** Changes the budget of the sweep on the page, while it runs too. */
export function BudgetEdit({ state, done }: { state: SweepState; done(): void }) {
  const [typed, setTyped] = useState(() =>
    Object.fromEntries(PARTS.map((p) => [p, state.budget[p] === undefined ? '' : String(state.budget[p])])),
  );
  const [fault, setFault] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { kind } = state.spec.sampler;
    try {
      const input = Object.fromEntries(PARTS.flatMap((p) => (typed[p].trim() ? [[p, Number(typed[p])]] : [])));
      const budget = parseBudget(input, kind === 'grid' ? null : kind);
      orderSweep({ kind: 'budget', budget });
      done();
    } catch (error) {
      setFault((error as Error).message);
    }
  };
  return (
    <form className="bar-form" aria-label="Budget" onSubmit={submit}>
      {PARTS.map((part, i) => (
        <Entry
          key={part}
          label={`At most so many ${part}`}
          after={part}
          placeholder="any"
          first={i === 0}
          value={typed[part]}
          onChange={(text) => setTyped({ ...typed, [part]: text })}
        />
      ))}
      <button type="submit">Change the budget</button>
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
