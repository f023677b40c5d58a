import { type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';

/** A term with its explanation, shown on hover, focus or touch. */
export function Hint({ children, text }: { children: ReactNode; text: string }) {
  const [open, setOpen] = useState(false);
  const term = useRef<HTMLButtonElement>(null);
  const note = useRef<HTMLSpanElement>(null);
  const id = useId();

  useLayoutEffect(() => {
    if (!open || !term.current || !note.current) return;
    const { left, bottom, top } = term.current.getBoundingClientRect();
    const { width, height } = note.current.getBoundingClientRect();
    const room = document.documentElement.clientWidth - width - 8;
    const below = bottom + 6 + height < window.innerHeight;
    note.current.style.left = `${Math.max(8, Math.min(left, room))}px`;
    note.current.style.top = `${below ? bottom + 6 : top - height - 6}px`;
  }, [open]);

  useEffect(() => {
    if (!open) return;
    const close = () => setOpen(false);
    window.addEventListener('scroll', close, { passive: true });
    window.addEventListener('pointerdown', close);
    return () => {
      window.removeEventListener('scroll', close);
      window.removeEventListener('pointerdown', close);
    };
  }, [open]);

  return (
    <>
      <button
        ref={term}
        type="button"
        className="term"
        aria-describedby={id}
        onPointerEnter={() => setOpen(true)}
        onPointerLeave={() => setOpen(false)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={() => setOpen(true)}
        onKeyDown={(e) => e.key === 'Escape' && setOpen(false)}
      >
        {children}
      </button>
      <span ref={note} id={id} role="tooltip" className="note" hidden={!open}>
        {text}
      </span>
    </>
  );
}
