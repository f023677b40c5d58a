import { useId } from 'react';
import { Row } from './Row';
import { useField } from './useField';
import { optionWord, valueText } from './words';

interface Props {
  path: string;
}

/** A switch. */
export function SwitchField({ path }: Props) {
  const state = useField(path);
  const faultId = useId();
  return (
    <Row state={state} faultId={faultId}>
      <input
        type="checkbox"
        role="switch"
        className="switch"
        aria-label={state.field.label}
        aria-checked={state.value === true}
        aria-describedby={state.fault ? faultId : undefined}
        checked={state.value === true}
        onChange={(e) => state.commit(String(e.target.checked))}
      />
    </Row>
  );
}

/** One of a few options: side by side up to three short ones, a list beyond. */
export function ChoiceField({ path }: Props) {
  const state = useField(path);
  const [faultId, group] = [useId(), useId()];
  const { label, options = [] } = state.field;
  const words = options.map(optionWord);
  const segments = options.length <= 3 && words.join('').length <= 24;
  return (
    <Row state={state} faultId={faultId}>
      {segments ? (
        <div className="segments" role="radiogroup" aria-label={label} aria-describedby={state.fault ? faultId : undefined}>
          {options.map((option, i) => (
            <label key={option}>
              <input type="radio" name={group} checked={state.value === option} onChange={() => state.commit(option)} />
              <span>{words[i]}</span>
            </label>
          ))}
        </div>
      ) : (
        <select
          className="choice"
          aria-label={label}
          aria-describedby={state.fault ? faultId : undefined}
          value={String(state.value)}
          onChange={(e) => state.commit(e.target.value)}
        >
          {options.map((option, i) => (
            <option key={option} value={option}>
              {words[i]}
            </option>
          ))}
        </select>
      )}
    </Row>
  );
}

/** Free text. */
export function TextField({ path }: Props) {
  const state = useField(path);
  const faultId = useId();
  return (
    <Row state={state} faultId={faultId} wide={<TextEntry state={state} faultId={faultId} />}>
      {null}
    </Row>
  );
}

/** A line of text that is committed on Enter or on leaving it. */
export function TextEntry({ state, faultId }: { state: ReturnType<typeof useField>; faultId: string }) {
  return (
    <span className="entry long" data-pending={state.pending || undefined}>
      <input
        type="text"
        autoComplete="off"
        spellCheck={false}
        aria-label={state.field.label}
        aria-invalid={state.fault !== null}
        aria-describedby={state.fault ? faultId : undefined}
        value={state.text}
        onChange={(e) => state.edit(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === 'Enter') state.commit();
          else if (e.key === 'Escape' && state.text !== valueText(state.value)) {
            state.revert();
            e.stopPropagation();
          }
        }}
        onBlur={() => state.commit()}
      />
    </span>
  );
}
