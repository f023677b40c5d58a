import type { DomainInfo, Frame } from '../../store/state';

/** The rollouts of one prompt: rows `first` … `first` + `size` − 1 of the frame. */
export interface Group {
  prompt: number;
  /** Index into the frame's domains and columns. */
  domain: number;
  column: number;
  text: string;
  first: number;
  size: number;
  correct: number;
}

/** The frame's prompts, in the order of its rows. */
export function groupsOf(frame: Frame): Group[] {
  const groups: Group[] = [];
  for (let row = 0; row < frame.n; row++) {
    const prompt = frame.prompt[row];
    let group = groups.at(-1);
    if (group?.prompt !== prompt) {
      const [domain, column] = [frame.domain[row], frame.column[row]];
      group = { prompt, domain, column, text: frame.promptText[prompt] ?? '', first: row, size: 0, correct: 0 };
      groups.push(group);
    }
    group.size++;
    if (frame.reward[row] > 0.5) group.correct++;
  }
  return groups;
}

/** Which prompts a list shows. */
export interface Filter {
  /** Index into the frame's domains; null: all. */
  domain: number | null;
  /** Only groups with a correct and a wrong rollout: others have advantage 0. */
  mixed: boolean;
  /** Part of the prompt or of its column's name; spaces and capitals do not count. */
  text: string;
}

const bare = (text: string) => text.replace(/\s+/g, '').toLowerCase();

/** Whether a group has a correct and a wrong rollout. */
export const isMixed = ({ correct, size }: Group): boolean => correct > 0 && correct < size;

/** The groups that pass the filter; `columns`: names by index. */
export function filterGroups(groups: readonly Group[], filter: Filter, columns: readonly string[]): Group[] {
  const wanted = bare(filter.text);
  return groups.filter(
    (g) =>
      (filter.domain === null || g.domain === filter.domain) &&
      (!filter.mixed || isMixed(g)) &&
      (bare(g.text).includes(wanted) || bare(columns[g.column] ?? '').includes(wanted)),
  );
}

/** The group that a row belongs to. */
export const groupOfRow = (groups: readonly Group[], row: number): Group | undefined =>
  groups.find((g) => row >= g.first && row < g.first + g.size);

/** The row `by` rollouts from `row` among the groups, stopping at both ends; the nearest one when `row` is in none of them. */
export function rowBeside(groups: readonly Group[], row: number, by: number): number {
  const rows = groups.flatMap((g) => Array.from({ length: g.size }, (_, j) => g.first + j));
  if (rows.length === 0) return row;
  const at = rows.indexOf(row);
  if (at < 0) return (by > 0 ? rows.find((r) => r > row) : rows.findLast((r) => r < row)) ?? rows[by > 0 ? rows.length - 1 : 0];
  return rows[Math.min(rows.length - 1, Math.max(0, at + by))];
}

/** Names of the frame's domains and columns, as the page calls them, and each domain's place in the registry (its colour and shape). */
export interface Names {
  domains: string[];
  columns: string[];
  marks: number[];
}

/** @param known the registry's domains */
export function namesOf(frame: Frame, known: readonly DomainInfo[]): Names {
  const columns = known.flatMap((d) => d.columns);
  const places = frame.domains.map((id) => known.findIndex((d) => d.id === id));
  return {
    domains: frame.domains.map((id, i) => known[places[i]]?.label ?? id),
    columns: frame.columns.map((id) => columns.find((c) => c.id === id)?.label ?? id),
    marks: places.map((place, i) => (place < 0 ? i : place)),
  };
}
