import { type KeyboardEvent, useEffect, useRef } from 'react';

interface Props {
  name: string;
  /** Called with the new name, or null where the old one stays. */
  done(name: string | null): void;
}

/** The name being written: Enter takes it, Escape leaves the old one. */
export function NameEdit({ name, done }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const over = useRef(false);
  useEffect(() => field.current?.select(), []);
  const end = (take: boolean) => {
    if (over.current) return;
    over.current = true;
    const text = field.current?.value.trim() ?? '';
    done(take && text && text !== name ? text : null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    end(event.key === 'Enter');
  };
  return (
    <input
      ref={field}
      className="sweep-name-field"
      type="text"
      aria-label={`Name of "${name}"`}
      defaultValue={name}
      maxLength={200}
      onKeyDown={onKeyDown}
      onBlur={() => end(true)}
    />
  );
}

/** A pencil. */
export const Pencil = () => (
  <svg viewBox="0 0 14 14" aria-hidden="true">
    <path d="M2 12l.6-2.8L9.8 2 12 4.2 4.8 11.4z" fill="none" stroke="currentColor" strokeWidth="1.3" />
  </svg>
);
