import { useEffect, useState } from 'react';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, in a few words: `just now`, `5 min ago`, `3 h ago`, `yesterday`, `4 days ago`, `12 Mar 2025`. */
export function ago(at: number, now: number): string {
  const since = now - at;
  if (since < MINUTE) return 'just now';
  if (since < HOUR) return `${Math.floor(since / MINUTE)} min ago`;
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY);
  if (days < 1) return `${Math.floor(since / HOUR)} h ago`;
  if (days === 1) return 'yesterday';
  if (days < 7) return `${days} days ago`;
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}

const startOfDay = (at: number) => new Date(at).setHours(0, 0, 0, 0);

/** The time to the second, as this browser's people write it. */
export const exactly = (at: number): string => new Date(at).toLocaleString();

/** The time now, told again every half minute. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
