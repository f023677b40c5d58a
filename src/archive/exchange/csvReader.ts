import { csvParseRows } from 'd3-dsv';
import { fromUrlText } from '../../config/resolve';
import { checkRecord } from '../record';
import type { RunData, RunRecord } from '../types';
import { checkFormat, FORMAT, faultOf } from './format';
import { brief, type Fault, faultAt } from './json';
import type { LineReader } from './lines';
import { heldOutIn, type Layout, layoutOf, nextStep, takeEvaluation, takeStep } from './measuredRow';
import { complete } from './runReader';
import { RUN_COLUMNS } from './table';

const FIRST = [...RUN_COLUMNS, 'step'];

/** True for the first line of a CSV file that this program wrote, in any version. */
export const isRunsHeader = (line: string): boolean => /^\uFEFF?"?format"?,"?run"?,/.test(line);

/** Reads runs from the CSV that `runsCsv` writes. */
export function csvReader(name: string): LineReader<RunData[]> {
  const runs = new Map<string, RunData>();
  let columns: string[] | undefined;
  let heldOut: ReturnType<typeof heldOutIn> = [];
  let layout: Layout = layoutOf([], 0);
  /** Lines of a row whose quoted text goes on. */
  const open: string[] = [];

  const header = (row: string[], fault: Fault) => {
    FIRST.forEach((column, i) => {
      if (row[i] !== column) fault(`column ${i + 1} is ${brief(row[i])} (${column})`);
    });
    const double = row.find((column, i) => row.indexOf(column) !== i);
    if (double !== undefined) fault(`two columns are named ${brief(double)}`);
    columns = row;
    heldOut = heldOutIn(row);
    layout = layoutOf(row, FIRST.length);
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
    const run = runs.get(row[1]) ?? begin(row, number, fault);
    if (run.record.fleet !== row[2]) fault(`fleet ${brief(row[2])} (${brief(run.record.fleet)} in the rows of this run before)`);
    const step = nextStep(run, number(FIRST.length - 1), row[FIRST.length - 1], fault);
    if (step > 0 && layout.metrics.some(({ i }) => number(i) !== null)) takeStep(run, step, layout, number);
    takeEvaluation(run, step, heldOut, number);
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
