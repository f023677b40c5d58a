import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { isTyping } from '../typing';

/** `/` puts the cursor into an input that can be seen. */
function useSlash(input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent | globalThis.KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (!input.current?.checkVisibility()) return;
      input.current.focus();
      input.current.select();
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [input]);
}

interface Props {
  query: string;
  onlyChanged: boolean;
  /** How many fields are changed, and how many are shown; null while all are. */
  changed: number;
  shown: number | null;
  onQuery(query: string): void;
  onOnlyChanged(only: boolean): void;
  /** Enter in the search box. */
  onEnter(): void;
  /** The title. */
  children: ReactNode;
}

/** Finds fields among many. */
export function Finder({ query, onlyChanged, changed, shown, onQuery, onOnlyChanged, onEnter, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useSlash(input);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onEnter();
    else if (event.key === 'Escape' && query) onQuery('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className="finder">
      {children}
      <label className="only">
        <input type="checkbox" checked={onlyChanged} onChange={(e) => onOnlyChanged(e.target.checked)} />
        Only changed{changed > 0 && ` (${changed})`}
      </label>
      <div className="find">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path
            d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.4 10.4 14 14"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
          />
        </svg>
        <input
          ref={input}
          type="search"
          aria-label="Find a field"
          aria-keyshortcuts="/"
          placeholder="Find a field: clip, ε, τ"
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(e) => onQuery(e.target.value)}
          onKeyDown={onKeyDown}
        />
        {shown === null && (
          <span className="key" aria-hidden="true">
            /
          </span>
        )}
        <span className="found" role="status">
          {shown === null ? '' : shown === 1 ? '1 field' : `${shown} fields`}
        </span>
      </div>
    </search>
  );
}
