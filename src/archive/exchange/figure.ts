import type { RunData } from '../types';
import { checkFormat, FORMAT } from './format';
import { brief, exactJson, type Fault, faultAt, parseObject } from './json';
import type { LineReader } from './lines';
import { linesOf } from './runLines';
import { runReader } from './runReader';
import type { Cell } from './table';

/** What a figure carries inside: where it came from, what it shows as a table, and the runs it shows. */
export interface Figure {
  /** Of the program. */
  version: string;
  /** Link text of the page's state: configuration, views, selection. */
  link: string;
  title: string;
  data: { columns: readonly string[]; rows: readonly (readonly Cell[])[] };
  runs: readonly RunData[];
}

const MAX_LINK = 100_000;
const MAX_TITLE = 1000;
const MAX_COLUMNS = 2000;

/** Numbers that are no data in a table become null. */
const plain = (cell: Cell) => (typeof cell === 'number' && !Number.isFinite(cell) ? null : cell);

/** The lines of a figure's text, as it lies in SVG and PNG files: a header (`mcpo-lab figure 1`), one for each row, then the runs' lines. */
export function* figureLines({ version, link, title, data, runs }: Figure): Generator<string> {
  yield exactJson({ format: FORMAT.figure, version, link, title, columns: data.columns });
  for (const row of data.rows) yield exactJson(row.map(plain));
  for (const run of runs) yield* linesOf(run);
}

function short(value: unknown, key: string, most: number, fault: Fault): string {
  if (typeof value !== 'string' || value.length > most)
    return fault(`invalid ${key}: ${brief(value)} (text of at most ${most} characters)`);
  return value;
}

/** Reads `figureLines`. */
export function figureReader(name: string): LineReader<Figure> {
  const runs = runReader(name);
  const rows: Cell[][] = [];
  let head: Omit<Figure, 'data' | 'runs'> | undefined;
  let columns: string[] = [];

  const header = (text: string, fault: Fault) => {
    const row = parseObject(text, fault);
    checkFormat(row.format, 'figure', fault);
    if (!Array.isArray(row.columns) || row.columns.length > MAX_COLUMNS)
      return fault(`invalid columns: ${brief(row.columns)} (at most ${MAX_COLUMNS} names)`);
    columns = row.columns.map((c) => short(c, 'column', MAX_TITLE, fault));
    head = {
      version: short(row.version, 'version', MAX_TITLE, fault),
      link: short(row.link, 'link', MAX_LINK, fault),
      title: short(row.title, 'title', MAX_TITLE, fault),
    };
  };
  const data = (text: string, fault: Fault) => {
    // A line of an array, wrapped so that the reader of objects takes it.
    const { row } = parseObject(`{"row":${text}}`, fault) as { row: unknown[] };
    if (row.length !== columns.length) fault(`${row.length} cells (${columns.length}, as in the header)`);
    for (const cell of row)
      if (cell !== null && typeof cell !== 'string' && !(typeof cell === 'number' && Number.isFinite(cell)))
        fault(`invalid cell: ${brief(cell)} (a number, a text or null)`);
    rows.push(row as Cell[]);
  };
  return {
    take(raw, line) {
      const text = raw.trim();
      if (!text) return;
      const fault = faultAt(name, line);
      if (!head) header(text, fault);
      else if (text.startsWith('[')) data(text, fault);
      else runs.take(text, line);
    },
    end() {
      if (!head) throw new Error(`invalid file: ${name} carries no data of MCPO Lab`);
      return { ...head, data: { columns, rows }, runs: runs.end() };
    },
  };
}
