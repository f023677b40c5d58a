import { type RefObject, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';

/** Where settings and views do not fit side by side; the style sheets use the same width. */
const NARROW = '(max-width: 900px)';

function subscribe(changed: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** The settings as a sheet over the page, as on phones. */
export interface Sheet {
  /** It lies over the page: what is below must not be reached. */
  open: boolean;
  settings: RefObject<HTMLElement | null>;
  show(): void;
  hide(): void;
  /** Puts the focus into the search box, wherever the settings are. */
  search(): void;
}

/** Opens at a press or for a search; Escape puts it away and gives the focus back. */
export function useSheet(): Sheet {
  const narrow = useSyncExternalStore(subscribe, () => matchMedia(NARROW).matches);
  const [asked, setAsked] = useState<'' | '.close' | 'input[type=search]'>('');
  const settings = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  const open = narrow && asked !== '';
  const focusOn = useCallback((what: string) => settings.current?.querySelector<HTMLElement>(what)?.focus(), []);
  const ask = useCallback((what: typeof asked) => {
    before.current = document.activeElement;
    setAsked(what);
  }, []);
  const hide = useCallback(() => setAsked(''), []);
  useEffect(() => {
    if (!open) return;
    focusOn(asked);
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      setAsked('');
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
      const to = before.current;
      if (to instanceof HTMLElement && to.isConnected && to !== document.body) to.focus();
    };
  }, [open, asked, focusOn]);
  const search = useCallback(() => {
    if (narrow) ask('input[type=search]');
    else focusOn('input[type=search]');
  }, [narrow, ask, focusOn]);
  return { open, settings, show: () => ask('.close'), hide, search };
}
