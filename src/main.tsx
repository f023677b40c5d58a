import { createRoot } from 'react-dom/client';
import { startClient } from './host/client';
import { connect, disconnect, lab, linkText, openLink } from './store/lab';
import { App } from './ui/App';
import { download } from './ui/download';

/** At the next frame; soon, when the page is hidden and has no frames. */
const schedule = (flush: () => void) => void (document.hidden ? setTimeout(flush, 200) : requestAnimationFrame(flush));

/**
 * Draws the page and opens the run that the URL describes. `baseUrl`: the address under which `public/` files lie;
 * `backend`: auto, webgpu or cpu.
 * @returns takes everything down again
 */
export function mount(place: HTMLElement, baseUrl: string, backend = 'auto'): () => void {
  const events = new AbortController();
  connect({ startClient: (onEvent) => startClient(baseUrl, onEvent), schedule, download }, location.hash, backend);
  let shown = '';
  const stop = lab.subscribe((state) => {
    const text = linkText(state);
    if (text !== shown) history.replaceState(history.state, '', `#${text}`);
    shown = text;
  });
  window.addEventListener('hashchange', () => openLink(location.hash), events);
  const root = createRoot(place);
  root.render(<App />);
  return () => {
    events.abort();
    stop();
    root.unmount();
    disconnect();
  };
}

const place = document.getElementById('root');
if (place) mount(place, document.baseURI, new URLSearchParams(location.search).get('backend') ?? 'auto');
