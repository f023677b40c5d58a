import type { Claim } from './types';

/** What this page holds where the browser has no locks: then only this page is guarded against itself. */
const held = new Set<string>();

function claimHere(name: string, fleet: string): Claim | null {
  if (held.has(name)) return null;
  held.add(name);
  return { fleet, release: () => void held.delete(name) };
}

/** The lock of a fleet's runs across tabs; null when it is held. The browser frees it when the page goes. */
export function claim(archive: string, fleet: string): Promise<Claim | null> {
  const name = `${archive} fleet ${fleet}`;
  if (!navigator.locks) return Promise.resolve(claimHere(name, fleet));
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null);
        return new Promise<void>((release) => resolve({ fleet, release }));
      })
      .catch(reject);
  });
}

/** Fleets whose locks are held, by any tab. */
export async function claimed(archive: string): Promise<string[]> {
  const start = `${archive} fleet `;
  const names = navigator.locks ? ((await navigator.locks.query()).held ?? []).map((lock) => lock.name ?? '') : [...held];
  return names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
}
