import { type KeyboardEvent, useEffect, useRef } from 'react';
import { attempt, describe } from '../../store/kept';
import './runRow.css';

interface Props {
  id: string;
  name: string;
  /** Called when the name was taken or left as it was; `byKey`: the focus is to go back to the row. */
  done(byKey: boolean): void;
}

/** The name being written: Enter takes it, Escape leaves the old one. */
export function NameField({ id, name, done }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const over = useRef(false);
  useEffect(() => field.current?.select(), []);
  const end = (take: boolean, byKey: boolean) => {
    if (over.current) return;
    over.current = true;
    const text = field.current?.value.trim() ?? '';
    if (take && text !== name) void attempt(`"${name}" keeps its name`, () => describe(id, { name: text }));
    done(byKey);
  };
  const onKey = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    end(event.key === 'Enter', true);
  };
  return (
    <input
      ref={field}
      className="name-field"
      type="text"
      aria-label={`Name of "${name}"`}
      defaultValue={name}
      maxLength={200}
      onKeyDown={onKey}
      onBlur={() => end(true, false)}
    />
  );
}
