import type { ReadPublic } from './base';

/** Reads shipped files that lie under `base`, an address; null for a path where there is none. */
export const publicReader =
  (base: string | URL): ReadPublic =>
  async (path) => {
    const response = await fetch(new URL(path, base));
    // A development server answers an unknown path with the page itself.
    const found = response.ok && !response.headers.get('content-type')?.startsWith('text/html');
    return found ? new Uint8Array(await response.arrayBuffer()) : null;
  };
