import { field } from '../../config/fields';
import { MAX_TRIALS } from '../spec';
import { shown } from '../specError';
import { fieldValue } from '../specFields';
import { type Assignment, type Entry, METHOD, type SweptField, type TrialState } from '../types';
import { entryOf } from './entryOf';
import { type Found, MOST_STEPS, TABLE, trialEntries } from './found';
import { curveName } from './optunaKept';
import { type Cell, columnOf, fieldIn, OWN } from './rows';
import { tableSpec } from './tableSpec';

/** A table of trials from a file. */
export interface GivenTable {
  columns: readonly string[];
  /** Cells in the order of the columns; of a file of text, all are text, '' where there is no data. */
  rows: readonly (readonly Cell[])[];
  /** What people call the first of the rows: 2 below a line of names. */
  first: number;
  /** What the file says beside the table; null: nothing. */
  kept: Readonly<Record<string, unknown>> | null;
}

/** Most steps of all trials together. */
const MOST_STEPS_IN_ALL = 20_000_000;
const STATES: readonly TrialState[] = ['waiting', 'running', 'finished', 'pruned', 'stopped', 'failed'];
const HELD_OUT = 'heldOut/';

/** Ends the reading with a sentence about a cell. */
type FaultIn = (column: string, what: string) => never;

function numberIn(cell: Cell, column: string, fault: FaultIn): number | null {
  if (cell === null || cell === '') return null;
  const x = typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : cell;
  return typeof x === 'number' && Number.isFinite(x) ? x : fault(column, `invalid ${shown(cell)} (a number, or nothing)`);
}

function wholeIn(cell: Cell, column: string, most: number, fault: FaultIn): number {
  const x = numberIn(cell, column, fault);
  return x !== null && Number.isInteger(x) && x >= 0 && x <= most
    ? x
    : fault(column, `invalid ${shown(cell)} (an integer from 0 to ${most})`);
}

/** A value of a swept field, as one of those that the specification names or else of the schema's type; undefined for no data. */
function valueIn(cell: Cell, path: string, swept: SweptField | undefined, fault: FaultIn): Assignment[string] | undefined {
  const named = swept && 'values' in swept ? swept.values : [];
  const own = named.find((v) => String(v) === String(cell ?? ''));
  if (own !== undefined) return own;
  const kind = path === METHOD ? 'choice' : field(path).kind;
  if (cell === null || (cell === '' && kind !== 'text')) return undefined;
  const number = kind === 'number' || kind === 'integer';
  const value = number ? (numberIn(cell, path, fault) as number) : kind === 'boolean' ? cell === true || cell === 'true' : cell;
  if (kind === 'boolean' && !value && cell !== false && cell !== 'false') fault(path, `invalid ${shown(cell)} (true or false)`);
  // A specification may go beyond the schema, as those of Optuna's studies may.
  if (swept) return value;
  try {
    return fieldValue(path, value, path);
  } catch (error) {
    return fault(path, (error as Error).message);
  }
}

/** Columns of the table: first those of every table, then swept fields, then held-out accuracy. */
function readColumns({ columns }: GivenTable, fields: readonly SweptField[] | null): { swept: string[]; heldOut: string[] } {
  OWN.forEach(({ name }, i) => {
    if (columns[i] !== name) throw new Error(`column ${i + 1} is ${shown(columns[i])} (${name})`);
  });
  const rest = columns.slice(OWN.length);
  const double = rest.find((name, i) => rest.indexOf(name) !== i);
  if (double !== undefined) throw new Error(`two columns are named ${shown(double)}`);
  const swept = rest.filter((name) => !name.startsWith(HELD_OUT));
  for (const name of swept)
    if (!fields && fieldIn(name) !== METHOD)
      try {
        field(fieldIn(name));
      } catch (error) {
        throw new Error(
          `column ${columns.indexOf(name, OWN.length) + 1} is no field of a configuration: ${(error as Error).message}`,
        );
      }
  if (fields) {
    const known = fields.map((f) => columnOf(f.field));
    const other = [...swept.filter((name) => !known.includes(name)), ...known.filter((name) => !swept.includes(name))];
    if (other.length) throw new Error(`its columns and its specification differ in ${shown(other[0])}`);
  }
  return { swept, heldOut: rest.filter((name) => name.startsWith(HELD_OUT)) };
}

function readResult(
  names: readonly string[],
  cells: readonly Cell[],
  fault: FaultIn,
): Found['evaluations'][number]['result'] | null {
  const known = names.flatMap((name, i): [string, number][] => {
    const x = numberIn(cells[i], name, fault);
    return x === null ? [] : [[name.slice(HELD_OUT.length), x]];
  });
  if (!known.length) return null;
  const part = (prefix: string) =>
    Object.fromEntries(known.filter(([name]) => name.startsWith(prefix)).map(([name, x]) => [name.slice(prefix.length), x]));
  const average = known.find(([name]) => name === 'average')?.[1] ?? Number.NaN;
  return { benchmarks: part('benchmark/'), domains: part('domain/'), average };
}

/** A trial in the table. */
interface Line extends Found {
  point: number;
  trial: number;
  fault: FaultIn;
}

/** Trials of each point by seed, points in the order of their numbers. */
function pointsOf(lines: readonly Line[]): Map<number, Line>[] {
  const points = new Map<number, Map<number, Line>>();
  for (const line of lines) {
    const trials = points.get(line.point) ?? new Map<number, Line>();
    points.set(line.point, trials);
    if (trials.has(line.seed)) line.fault('seed', `${line.seed} a second time for point ${line.point} (each seed once)`);
    const [first] = trials.values();
    for (const name of Object.keys({ ...first?.values, ...line.values }))
      if (first && first.values[name] !== line.values[name])
        line.fault(
          columnOf(name),
          `${shown(line.values[name])} (${shown(first.values[name])}, as in the other rows of point ${line.point})`,
        );
    trials.set(line.seed, line);
  }
  return [...points].sort(([a], [b]) => a - b).map(([, trials]) => trials);
}

/**
 * A journal out of a table that `trialRows` made, for viewing: points, seeds, states, values, and the last held-out evaluation at the steps
 * done. Curves are not in a table. Where the file says no specification, it is made from the columns.
 * @param name of the sweep, where the file says none
 * @throws Error naming row, column, value and bound
 */
export function fromTable(table: GivenTable, name: string): Entry[] {
  const { columns, rows, first, kept } = table;
  const refuse = (what: string): never => {
    throw new Error(what);
  };
  const text = (x: unknown) => (typeof x === 'string' ? x.slice(0, 200) : '');
  const begin = (spec: unknown): Entry & { type: 'sweep' } => {
    const on = { version: text(kept?.version), backend: TABLE, adapter: text(kept?.adapter), memory: 0, at: 0 };
    return entryOf({ type: 'sweep', spec, ...on }, refuse) as Entry & { type: 'sweep' };
  };
  const known = kept ? begin(kept.spec).spec : null;
  const { swept, heldOut } = readColumns(table, known?.fields ?? null);
  if (rows.length > MAX_TRIALS) refuse(`it has ${rows.length} trials (at most ${MAX_TRIALS})`);
  const lines = rows.map((cells, i): Line => {
    const fault: FaultIn = (column, what) => refuse(`row ${first + i}, column ${column}: ${what}`);
    if (cells.length !== columns.length) refuse(`row ${first + i}: ${cells.length} cells (${columns.length}, as in the header)`);
    const [point, trial, seed] = ['point', 'trial', 'seed'].map((column, k) =>
      wholeIn(cells[k], column, k === 2 ? 2 ** 32 - 1 : Number.MAX_SAFE_INTEGER, fault),
    );
    const state = cells[3] as TrialState;
    if (!STATES.includes(state)) fault('state', `invalid ${shown(cells[3])} (${STATES.join(', ')})`);
    if (known && !known.seeds.includes(seed)) fault('seed', `invalid ${seed} (one of ${known.seeds.join(', ')})`);
    const step = wholeIn(cells[4], 'steps', MOST_STEPS, fault);
    const values = swept.flatMap((column, k): [string, Assignment[string]][] => {
      const path = fieldIn(column);
      const x = valueIn(
        cells[OWN.length + k],
        path,
        known?.fields.find((f) => f.field === path),
        fault,
      );
      return x === undefined ? [] : [[path, x]];
    });
    const result = readResult(heldOut, cells.slice(OWN.length + swept.length), fault);
    return {
      ...{ point, trial, seed, state, step, fault, why: String(cells[6] ?? ''), value: numberIn(cells[5], 'value', fault) },
      ...{ values: Object.fromEntries(values), ended: trial, curve: [], byHand: false },
      evaluations: result ? [{ step, result }] : [],
    };
  });
  const total = lines.reduce((sum, t) => sum + t.step, 0);
  if (total > MOST_STEPS_IN_ALL) refuse(`its trials have ${total} steps together (at most ${MOST_STEPS_IN_ALL})`);
  const points = pointsOf(lines);
  const inOrder = [...lines].sort((a, b) => a.trial - b.trial);
  const seeds = known?.seeds ?? [...new Set(inOrder.map((t) => t.seed))];
  if (points.length * seeds.length > MAX_TRIALS)
    refuse(`it has ${points.length} points and ${seeds.length} seeds (at most ${MAX_TRIALS} trials)`);
  const tried = points.map((trials) => ([...trials.values()][0] as Line).values);
  const spec = known ?? tableSpec(name, lines, tried, swept.map(fieldIn), seeds.length ? seeds : [0]);
  return [begin(spec), ...trialEntries(points, spec.seeds, curveName({ spec }), 'the table has no trial of this seed')];
}
