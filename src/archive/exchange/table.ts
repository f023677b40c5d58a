import { toUrlText } from '../../config/resolve';
import { catalog } from '../../host/catalog';
import type { Evaluation, RunData, RunRecord, StepMetrics } from '../types';
import { FORMAT } from './format';
import { pauses } from './pause';

/** A cell of a table; null where there is no data. */
export type Cell = number | string | null;

/** Columns about the run, equal in all of its rows. `config` is the link text: presets and what differs from them. */
export const RUN_COLUMNS = [
  'format',
  'run',
  'fleet',
  'place',
  'lane',
  'name',
  'backend',
  'adapter',
  'version',
  'seed',
  'config',
] as const;
/** Columns of numbers among them. */
export const WHOLE_COLUMNS: readonly string[] = ['place', 'seed', 'step'];
/** How the columns of matrices and of held-out accuracy begin. */
export const PREFIX = { centroids: 'centroids/', gradientCosine: 'gradientCosine/', heldOut: 'heldOut/' } as const;

const runCells = ({ record: r }: RunData): Cell[] => [
  FORMAT.runs,
  r.id,
  r.fleet,
  r.place,
  r.lane,
  r.name,
  r.backend,
  r.adapter,
  r.version,
  r.config.seed,
  toUrlText(r.presets, r.config),
];

/** Names of a matrix's rows: the domains of the run's tasks, or numbers. */
export function labels({ config }: RunRecord, size: number): string[] {
  const domains = catalog(config.tasks).map((d) => d.id);
  return Array.from({ length: size }, (_, i) => (domains.length === size ? domains[i] : String(i)));
}

/** Matrices that a step has. */
export const MATRICES = ['centroids', 'gradientCosine'] as const;

function* matrixColumns(run: RunData): Generator<string> {
  for (const key of MATRICES) {
    const size = run.steps.reduce((most, s) => Math.max(most, s[key].length), 0);
    const names = labels(run.record, size);
    for (const a of names) for (const b of names) yield `${PREFIX[key]}${a}/${b}`;
  }
}

function* evaluationCells({ result }: Evaluation): Generator<[string, number]> {
  yield ['heldOut/average', result.average];
  for (const [name, x] of Object.entries(result.domains)) yield [`heldOut/domain/${name}`, x];
  for (const [name, x] of Object.entries(result.benchmarks)) yield [`heldOut/benchmark/${name}`, x];
}

function* stepCells(step: StepMetrics, names: Record<(typeof MATRICES)[number], string[]>): Generator<[string, Cell]> {
  yield* Object.entries(step.metrics);
  for (const key of MATRICES)
    for (const [i, row] of step[key].entries())
      for (const [j, x] of row.entries()) yield [`${PREFIX[key]}${names[key][i]}/${names[key][j]}`, x];
}

/** Every column of some runs: about the run, the step, metrics, matrices, held-out accuracy. */
export async function columnsOf(runs: readonly RunData[]): Promise<string[]> {
  const pause = pauses();
  const metrics = new Set<string>();
  const matrices = new Set<string>();
  const heldOut = new Set<string>();
  for (const run of runs) {
    for (const step of run.steps) {
      for (const name in step.metrics) metrics.add(name);
      const wait = pause();
      if (wait) await wait;
    }
    for (const name of matrixColumns(run)) matrices.add(name);
    for (const evaluation of run.evaluations) for (const [name] of evaluationCells(evaluation)) heldOut.add(name);
  }
  return [...RUN_COLUMNS, 'step', ...metrics, ...matrices, ...heldOut];
}

/** A row for each step that was trained or evaluated, cells in the order of `columns`. */
export function* rowsOfRuns(runs: readonly RunData[], columns: readonly string[]): Generator<Cell[]> {
  const place = new Map(columns.map((name, i) => [name, i]));
  for (const run of runs) {
    const head = runCells(run);
    const size = (key: (typeof MATRICES)[number]) => run.steps.reduce((most, s) => Math.max(most, s[key].length), 0);
    const names = {
      centroids: labels(run.record, size('centroids')),
      gradientCosine: labels(run.record, size('gradientCosine')),
    };
    const evaluations = new Map(run.evaluations.map((e) => [e.step, e]));
    const trained = new Map(run.steps.map((s) => [s.step, s]));
    const steps = [...new Set([...trained.keys(), ...evaluations.keys()])].sort((a, b) => a - b);
    for (const at of steps) {
      const row: Cell[] = [...head, at, ...Array<null>(columns.length - head.length - 1).fill(null)];
      const step = trained.get(at);
      const evaluation = evaluations.get(at);
      if (step) for (const [name, x] of stepCells(step, names)) row[place.get(name) as number] = x;
      if (evaluation) for (const [name, x] of evaluationCells(evaluation)) row[place.get(name) as number] = x;
      yield row;
    }
  }
}
