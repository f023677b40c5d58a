/** Lines of a table: numbers right-aligned, words (columns named in `left`) left-aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], left: readonly number[] = [0]): string[] {
  const widths = head.map((h, c) => Math.max(h.length, ...rows.map((r) => r[c].length)));
  const line = (r: readonly string[]) =>
    r
      .map((cell, c) => (left.includes(c) ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line)];
}

/** Three significant digits, in plain notation. */
export const digits = (x: number): string => {
  if (!Number.isFinite(x)) return '–';
  const places = x === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(x))));
  return x.toFixed(Math.min(places, 6));
};
export const ms = (seconds: number): string => digits(seconds * 1e3);
export const percent = (share: number): string => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : '–');

/** One claim of the project with what was measured. */
export interface Claim {
  text: string;
  target: string;
  met: boolean;
}

export const claimLine = ({ text, target, met }: Claim): string => `${text} (target ${target}): ${met ? 'met' : 'not met'}`;
