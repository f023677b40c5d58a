import { useSyncExternalStore } from 'react';
import { DARK, LIGHT, type Palette } from '../charts/palette';

let query: MediaQueryList | undefined;
const dark = () => (query ??= matchMedia('(prefers-color-scheme: dark)'));

function subscribe(changed: () => void): () => void {
  dark().addEventListener('change', changed);
  return () => dark().removeEventListener('change', changed);
}

/** The colours of the system's scheme. */
export const usePalette = (): Palette => useSyncExternalStore(subscribe, () => (dark().matches ? DARK : LIGHT));
