import { useEffect, useMemo, useRef, useState } from 'react';
import { field, getValue } from '../../../config/fields';
import { PRESETS } from '../../../config/presets';
import { lab } from '../../../store/lab';
import { startSweep } from '../../../store/sweep';
import { specJson } from '../../../sweep/spec';
import { METHOD, type SweepSpec } from '../../../sweep/types';
import { shortName, valueText } from '../../fields/words';
import { Panel } from '../../Panel';
import { sweepPage } from '../useSweep';
import { plural } from '../words';
import { BudgetLine, MoreLines, ObjectiveLine, PrunerLine, SamplerLine, SeedsLine } from './Choices';
import { type Base, type FieldDraft, newField } from './draft';
import { FieldFinder } from './FieldFinder';
import { FieldLine } from './FieldLine';
import { edit, formStore } from './formStore';
import { JsonText } from './JsonText';
import { faultAt } from './Line';
import { cautions, planOf, planText } from './plan';
import { useForm, useWritten, type Written } from './useForm';

const HINT =
  'Choose what varies; everything else stays as the lab is set. Every combination is trained with every seed, many of them side by side, and is kept in this browser.';

/** Presets and changes in words. */
export function baseWords({ presets, changes }: Base): string {
  const labels = PRESETS.filter((p) => presets.includes(p.name)).map((p) => p.label);
  const own = Object.entries(changes).map(([path, value]) => `${shortName(field(path))} ${valueText(value)}`);
  return [...labels, ...own.slice(0, 4), ...(own.length > 4 ? [`+${own.length - 4}`] : [])].join(' · ');
}

function Fields({ written }: { written: Written }) {
  const fields = useForm((s) => s.draft.fields);
  const list = useRef<HTMLUListElement>(null);
  const set = (next: readonly FieldDraft[]) => edit({ fields: next });
  const add = (path: string) => {
    const { config } = lab.getState();
    const now = path === METHOD ? '' : getValue(config, path);
    set([...fields, newField(path, now, ['grpo', 'mcpo-grpo'])]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('li:last-child .form-controls input')?.focus());
  };
  return (
    <div className="swept-fields">
      <ul ref={list} aria-label="Swept fields">
        {fields.map((draft, i) => (
          <FieldLine
            key={draft.field}
            draft={draft}
            place={i}
            faults={written}
            onChange={(next) => set(fields.map((f, j) => (j === i ? next : f)))}
            onRemove={() => set(fields.filter((_, j) => j !== i))}
          />
        ))}
      </ul>
      <FieldFinder taken={fields.map((f) => f.field)} onAdd={add} />
    </div>
  );
}

function BaseLine({ base }: { base: Base }) {
  const own = useForm((s) => s.draft.base);
  return (
    <p className="base-line quiet">
      {own ? 'All trials: ' : 'Everything else as the lab is set: '}
      {baseWords(own ?? base)}
      {own && (
        <>
          {' '}
          <button type="button" className="text" onClick={() => edit({ base: null })}>
            As the lab is set
          </button>
        </>
      )}
    </p>
  );
}

/** Copies the specification with the command that runs it. */
function Command({ spec }: { spec: SweepSpec | null }) {
  const [said, setSaid] = useState('');
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(''), 3000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    if (!spec) return;
    const text = `cat > spec.json <<'END'\n${specJson(spec)}END\nnpx mcpo-lab sweep spec.json\n`;
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
      setShown(null);
    } catch {
      setShown(text);
    }
  };
  return (
    <>
      <button type="button" disabled={!spec} title="Writes spec.json and runs: npx mcpo-lab sweep spec.json" onClick={copy}>
        Copy as CLI command
      </button>
      <span className="quiet" role="status">
        {said}
      </span>
      {shown !== null && (
        <textarea
          className="code"
          rows={6}
          readOnly
          aria-label="CLI command, to be copied"
          value={shown}
          ref={(area) => area?.select()}
        />
      )}
    </>
  );
}

/** What it comes to, what may surprise, and the start. */
function End({ written: { checked, place } }: { written: Written }) {
  const empty = useForm((s) => s.draft.fields.length === 0 && s.typed === null);
  const { spec, fault } = checked;
  const plan = useMemo(() => spec && planOf(spec), [spec]);
  const general = fault !== null && place === '' && !empty;
  return (
    <div className="form-end">
      <p className="plan" aria-live="polite">
        {empty ? 'Add a field to sweep.' : spec && plan ? planText(spec, plan) : 'Not yet: something above is missing or wrong.'}
      </p>
      {general && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      {spec && plan && cautions(spec, plan).length > 0 && (
        <ul className="cautions">
          {cautions(spec, plan).map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      <div className="form-acts">
        <button
          type="button"
          className="primary"
          disabled={!spec}
          onClick={() => {
            if (!spec) return;
            sweepPage.setState({ form: false, state: null });
            void startSweep(spec);
          }}
        >
          {plan?.trials ? `Start ${plural(plan.trials, 'trial')}` : 'Start the sweep'}
        </button>
        <Command spec={spec} />
      </div>
    </div>
  );
}

/** A sweep of one's own: as a form, or as JSON. */
export function SweepForm() {
  const tab = useForm((s) => s.tab);
  const written = useWritten();
  const { locked, checked, base } = written;
  return (
    <Panel
      name="sweep-form"
      title="Your own sweep"
      hint={HINT}
      aside={
        <fieldset className="segments small" aria-label="Write the sweep as">
          {(['form', 'json'] as const).map((kind) => (
            <label key={kind}>
              <input type="radio" name="sweep.form" checked={tab === kind} onChange={() => formStore.setState({ tab: kind })} />
              <span>{kind === 'form' ? 'Form' : 'JSON'}</span>
            </label>
          ))}
        </fieldset>
      }
    >
      {tab === 'json' ? (
        <JsonText written={written} />
      ) : (
        <>
          {locked && (
            <p className="locked">
              The JSON as it was typed cannot be read: {checked.fault}. The form waits for it.{' '}
              <button type="button" className="text" onClick={() => formStore.setState({ tab: 'json' })}>
                Correct it
              </button>{' '}
              <button type="button" className="text" onClick={() => formStore.setState({ typed: null })}>
                Drop what was typed
              </button>
            </p>
          )}
          <div className="form-body" inert={locked}>
            <Fields written={written} />
            <BaseLine base={base} />
            {['presets', 'changes']
              .map((part) => faultAt(written, part))
              .map(
                (fault) =>
                  fault && (
                    <p key={fault} className="fault" role="alert">
                      {fault}
                    </p>
                  ),
              )}
            <div className="form-lines">
              <SeedsLine faults={written} />
              <ObjectiveLine faults={written} />
              <SamplerLine faults={written} />
              <PrunerLine faults={written} />
              <BudgetLine faults={written} />
            </div>
            <MoreLines faults={written} />
          </div>
        </>
      )}
      <End written={written} />
    </Panel>
  );
}
