import { type RefObject, useEffect } from 'react';

/** While `open`: a press or the focus outside of `place` calls `leave`. `leave` must stay the same function, as a state's setter does. */
export function useOutside(open: boolean, place: RefObject<HTMLElement | null>, leave: (open: false) => void): void {
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => !place.current?.contains(event.target as Node) && leave(false);
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open, place, leave]);
}
