import { lab } from '../store/lab';
import { linkText, lookAsIn, openLink } from '../store/opening';
import type { LabState } from '../store/state';
import { play } from '../store/transport';

/** Least time between two changes of the address bar, milliseconds: browsers refuse more than some hundred in half a minute. */
const EVERY = 400;

/** The tab's history holds for each entry which link its experiment came with. */
const numberOf = (state: unknown): number | null => {
  const link = (state as { link?: unknown } | null)?.link;
  return typeof link === 'number' ? link : null;
};

/** Opens a link; one that leaves out the transport trains by itself, as nobody could press Play. */
export function openAddress(link: string): void {
  openLink(link);
  if (lab.getState().hidden.includes('transport')) play();
}

/**
 * Keeps address bar and page together from now on. What the page shows is written into the present entry of the tab's history; each view
 * that is opened gets an entry of its own. Going back to such an entry only looks elsewhere; a pasted link, or an entry from before one,
 * is opened, and what trains goes on unless the experiment differs.
 * @returns stops that, with what is still to be written
 */
export function followAddress(): () => void {
  let { view } = lab.getState();
  let link = numberOf(history.state) ?? 0;
  let shown: string | null = null;
  let written = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let arriving = false;

  const put = (text: string, method: 'pushState' | 'replaceState') => {
    shown = text;
    written = performance.now();
    try {
      history[method]({ link }, '', `#${text}`);
    } catch {
      // Too many changes for this browser: the next one tries again.
      shown = null;
    }
  };
  const writeAs = (state: LabState) => {
    clearTimeout(timer);
    timer = undefined;
    const text = linkText(state);
    if (text !== shown) put(text, 'replaceState');
  };
  const write = () => writeAs(lab.getState());
  const stop = lab.subscribe((state, before) => {
    if (arriving) return;
    if (state.view !== view) {
      ({ view } = state);
      // The entry that is left keeps what was last seen there.
      writeAs(before);
      put(linkText(state), 'pushState');
    } else timer ??= setTimeout(write, Math.max(0, written + EVERY - performance.now()));
  });
  const onPop = ({ state }: PopStateEvent) => {
    const number = numberOf(state);
    arriving = true;
    if (number === link) lookAsIn(location.hash);
    else {
      link = number ?? link + 1;
      openAddress(location.hash);
    }
    arriving = false;
    ({ view } = lab.getState());
    shown = null;
    write();
  };
  write();
  const events = new AbortController();
  window.addEventListener('popstate', onPop, events);
  window.addEventListener('pagehide', write, events);
  return () => {
    stop();
    events.abort();
    clearTimeout(timer);
  };
}
