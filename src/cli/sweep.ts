import { basename } from 'node:path';
import { sweepCsv, sweepParquet } from '../archive/exchange/sweepTable';
import { SweepRunner } from '../host/sweep/runner';
import { groupsOf } from '../sweep/analysis/groups';
import { toOptuna } from '../sweep/exchange/optuna';
import { hasEnded } from '../sweep/journal';
import { parseSpec, specJson } from '../sweep/spec';
import type { SweepState } from '../sweep/types';
import { backendChoice, integerOption, readArgs, readBytes, readPublic } from './args';
import { nodeBackend } from './device';
import { onInterrupt } from './interrupt';
import { type Io, UsageError } from './io';
import { duration } from './reproduce/progress';
import { SweepFolder } from './sweepFolder';

/** Formats of `--export`, and the files that they make. */
const EXPORTS = { optuna: 'optuna.log', csv: 'trials.csv', parquet: 'trials.parquet' } as const;
/** Points that the summary lists. */
const LISTED = 10;

async function readSpec(path: string) {
  const text = new TextDecoder().decode(await readBytes(path));
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
  return parseSpec(input);
}

const counts = ({ trials }: SweepState): string =>
  (['finished', 'pruned', 'failed', 'stopped', 'running', 'waiting'] as const)
    .map((state) => [state, trials.filter((t) => t.state === state).length] as const)
    .filter(([, n]) => n > 0)
    .map(([state, n]) => `${n} ${state}`)
    .join(', ');

/** The best points, with what was swept, mean ± 95 % interval and seeds. */
function summary(state: SweepState, io: Io): void {
  const { metric, direction } = state.spec.objective;
  const steps = state.trials.reduce((sum, t) => sum + t.step, 0);
  io.out(`${counts(state)}; ${steps} training steps in ${duration(state.seconds)}`);
  io.out(`best by ${metric} (${direction}), mean ± 95 % interval over seeds:`);
  const groups = groupsOf(state).filter((g) => g.rank !== null);
  for (const g of groups.sort((a, b) => (a.rank as number) - (b.rank as number)).slice(0, LISTED)) {
    const values = Object.entries(g.values).map(
      ([name, value]) => `${name}=${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`,
    );
    const half = g.halfWidth === null ? '' : ` ± ${g.halfWidth.toPrecision(2)}`;
    io.out(`${String(g.rank).padStart(3)}  ${(g.mean as number).toPrecision(4)}${half}  N ${g.n}  ${values.join('  ')}`);
  }
}

/**
 * `sweep SPEC.json [--out FOLDER] [--memory MB] [--keep seconds] [--export optuna|csv|parquet] [--backend …]`: trains the trials of a sweep in
 * fleets. Journal, snapshots (every `--keep` seconds) and finished trials' checkpoints lie in the folder: the same command goes on where
 * it was stopped or killed, to the same result.
 */
export async function sweepCommand(args: string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, {
    out: { type: 'string' },
    memory: { type: 'string' },
    keep: { type: 'string' },
    export: { type: 'string', multiple: true },
    backend: { type: 'string' },
  });
  const [file, ...rest] = positionals;
  if (!file || rest.length) throw new UsageError('sweep takes one file: sweep SPEC.json [--out FOLDER]');
  const wanted = (values.export ?? []) as (keyof typeof EXPORTS)[];
  for (const name of wanted)
    if (!(name in EXPORTS)) throw new UsageError(`invalid --export: ${name} (${Object.keys(EXPORTS).join(', ')})`);
  const memory = integerOption('--memory', values.memory, 1024, 1, 1_000_000) * 2 ** 20;
  const keepEvery = integerOption('--keep', values.keep, 10, 0, 86_400);
  const choice = backendChoice(values.backend);
  const spec = await readSpec(file);
  const folder = new SweepFolder(values.out ?? `out/sweep-${basename(file).replace(/\.json$/, '')}`);
  folder.lock();
  const past = await folder.journal();
  const [first] = past;
  if (first?.type === 'sweep' && specJson(first.spec) !== specJson(spec))
    throw new UsageError(`${folder.path} holds another sweep (${first.spec.name}): choose another --out, or delete it`);
  const wants = first?.type === 'sweep' && choice === 'auto' ? backendChoice(first.backend) : choice;
  const backend = await nodeBackend(wants, (text) => io.err(text));
  const stop = onInterrupt(io);
  let told = 0;
  let pace = 0;
  const runner = new SweepRunner(
    backend,
    first?.type === 'sweep' ? first.spec : spec,
    past,
    folder.snapshot((line) => io.err(line)),
    {
      readPublic,
      write: (entries) => folder.append(entries),
      snapshot: (taken) => folder.keep(taken),
      checkpoint: (trial, bytes) => folder.checkpoint(trial, bytes),
      say: (line) => io.err(line),
      progress(what, done) {
        if (Date.now() - told < 2000) return;
        told = Date.now();
        io.err(`${what}: ${Math.round(100 * done)} %`);
      },
      pace(stepsPerSecond, places) {
        pace = stepsPerSecond;
        if (Date.now() - told < 2000) return;
        told = Date.now();
        io.err(`${counts(runner.state)}  ${pace.toFixed(1)} steps/s in ${places} places`);
      },
      shouldStop: () => stop.asked,
      orders: () => [],
      now: () => performance.now() / 1000,
      today: () => Date.now(),
      keepEvery,
      submissionSeconds: 1,
      memory,
    },
  );
  try {
    io.err(`journal, snapshots and checkpoints go to ${folder.path}${past.length ? `, which has ${past.length} entries` : ''}`);
    const end = await runner.run();
    const { state } = runner;
    if (state.trials.some(hasEnded)) summary(state, io);
    for (const name of wanted) {
      const made = await { optuna: toOptuna, csv: sweepCsv, parquet: sweepParquet }[name](state);
      const content = typeof made === 'string' ? made : new Uint8Array(await made.arrayBuffer());
      io.err(`wrote ${await folder.write(EXPORTS[name], content)}`);
    }
    if (end === 'paused') io.err('stopped; the same command goes on from here');
    return end === 'paused' ? 130 : 0;
  } finally {
    runner.destroy();
    stop.release();
    backend.destroy();
    folder.close();
  }
}
