import { type KeyboardEvent, type RefObject, useRef, useState } from 'react';
import { useOutside } from '../useOutside';

/** What opens beside its button. */
export interface Popover {
  open: boolean;
  /** Around button and content. */
  place: RefObject<HTMLDivElement | null>;
  button: RefObject<HTMLButtonElement | null>;
  toggle(): void;
  /** Closes it and gives the focus back to its button. */
  close(): void;
  onKeyDown(event: KeyboardEvent): void;
}

/** Opens at a press; Escape, a press elsewhere or the focus elsewhere closes. */
export function usePopover(): Popover {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useOutside(open, place, setOpen);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return {
    open,
    place,
    button,
    toggle: () => setOpen(!open),
    close,
    onKeyDown(event) {
      if (!open || event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      close();
    },
  };
}
