import type { SweepState } from '../types';

/** A cell of a table; null where there is no data. */
export type Cell = number | string | boolean | null;

/** A column and what its cells are; null may stand in all but `text` and `whole`. */
export interface Column {
  name: string;
  kind: 'text' | 'whole' | 'number' | 'flag';
}

/** A sweep's trials as a table. */
export interface TrialTable {
  columns: readonly Column[];
  /** Cells in the order of the columns. */
  rows: readonly (readonly Cell[])[];
}

/** The columns that every table of trials begins with. */
export const OWN: readonly Column[] = [
  { name: 'point', kind: 'whole' },
  { name: 'trial', kind: 'whole' },
  { name: 'seed', kind: 'whole' },
  { name: 'state', kind: 'text' },
  { name: 'steps', kind: 'whole' },
  { name: 'value', kind: 'number' },
  { name: 'why', kind: 'text' },
];

/** What the column of a swept field is named: its key path, but for `steps`, which are counted in another. */
export const columnOf = (field: string): string => (OWN.some(({ name }) => name === field) ? `field/${field}` : field);
/** The swept field of a column. */
export const fieldIn = (column: string): string => column.replace(/^field\//, '');

/**
 * A row for each trial: point, trial, seed, state, steps done, the objective, why it ended, each swept field by its key path, then the
 * last held-out evaluation (`heldOut/average`, `heldOut/domain/…`, `heldOut/benchmark/…`). A field whose values are of several kinds is
 * text.
 */
export function trialRows({ spec, points, trials }: SweepState): TrialTable {
  const swept = spec.fields.map(({ field }): Column => {
    const given = points.map(({ values }) => values[field]).filter((x) => x !== undefined);
    const kinds = new Set(given.map((x) => typeof x));
    const only = kinds.size === 1 ? [...kinds][0] : '';
    return { name: columnOf(field), kind: only === 'number' ? 'number' : only === 'boolean' ? 'flag' : 'text' };
  });
  const last = trials.map(({ evaluations }) => {
    const result = evaluations.at(-1)?.result;
    if (!result) return new Map<string, number>();
    return new Map([
      ['heldOut/average', result.average] as const,
      ...Object.entries(result.domains).map(([name, x]) => [`heldOut/domain/${name}`, x] as const),
      ...Object.entries(result.benchmarks).map(([name, x]) => [`heldOut/benchmark/${name}`, x] as const),
    ]);
  });
  const heldOut = [...new Set(last.flatMap((m) => [...m.keys()]))];
  const columns = [...OWN, ...swept, ...heldOut.map((name): Column => ({ name, kind: 'number' }))];
  const rows = trials.map(({ trial, point, seed, state, step, value, why }, i): Cell[] => [
    point,
    trial,
    seed,
    state,
    step,
    value,
    why,
    ...swept.map(({ name, kind }) => {
      const x = points[point].values[fieldIn(name)] ?? null;
      return kind === 'text' ? String(x ?? '') : x;
    }),
    ...heldOut.map((name) => {
      const x = last[i].get(name);
      return x !== undefined && Number.isFinite(x) ? x : null;
    }),
  ]);
  return { columns, rows };
}
