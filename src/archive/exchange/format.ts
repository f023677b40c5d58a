import { brief, type Fault } from './json';

/** Formats of what this program exports. */
export const FORMAT = {
  run: 'mcpo-lab run 1',
  runs: 'mcpo-lab runs 1',
  figure: 'mcpo-lab figure 1',
  trials: 'mcpo-lab trials 1',
} as const;

/** Largest file that is read, and most that a packed one may unpack to, bytes. */
export const MAX_FILE = 200_000_000;

/** Refuses another format, or another version of it. */
export function checkFormat(found: unknown, kind: keyof typeof FORMAT, fault: Fault): void {
  if (found !== FORMAT[kind])
    fault(`is of format ${typeof found === 'string' ? found.slice(0, 60) : brief(found)} (this program reads ${FORMAT[kind]})`);
}

/** Faults of a file as a whole. */
export const faultOf = (name: string): Fault => {
  return (what) => {
    throw new Error(`invalid file: ${name} ${what}`);
  };
};
