import { type Cloud, columnsIn, reach, verdictColor } from './cloud';
import { domainColor, type Palette } from './palette';
import { columnColor, markColor } from './tones';

/** One entry: a symbol with its name and how many points have it. */
export interface LegendItem {
  label: string;
  color: string;
  /** Domain whose shape the symbol has; null for a shape that tells nothing. */
  shape: number | null;
  open: boolean;
  count: number;
}

/** What the colours of a cloud say: symbols, or a scale of colours from `low` to `high`. */
export type Legend =
  | { kind: 'items'; items: LegendItem[] }
  | { kind: 'scale'; title: string; colors: readonly string[]; low: number; high: number; items: LegendItem[] };

/** Names by number, for legends. */
export interface CloudNames {
  domains: readonly string[];
  columns?: readonly string[];
}

function counts(labels: ArrayLike<number>): Map<number, number> {
  const found = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) found.set(labels[i], (found.get(labels[i]) ?? 0) + 1);
  return new Map([...found].sort((a, b) => a[0] - b[0]));
}

/** Legend of a cloud in its colour mode; where colour does not tell domains, their shapes follow in a neutral colour. */
export function legendOf(cloud: Cloud, palette: Palette, names: CloudNames): Legend {
  const nameOf = (d: number) => names.domains[d] ?? `domain ${d + 1}`;
  const domains = (color: (d: number) => string): LegendItem[] =>
    [...counts(cloud.domain)].map(([d, count]) => ({ label: nameOf(d), color: color(d), shape: d, open: false, count }));
  const shapes = domains(() => palette.quiet);
  switch (cloud.color) {
    case 'correct': {
      const right = counts(Array.from(cloud.correct, (c) => (c > 0.5 ? 1 : 0)));
      const verdict = (correct: boolean): LegendItem => ({
        label: correct ? 'correct' : 'wrong',
        color: verdictColor(palette, correct),
        shape: null,
        open: !correct,
        count: right.get(correct ? 1 : 0) ?? 0,
      });
      return { kind: 'items', items: [verdict(true), verdict(false), ...shapes] };
    }
    case 'advantage': {
      if (!cloud.advantage) break;
      const high = reach(cloud.advantage);
      const colors = Array.from({ length: 33 }, (_, k) => markColor(palette, k / 16 - 1));
      return { kind: 'scale', title: 'advantage', colors, low: -high, high, items: shapes };
    }
    case 'column': {
      if (!cloud.column) break;
      const number = counts(cloud.column);
      const items = [...columnsIn(cloud)].map(([column, { domain, within, count }]) => ({
        label: names.columns?.[column] ?? `${nameOf(domain)} ${within + 1}`,
        color: columnColor(palette, domain, within, count),
        shape: domain,
        open: false,
        count: number.get(column) ?? 0,
      }));
      return { kind: 'items', items };
    }
    case 'prompt':
      if (cloud.prompt) return { kind: 'items', items: shapes };
  }
  return { kind: 'items', items: domains((d) => domainColor(palette, d)) };
}
