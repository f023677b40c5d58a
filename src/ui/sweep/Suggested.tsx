import { useMemo } from 'react';
import { startSweep } from '../../store/sweep';
import { type Suggestion, suggested } from '../../sweep/suggested';
import { Panel } from '../Panel';
import { type Base, draftOf, NEW } from './form/draft';
import { formStore } from './form/formStore';
import { planOf } from './form/plan';
import { baseWords } from './form/SweepForm';
import { useBase } from './form/useForm';
import { sweepPage } from './useSweep';
import { fieldName, fieldRange, plural } from './words';

const HINT =
  'Each asks one question about the method and size that the lab is set to, over several seeds. A press starts it; training in the lab pauses meanwhile.';

/** Puts a suggestion into the form, to be changed. */
function take({ spec }: Suggestion, base: Base): void {
  formStore.setState({ draft: draftOf(spec, NEW, base), typed: null, tab: 'form' });
  requestAnimationFrame(() => document.querySelector('.sweep-form')?.scrollIntoView({ block: 'start' }));
}

function Card({ suggestion, base }: { suggestion: Suggestion; base: Base }) {
  const { name, why, spec } = suggestion;
  const plan = planOf(spec);
  return (
    <li className="card">
      <h3>{name}</h3>
      <p>{why}</p>
      <p className="quiet">
        {spec.fields.map((f) => (
          <span key={f.field} className="card-field">
            {fieldName(f.field)}: {fieldRange(f)}
          </span>
        ))}
        <span className="card-field">
          {plan.trials !== null && plural(plan.trials, 'trial')}
          {plan.steps !== null && `, about ${plural(plan.steps, 'step')}`}
        </span>
      </p>
      <div className="card-acts">
        <button
          type="button"
          aria-label={`Start ${name}`}
          onClick={() => {
            sweepPage.setState({ form: false, state: null });
            void startSweep(spec);
          }}
        >
          Start
        </button>
        <button type="button" className="text quiet" aria-label={`Change first: ${name}`} onClick={() => take(suggestion, base)}>
          Change first
        </button>
      </div>
    </li>
  );
}

/** Sweeps worth a press. */
export function Suggested() {
  const base = useBase();
  const all = useMemo(() => {
    try {
      return suggested(base.presets, base.changes);
    } catch {
      return [];
    }
  }, [base]);
  return (
    <Panel name="suggested" title="Suggested sweeps" hint={HINT} aside={baseWords(base)}>
      {all.length ? (
        <ul className="cards">
          {all.map((s) => (
            <Card key={s.name} suggestion={s} base={base} />
          ))}
        </ul>
      ) : (
        <p className="empty">The lab’s settings leave none of them a question to ask.</p>
      )}
    </Panel>
  );
}
