import { useSyncExternalStore } from 'react';
import { DARK, LIGHT, type Palette } from '../charts/palette';

const dark = () => matchMedia('(prefers-color-scheme: dark)');

function subscribe(changed: () => void): () => void {
  const query = dark();
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** The colours of the system's scheme. */
export const usePalette = (): Palette => useSyncExternalStore(subscribe, () => (dark().matches ? DARK : LIGHT));
