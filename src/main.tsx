import { createRoot } from 'react-dom/client';
import { startClient } from './host/client';
import { publicReader } from './host/publicFile';
import { disconnect, keep } from './store/engine';
import { startLibrary, stopLibrary, type TabMemory } from './store/library';
import { complain } from './store/look';
import { connect } from './store/opening';
import { BACKENDS } from './store/state';
import { bindSweeps, readSweepMemory } from './store/sweepPage';
import { App } from './ui/App';
import { followAddress, openAddress } from './ui/address';
import { download } from './ui/download';

/** At the next frame; soon, where there is none because the page is hidden. */
function schedule(flush: () => void): void {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    flush();
  };
  const timer = setTimeout(once, 200);
  requestAnimationFrame(once);
}

/** What this tab was doing, over a reload; without storage, nothing. */
const tabMemory = (key: string): TabMemory => ({
  read() {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  },
  write(text) {
    try {
      sessionStorage.setItem(key, text);
    } catch {
      // A reload then begins anew.
    }
  },
});

/**
 * Draws the page and opens the run that the URL describes. `baseUrl`: the address under which `public/` files lie;
 * `backend`: auto, webgpu or cpu.
 * @returns takes everything down again
 */
export function mount(place: HTMLElement, baseUrl: string, backend = 'auto'): () => void {
  const events = new AbortController();
  const link = location.hash;
  /** Empty until the page has read the link that it was opened with. */
  let unfollow = () => {};
  connect(
    { startClient: (onEvent) => startClient(baseUrl, onEvent), schedule, download, readPublic: publicReader(baseUrl) },
    null,
    backend,
  );
  startLibrary(tabMemory('mcpo-lab'), link)
    .catch((error: Error) => ({ resumed: false, notice: `Runs are not kept: ${error.message}` }))
    .then(({ resumed, notice }) => {
      if (events.signal.aborted) return;
      if (!resumed) openAddress(link);
      if (notice) complain(notice);
      if (!BACKENDS.some((b) => b === backend)) complain(`unknown backend: ${backend} (one of ${BACKENDS.join(', ')})`);
      unfollow = followAddress();
    });
  const memory = tabMemory('mcpo-lab-sweep');
  bindSweeps({ baseUrl, memory });
  // A sweep that was running goes on, whichever view is open.
  if (readSweepMemory({ memory })?.running)
    import('./store/sweep').catch((error: Error) => complain(`The sweep could not go on: ${error.message}`));
  // What is reached is kept before the page may go.
  document.addEventListener('visibilitychange', () => document.hidden && keep(), events);
  const root = createRoot(place);
  root.render(<App />);
  return () => {
    events.abort();
    unfollow();
    root.unmount();
    disconnect();
    bindSweeps(null);
    void stopLibrary();
  };
}

const place = document.getElementById('root');
if (place) mount(place, document.baseURI, new URLSearchParams(location.search).get('backend') ?? 'auto');
