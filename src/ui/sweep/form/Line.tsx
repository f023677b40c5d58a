import { type ReactNode, useId } from 'react';
import { Hint } from '../../Hint';
import type { Written } from './useForm';

/** What parts of the form know of faults. */
export type Faults = Pick<Written, 'place' | 'checked'>;

/** The fault of a part of the specification; null without one. */
export const faultAt = ({ place, checked: { fault } }: Faults, part: string): string | null =>
  fault !== null && (place === part || place.startsWith(`${part}.`) || place.startsWith(`${part}[`)) ? fault : null;

interface LineProps {
  title: string;
  hint: string;
  fault?: string | null;
  children: ReactNode;
}

/** One line of the form: what it is about, its controls, what is wrong with it. */
export function Line({ title, hint, fault, children }: LineProps) {
  return (
    <fieldset className="form-line">
      <legend>
        <Hint text={hint}>{title}</Hint>
      </legend>
      <div className="form-controls">{children}</div>
      {fault && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
    </fieldset>
  );
}

interface EntryProps {
  label: string;
  /** Beside the entry; left out, it is named but not shown. */
  words?: ReactNode;
  after?: string;
  value: string;
  fault?: string | null;
  wide?: boolean;
  placeholder?: string;
  /** Takes the focus when it appears. */
  first?: boolean;
  onChange(text: string): void;
}

/** A number or a short list as it is typed. */
export function Entry({ label, words, after, value, fault, wide = false, placeholder, first = false, onChange }: EntryProps) {
  const id = useId();
  return (
    <span className="entry-box">
      {words && <label htmlFor={id}>{words}</label>}
      <input
        id={id}
        type="text"
        inputMode={wide ? 'text' : 'decimal'}
        className={`number ${wide ? 'wide' : ''}`}
        autoComplete="off"
        spellCheck={false}
        aria-label={label}
        // biome-ignore lint/a11y/noAutofocus: where its form opened at a press
        autoFocus={first}
        aria-invalid={Boolean(fault)}
        placeholder={placeholder}
        value={value}
        onChange={(e) => onChange(e.target.value)}
      />
      {after && <span className="quiet">{after}</span>}
    </span>
  );
}

interface PickProps<K extends string> {
  label: string;
  value: K;
  choices: readonly { kind: K; label: string }[];
  onChange(kind: K): void;
}

/** One of a few kinds. */
export function Pick<K extends string>({ label, value, choices, onChange }: PickProps<K>) {
  return (
    <select className="choice" aria-label={label} value={value} onChange={(e) => onChange(e.target.value as K)}>
      {choices.map(({ kind, label: words }) => (
        <option key={kind} value={kind}>
          {words}
        </option>
      ))}
    </select>
  );
}
