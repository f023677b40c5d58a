import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import './menu.css';
import { useOutside } from './useOutside';

/** One thing that a menu does. */
export interface MenuItem {
  label: string;
  /** Beside the label. */
  hint?: string;
  disabled?: boolean;
  act(): void;
}

interface Props {
  /** What the button shows. */
  children: ReactNode;
  /** Its name where it shows no words. */
  label?: string;
  title?: string;
  className?: string;
  disabled?: boolean;
  items: readonly MenuItem[];
  /** Under the items. */
  note?: string;
}

const focusItem = (list: HTMLElement | null, move: (at: number, count: number) => number) => {
  const items = [...(list?.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)') ?? [])];
  items[move(items.indexOf(document.activeElement as HTMLElement), items.length)]?.focus();
};

/** A button with a menu: arrow keys move, Enter acts, Escape closes. */
export function Menu({ children, label, title, className = '', disabled = false, items, note }: Props) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (open) focusItem(list.current, () => 0);
  }, [open]);
  useOutside(open, place, setOpen);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    const { key } = event;
    if (!open && key === 'ArrowDown') setOpen(true);
    else if (!open) return;
    else if (key === 'Escape') close();
    else if (key === 'ArrowDown') focusItem(list.current, (at, n) => (at + 1) % n);
    else if (key === 'ArrowUp') focusItem(list.current, (at, n) => (at - 1 + n) % n);
    else if (key === 'Home') focusItem(list.current, () => 0);
    else if (key === 'End') focusItem(list.current, (_, n) => n - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its button and its items are what has the focus
    <div className={`menu ${className}`} ref={place} onKeyDown={onKey}>
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={label}
        title={title}
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && (
        <div className="menu-list">
          <div role="menu" id={id} ref={list} aria-label={label ?? title}>
            {items.map((item) => (
              <button
                key={item.label}
                type="button"
                role="menuitem"
                tabIndex={-1}
                disabled={item.disabled}
                onClick={() => {
                  close();
                  item.act();
                }}
              >
                {item.label}
                {item.hint && <span className="quiet">{item.hint}</span>}
              </button>
            ))}
          </div>
          {note && <p className="caption">{note}</p>}
        </div>
      )}
    </div>
  );
}
