import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { FIELDS } from '../../../config/fields';
import { METHOD } from '../../../sweep/types';
import { found, matches } from '../../fields/search';
import { useOutside } from '../../useOutside';
import { fieldHelp, fieldTitle } from '../words';

/** Offered before anything is typed. */
const OFTEN = [METHOD, 'contrast.lambda', 'contrast.tau', 'optimizer.lr', 'tasks.relatedness', 'rollout.prompts', 'policy.width'];
const MOST = 9;

/** Fields that a query finds, those with its words in their names first. */
function candidates(query: string, taken: readonly string[]): string[] {
  const free = (path: string) => path !== 'seed' && !taken.includes(path);
  if (!query.trim()) return OFTEN.filter(free);
  const hits = FIELDS.filter((f) => free(f.path) && matches(f, query)).map((f) => f.path);
  const named = hits.filter((path) => found(query, `${fieldTitle(path)} ${path}`));
  const method = free(METHOD) && found(query, 'Method') ? [METHOD] : [];
  return [...new Set([...method, ...named, ...hits])].slice(0, MOST);
}

/** Finds a field to sweep: type, arrow keys, Enter. */
export function FieldFinder({ taken, onAdd }: { taken: readonly string[]; onAdd(path: string): void }) {
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const place = useRef<HTMLDivElement>(null);
  const id = useId();
  useOutside(open, place, setOpen);
  const all = open ? candidates(query, taken) : [];
  const add = (path: string) => {
    onAdd(path);
    setQuery('');
    setOpen(false);
    setAt(0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      setOpen(true);
      if (all.length) setAt((at + (key === 'ArrowDown' ? (open ? 1 : 0) : all.length - 1)) % all.length);
    } else if (key === 'Enter' && all[at]) add(all[at]);
    else if (key === 'Escape' && (open || query)) {
      setOpen(false);
      setQuery('');
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="field-finder" ref={place}>
      <input
        type="search"
        role="combobox"
        aria-label="Add a field to sweep"
        aria-expanded={open && all.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={all[at] ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder="Add a field: λ, temperature, width, method"
        value={query}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onChange={(e) => {
          setQuery(e.target.value);
          setOpen(true);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {open && query.trim() !== '' && all.length === 0 && (
        <p className="quiet" role="status">
          No field has these words.
        </p>
      )}
      <div role="listbox" id={`${id}-list`} aria-label="Fields" hidden={!open || all.length === 0}>
        {all.map((path, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div
            key={path}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === at}
            title={fieldHelp(path)}
            onPointerEnter={() => setAt(i)}
            onPointerDown={(e) => e.preventDefault()}
            onClick={() => add(path)}
          >
            {fieldTitle(path)} <span className="quiet">{path}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
