import type { RunData } from '../types';
import { checkFormat, FORMAT, faultOf } from './format';
import { brief, type Fault, faultIn } from './json';
import { heldOutIn, type Layout, layoutOf, layoutsOf, nextStep, takeEvaluation, takeStep } from './measuredRow';
import { openParquet, type ParquetCell } from './parquetFile';
import { pauses } from './pause';
import { complete, readHeader } from './runReader';
import { readShapes, type Shapes } from './shapes';
import { RUN_COLUMNS } from './table';

/** A run on its way, and which layout its next row has. */
interface Reading {
  run: RunData;
  shapes: Shapes | null;
  layouts: readonly Layout[];
  /** Place in `shapes.from`. */
  at: number;
}

/** The layout of a step's row; null where nothing was trained. */
function layoutAt(reading: Reading, step: number): Layout | null {
  const { shapes, layouts } = reading;
  const from = (shapes as Shapes).from;
  while (reading.at + 1 < from.length && from[reading.at + 1][0] <= step) reading.at++;
  const [first, kind] = from[reading.at] ?? [0, -1];
  return kind < 0 || first > step ? null : layouts[kind];
}

/**
 * Reads runs from the Parquet file that `runsParquet` writes, as they were: records and configurations from its metadata, what was
 * measured from its columns. Row groups are read one after another.
 * @throws Error of one sentence that names file, row, value and bound
 */
export async function readRunsParquet(file: Blob, name: string): Promise<RunData[]> {
  const fault = faultOf(name);
  const { columns, kept, groups } = await openParquet(file, fault);
  if (kept.format === FORMAT.trials) fault('holds the trials of a sweep: it opens in the view Sweep');
  checkFormat(kept.format, 'runs', fault);
  const place = (column: string): number => {
    const i = columns.indexOf(column);
    return i < 0 ? fault(`has no column ${brief(column)}`) : i;
  };
  const [ofRun, ofStep] = [place('run'), place('step')];
  const heldOut = heldOutIn(columns);
  const guess = layoutOf(columns, RUN_COLUMNS.length + 1);
  if (!Array.isArray(kept.runs) || !kept.runs.length) fault('holds no run');
  const readings = new Map<unknown, Reading>();
  for (const header of kept.runs as unknown[]) {
    if (typeof header !== 'object' || header === null) fault(`invalid run in its metadata: ${brief(header)} (a record)`);
    const given = header as Record<string, unknown>;
    const say: Fault = (what) => fault(`has a run in its metadata that is not valid: ${what}`);
    const record = readHeader(given, say);
    const shapes = given.shapes === undefined ? null : readShapes(given.shapes, say);
    const layouts = shapes?.kinds.length ? layoutsOf(columns, record, shapes.kinds, fault) : [];
    if (readings.has(record.id)) fault(`has two runs of the id ${record.id}`);
    readings.set(record.id, { run: { record, steps: [], evaluations: [] }, shapes, layouts, at: 0 });
  }
  const pause = pauses();
  let line = 0;
  const take = (row: readonly ParquetCell[]) => {
    const wrong = faultIn(name, ++line);
    const reading = readings.get(row[ofRun]) ?? wrong(`invalid run: ${brief(row[ofRun])} (one that the metadata names)`);
    const number = (i: number): number | null => {
      const x = row[i];
      return x === null || typeof x === 'number' ? x : wrong(`invalid ${columns[i]}: ${brief(x)} (a number)`);
    };
    const { run, shapes } = reading;
    const step = nextStep(run, number(ofStep), row[ofStep], wrong);
    const isTrained = () => step > 0 && guess.metrics.some(({ i }) => number(i) !== null);
    const layout = shapes ? layoutAt(reading, step) : isTrained() ? guess : null;
    if (layout) takeStep(run, step, layout, number);
    takeEvaluation(run, step, heldOut, number);
  };
  for await (const rows of groups())
    for (const row of rows) {
      take(row);
      const wait = pause();
      if (wait) await wait;
    }
  return [...readings.values()].map(({ run }) => complete(run));
}
