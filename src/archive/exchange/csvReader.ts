import { csvParseRows } from 'd3-dsv';
import { fromUrlText } from '../../config/resolve';
import { checkRecord } from '../record';
import type { RunData, RunRecord, StepMetrics } from '../types';
import { checkFormat, FORMAT, faultOf } from './format';
import { brief, type Fault, faultAt } from './json';
import type { LineReader } from './lines';
import { complete } from './runReader';
import { PREFIX, RUN_COLUMNS } from './table';

const FIRST = [...RUN_COLUMNS, 'step'];
const isAverage = (name: string) => name === 'heldOut/average';

/** True for the first line of a CSV file that this program wrote, in any version. */
export const isRunsHeader = (line: string): boolean => /^\uFEFF?"?format"?,"?run"?,/.test(line);

interface Matrix {
  names: string[];
  /** Column of the file for each entry, row by row. */
  at: number[][];
}

function matrixOf(columns: readonly string[], prefix: string): Matrix {
  const own = columns.map((name, i) => ({ name, i })).filter(({ name }) => name.startsWith(prefix));
  const pairs = own.map(({ name, i }) => ({ pair: name.slice(prefix.length).split('/'), i }));
  const names = [...new Set(pairs.map(({ pair }) => pair[0]))];
  const find = (a: string, b: string) => pairs.find(({ pair }) => pair[0] === a && pair[1] === b)?.i ?? -1;
  return { names, at: names.map((a) => names.map((b) => find(a, b))) };
}

/** Reads runs from the CSV that `runsCsv` writes. */
export function csvReader(name: string): LineReader<RunData[]> {
  const runs = new Map<string, RunData>();
  let columns: string[] | undefined;
  let metrics: { name: string; i: number }[] = [];
  let heldOut: { name: string; i: number }[] = [];
  let centroids: Matrix = { names: [], at: [] };
  let gradientCosine: Matrix = { names: [], at: [] };
  /** Lines of a row whose quoted text goes on. */
  const open: string[] = [];

  const header = (row: string[], fault: Fault) => {
    FIRST.forEach((column, i) => {
      if (row[i] !== column) fault(`column ${i + 1} is ${brief(row[i])} (${column})`);
    });
    const double = row.find((column, i) => row.indexOf(column) !== i);
    if (double !== undefined) fault(`two columns are named ${brief(double)}`);
    columns = row;
    const rest = row.map((column, i) => ({ name: column, i })).slice(FIRST.length);
    const starts = (column: string, prefix: string) => column.startsWith(prefix);
    heldOut = rest.filter((c) => starts(c.name, PREFIX.heldOut));
    metrics = rest.filter((c) => !Object.values(PREFIX).some((prefix) => starts(c.name, prefix)));
    centroids = matrixOf(row, PREFIX.centroids);
    gradientCosine = matrixOf(row, PREFIX.gradientCosine);
  };

  const body = (row: string[], fault: Fault) => {
    const width = (columns as string[]).length;
    if (row.length !== width) fault(`${row.length} cells (${width}, as in the header)`);
    checkFormat(row[0], 'runs', fault);
    const number = (i: number): number | null => {
      const text = row[i];
      if (text === '') return null;
      const x = Number(text);
      const special = ['NaN', 'Infinity', '-Infinity'].includes(text);
      if (!special && (!Number.isFinite(x) || text.trim() === ''))
        fault(`invalid ${(columns as string[])[i]}: ${brief(text)} (a number)`);
      return x;
    };
    const step = number(FIRST.length - 1);
    const run = runs.get(row[1]) ?? begin(row, number, fault);
    if (run.record.fleet !== row[2]) fault(`fleet ${brief(row[2])} (${brief(run.record.fleet)} in the rows of this run before)`);
    const last = Math.max(run.steps.at(-1)?.step ?? -1, run.evaluations.at(-1)?.step ?? -1);
    if (step === null || !Number.isSafeInteger(step) || step <= last)
      return fault(`invalid step: ${brief(row[FIRST.length - 1])} (an integer from ${last + 1}: steps ascend)`);
    const matrix = ({ at }: Matrix) => at.map((line) => line.map((i) => (i < 0 ? null : number(i))));
    const values = metrics.map((c): [string, number | null] => [c.name, number(c.i)]);
    if (step > 0 && values.some(([, x]) => x !== null)) {
      const measured: StepMetrics = {
        step,
        metrics: Object.fromEntries(values),
        centroids: matrix(centroids),
        gradientCosine: matrix(gradientCosine),
      };
      run.steps.push(measured);
    }
    const shares = heldOut.flatMap((c): [string, number][] => {
      const x = number(c.i);
      return x === null ? [] : [[c.name, x]];
    });
    const average = shares.find(([key]) => isAverage(key));
    if (!average) return;
    const part = (prefix: string) =>
      Object.fromEntries(shares.filter(([key]) => key.startsWith(prefix)).map(([key, x]) => [key.slice(prefix.length), x]));
    const result = { benchmarks: part('heldOut/benchmark/'), domains: part('heldOut/domain/'), average: average[1] };
    run.evaluations.push({ step, result });
  };

  const begin = (row: string[], number: (i: number) => number | null, fault: Fault): RunData => {
    const [, id, fleet, , lane, title, backend, adapter, version, , link] = row;
    const place = number(RUN_COLUMNS.indexOf('place')) ?? 0;
    const { presets, config, problems } = fromUrlText(link);
    if (problems.length) fault(`config: ${problems[0]}`);
    const now = Date.now();
    const words = { name: title, notes: '', tags: [], color: place, link: '' };
    const record: RunRecord = {
      ...{ id, fleet, place, lane, ...words, presets, config, backend, adapter, version },
      ...{ created: now, updated: now, step: 0, steps: config.steps, status: 'paused', summary: {} },
    };
    try {
      checkRecord(record);
    } catch (error) {
      fault((error as Error).message);
    }
    const run: RunData = { record, steps: [], evaluations: [] };
    runs.set(id, run);
    return run;
  };

  const row = (whole: string, line: number) => {
    if (!whole.trim()) return;
    const fault = faultAt(name, line);
    const [cells] = csvParseRows(whole.replace(/\r$/, ''));
    if (columns) body(cells, fault);
    else header(cells, fault);
  };

  return {
    take(text, line) {
      const quotes = text.split('"').length - 1;
      if (open.length || quotes % 2) open.push(text);
      // A line with an odd number of quotes begins or ends a cell of several lines.
      if (open.length === 0 || (open.length > 1 && quotes % 2)) row(open.length ? open.splice(0).join('\n') : text, line);
    },
    end() {
      if (open.length) faultOf(name)('ends within a quoted cell');
      if (!runs.size) faultOf(name)(`holds no rows of ${FORMAT.runs}`);
      return [...runs.values()].map(complete);
    },
  };
}
