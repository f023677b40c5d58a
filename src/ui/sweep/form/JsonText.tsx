import { useId } from 'react';
import { formStore, type } from './formStore';
import { useForm, type Written } from './useForm';

/** The specification as text; what is typed stays as it is, and what can be read of it is in the form, too. */
export function JsonText({ written: { base, json, checked, place } }: { written: Written }) {
  const typed = useForm((s) => s.typed);
  const [id, fault] = [useId(), useId()];
  const text = typed ?? json;
  return (
    <div className="json-text">
      <label htmlFor={id} className="quiet">
        Keys that are left out have defaults. The form shows the same sweep.
      </label>
      <textarea
        id={id}
        className="code"
        rows={Math.min(32, Math.max(16, text.split('\n').length + 1))}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={checked.fault !== null}
        aria-describedby={checked.fault ? fault : undefined}
        value={text}
        onChange={(e) => type(e.target.value, base)}
      />
      {checked.fault !== null && place !== '' && (
        <p id={fault} className="fault" role="alert">
          {checked.fault}
        </p>
      )}
      {typed !== null && checked.fault !== null && (
        <p>
          <button type="button" className="text quiet" onClick={() => formStore.setState({ typed: null })}>
            Back to what the form says
          </button>
        </p>
      )}
    </div>
  );
}
