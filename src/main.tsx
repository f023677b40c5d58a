import { createRoot } from 'react-dom/client';
import { startClient } from './host/client';
import { publicReader } from './host/publicFile';
import { connect, disconnect, keep, lab, linkText, openLink } from './store/lab';
import { startLibrary, stopLibrary, type TabMemory } from './store/library';
import { complain } from './store/look';
import { App } from './ui/App';
import { download } from './ui/download';

/** At the next frame; soon, when the page is hidden and has no frames. */
const schedule = (flush: () => void) => void (document.hidden ? setTimeout(flush, 200) : requestAnimationFrame(flush));

/** What this tab was doing, over a reload; without storage, nothing. */
const tabMemory: TabMemory = {
  read() {
    try {
      return sessionStorage.getItem('mcpo-lab');
    } catch {
      return null;
    }
  },
  write(text) {
    try {
      sessionStorage.setItem('mcpo-lab', text);
    } catch {
      // A reload then begins anew.
    }
  },
};

/**
 * Draws the page and opens the run that the URL describes. `baseUrl`: the address under which `public/` files lie;
 * `backend`: auto, webgpu or cpu.
 * @returns takes everything down again
 */
export function mount(place: HTMLElement, baseUrl: string, backend = 'auto'): () => void {
  const events = new AbortController();
  const link = location.hash;
  /** Link in the address bar; null until the page has read the one that it was opened with. */
  let shown: string | null = null;
  connect(
    { startClient: (onEvent) => startClient(baseUrl, onEvent), schedule, download, readPublic: publicReader(baseUrl) },
    null,
    backend,
  );
  startLibrary(tabMemory, link)
    .catch((error: Error) => ({ resumed: false, notice: `Runs are not kept: ${error.message}` }))
    .then(({ resumed, notice }) => {
      shown = linkText(lab.getState());
      if (!resumed) openLink(link);
      if (notice) complain(notice);
    });
  const stop = lab.subscribe((state) => {
    if (shown === null) return;
    const text = linkText(state);
    if (text !== shown) history.replaceState(history.state, '', `#${text}`);
    shown = text;
  });
  // What is reached is kept before the page may go.
  document.addEventListener('visibilitychange', () => document.hidden && keep(), events);
  window.addEventListener('hashchange', () => openLink(location.hash), events);
  const root = createRoot(place);
  root.render(<App />);
  return () => {
    events.abort();
    stop();
    root.unmount();
    disconnect();
    void stopLibrary();
  };
}

const place = document.getElementById('root');
if (place) mount(place, document.baseURI, new URLSearchParams(location.search).get('backend') ?? 'auto');
