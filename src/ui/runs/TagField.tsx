import { type KeyboardEvent, useRef } from 'react';
import { attempt, describe } from '../../store/kept';
import './tags.css';

/** A run's tags: each with a button that takes it away, and a field for more. */
export function TagField({ id, tags, known }: { id: string; tags: readonly string[]; known: readonly string[] }) {
  const field = useRef<HTMLInputElement>(null);
  const set = (next: string[]) => void attempt('The tags stay as they are', () => describe(id, { tags: next }));
  const add = () => {
    const text = field.current?.value.trim() ?? '';
    if (field.current) field.current.value = '';
    if (text && !tags.includes(text)) set([...tags, text]);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ',') add();
    else if (event.key === 'Backspace' && !field.current?.value && tags.length) set(tags.slice(0, -1));
    else return;
    event.preventDefault();
  };
  return (
    <div className="tag-field">
      {tags.map((tag) => (
        <span className="tag" key={tag}>
          {tag}
          <button
            type="button"
            className="text"
            aria-label={`Remove tag ${tag}`}
            onClick={() => set(tags.filter((t) => t !== tag))}
          >
            ×
          </button>
        </span>
      ))}
      <input
        ref={field}
        type="text"
        aria-label="Add a tag"
        placeholder="Add a tag"
        list={`tags-${id}`}
        maxLength={40}
        onKeyDown={onKey}
        onBlur={add}
      />
      <datalist id={`tags-${id}`}>
        {known
          .filter((t) => !tags.includes(t))
          .map((t) => (
            <option key={t} value={t} />
          ))}
      </datalist>
    </div>
  );
}
