import { execFileSync } from 'node:child_process';
import { parseAssignments } from '../config/resolve';
import type { Config, Layer } from '../config/schema';
import { placeParameters } from '../engine/checkpoint';
import { type EvalResult, Evaluator } from '../engine/evaluation';
import { parameterLayout } from '../engine/parameters';
import { policyShape } from '../engine/shape';
import type { Start } from '../engine/trainer';
import { type Backend, DeviceError } from '../gpu/backend';
import { baseCheckpoint, baseKey } from '../host/base';
import { VERSION } from '../host/version';
import { backendChoice, integerOption, readArgs, readPublic } from './args';
import { nodeBackend } from './device';
import { onInterrupt } from './interrupt';
import { type Io, UsageError } from './io';
import { experiment } from './reproduce/experiments';
import { Folder } from './reproduce/folder';
import { type Batch, batchesOf, fleetsOf, hash, jobsOf, keyOf } from './reproduce/jobs';
import { clock } from './reproduce/progress';
import { report } from './reproduce/report';
import { configOf, HELD_OUT, trainedVariants } from './reproduce/sizes';
import { trainFleet } from './reproduce/trainFleet';
import {
  EXPERIMENTS,
  type Experiment,
  type ExperimentId,
  type Provenance,
  type RunRecord,
  SIZES,
  type Size,
} from './reproduce/types';

const list = (words: readonly string[]) => words.join(', ');

function targets(words: readonly string[]): ExperimentId[] {
  const unknown = words.find((w) => w !== 'all' && !EXPERIMENTS.includes(w as ExperimentId));
  if (unknown !== undefined) throw new UsageError(`unknown experiment: ${unknown} (one of ${list(EXPERIMENTS)}, or all)`);
  if (!words.length) throw new UsageError(`missing experiment: one or more of ${list(EXPERIMENTS)}, or all`);
  return words.includes('all') ? [...EXPERIMENTS] : EXPERIMENTS.filter((id) => words.includes(id));
}

/** Commit of the code that runs, with a mark when it has changes; `unknown` outside a repository. */
function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', 'src', 'shaders') ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

/** Base checkpoint of a configuration: shipped, made earlier, or made now. Null when a stop was asked for. */
async function startOf(
  backend: Backend,
  config: Config,
  folder: Folder,
  io: Io,
  shouldStop: () => boolean,
): Promise<Start | null> {
  const key = hash(baseKey(config));
  const made = folder.base(key);
  if (made) return { checkpoint: made, where: `base ${key}` };
  let told = 0;
  const start = await baseCheckpoint(backend, config, {
    readPublic,
    say: (text) => io.err(text),
    progress(done, loss) {
      if (Date.now() - told > 5000) {
        told = Date.now();
        io.err(`warm start ${(100 * done).toFixed(0)} %  loss ${loss.toFixed(3)}`);
      }
      return !shouldStop();
    },
  });
  if (start?.where === 'warm start') await folder.saveBase(key, start.checkpoint);
  return start;
}

/** Held-out accuracy of a base checkpoint, as the fleets that start from it are measured. */
async function evaluateBase(
  backend: Backend,
  config: Config,
  start: Start,
  shouldStop: () => boolean,
): Promise<EvalResult | null> {
  const layout = parameterLayout(policyShape(config));
  const flat = new Float32Array(layout.size);
  placeParameters(layout, start.checkpoint, flat, start.where);
  const evaluator = await Evaluator.create(backend, [{ ...config, seed: 0 }], layout);
  try {
    return (await evaluator.evaluate(flat, 0, () => !shouldStop()))?.[0] ?? null;
  } finally {
    evaluator.destroy();
  }
}

/**
 * `reproduce EXPERIMENT… [--seeds 10] [--steps n] [--size tiny] [--out FOLDER] [--memory MB] [--runs n] [--keep seconds] [--report]
 * [--backend …] [key=value …]`: trains what the experiments need, in fleets of at most `--runs` runs and `--memory` megabytes, and writes
 * their reports. Finished runs and snapshots (every `--keep` seconds) lie in the folder: the same command goes on where it was stopped or
 * killed. `--report` trains nothing and reports on the runs that are finished.
 */
export async function reproduceCommand(args: string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, {
    seeds: { type: 'string' },
    steps: { type: 'string' },
    size: { type: 'string' },
    out: { type: 'string' },
    memory: { type: 'string' },
    runs: { type: 'string' },
    keep: { type: 'string' },
    report: { type: 'boolean' },
    backend: { type: 'string' },
  });
  const ids = targets(positionals.filter((w) => !w.includes('=')));
  const size = (values.size ?? 'tiny') as Size;
  if (!SIZES.includes(size)) throw new UsageError(`invalid --size: ${values.size} (${list(SIZES)})`);
  const seeds = integerOption('--seeds', values.seeds, 10, 1, 1000);
  const steps = values.steps === undefined ? undefined : integerOption('--steps', values.steps, 0, 1, 1_000_000);
  const memory = integerOption('--memory', values.memory, 1024, 1, 1_000_000) * 2 ** 20;
  const most = integerOption('--runs', values.runs, 64, 1, 1024);
  const keepEvery = integerOption('--keep', values.keep, 30, 0, 86_400);
  const choice = backendChoice(values.backend);
  const changes = mergeLayers({ eval: HELD_OUT }, parseAssignments(positionals.filter((w) => w.includes('='))));
  const settings = { size, changes, ...(steps === undefined ? {} : { steps }) };
  const experiments = ids.map((id) => experiment(id, size));
  const batches = batchesOf(jobsOf(experiments, settings, seeds));
  const folder = new Folder(values.out ?? `out/reproduce-${size}`);

  const backend = await nodeBackend(choice, (text) => io.err(text));
  const stop = onInterrupt(io);
  const shouldStop = () => stop.asked;
  try {
    const work = batches.map((b) => ({ ...b, jobs: b.jobs.filter((j) => !folder.has(j.key)) })).filter((b) => b.jobs.length > 0);
    const all = batches.reduce((sum, b) => sum + b.jobs.length, 0);
    const left = work.reduce((sum, b) => sum + b.jobs.length, 0);
    io.err(`${all} runs in ${ids.length} experiments (${list(ids)}), ${all - left} of them done; results go to ${folder.path}`);
    const queue = fleetsOf(work, memory, most);
    const time = clock(queue, () => performance.now() / 1000);
    const bases = new Map<string, { start: Start; base: EvalResult }>();
    while (queue.length > 0 && !stop.asked && !values.report) {
      const fleet = queue.shift() as Batch;
      const { config, label } = fleet.jobs[0];
      const known = `${baseKey(config)} ${JSON.stringify(config.eval)} ${JSON.stringify(config.tasks)}`;
      let origin = bases.get(known);
      if (!origin) {
        const start = await startOf(backend, config, folder, io, shouldStop);
        const base = start && (await evaluateBase(backend, config, start, shouldStop));
        if (!start || !base) break;
        origin = { start, base };
        bases.set(known, origin);
      }
      const name = fleet.jobs.length > 1 ? `${label} and others ×${fleet.jobs.length}` : label;
      let told = 0;
      try {
        const finished = await trainFleet(backend, fleet, origin.start, origin.base, folder, {
          now: () => performance.now() / 1000,
          shouldStop,
          keepEvery,
          onStep(step, reward) {
            time.at(fleet, step / config.steps);
            if (Date.now() - told < 2000 && step < config.steps) return;
            told = Date.now();
            const mean = reward === null ? 'no data' : `${(100 * reward).toFixed(1)} %`;
            io.err(`${time.done()}  ${name}: step ${step}/${config.steps}  reward ${mean}  ${time.left()}`);
          },
        });
        if (finished) time.at(fleet, 1);
      } catch (error) {
        if (!(error instanceof DeviceError) || fleet.jobs.length === 1) throw error;
        io.err(`${error.message}: trying fleets of half the size`);
        const half = Math.ceil(fleet.jobs.length / 2);
        queue.unshift({ ...fleet, jobs: fleet.jobs.slice(0, half) }, { ...fleet, jobs: fleet.jobs.slice(half) });
      }
    }
    const provenance: Provenance = {
      command: `npx mcpo-lab reproduce ${args.join(' ')}`,
      version: VERSION,
      commit: commit(),
      adapter: `${backend.kind}: ${backend.adapter}`,
      date: new Date().toISOString().slice(0, 10),
      size,
      seeds,
      steps: steps ?? configOf(trainedVariants(experiments[0].variants)[0], { size, seed: 0 }).steps,
    };
    for (const e of experiments) {
      const { result, files } = report(e, recordsOf(e, settings, seeds, folder), provenance);
      await folder.saveReport(files);
      io.out(`${e.id}: ${tally(result.claims.map((c) => c.verdict))}${Object.keys(files).map((f) => ` ${folder.path}/${f}`)}`);
      for (const { claim, sentence, verdict } of result.claims) io.out(`  ${verdict}: ${claim.text} ${sentence}`);
    }
    if (stop.asked) io.err('stopped; the same command goes on from here');
    return stop.asked ? 130 : 0;
  } finally {
    stop.release();
    backend.destroy();
  }
}

/** `2 supported, 1 undecided` out of verdicts. */
function tally(verdicts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const v of verdicts) counts.set(v, (counts.get(v) ?? 0) + 1);
  return [...counts].map(([verdict, n]) => `${n} ${verdict}`).join(', ');
}

/** The finished runs of an experiment's variants. */
function recordsOf(e: Experiment, settings: Parameters<typeof jobsOf>[1], seeds: number, folder: Folder): RunRecord[] {
  return trainedVariants(e.variants).flatMap((variant) =>
    Array.from({ length: seeds }, (_, seed) => keyOf(variant, { ...settings, seed }))
      .filter((key) => folder.has(key))
      .map((key) => {
        const { states, ...run } = folder.run(key);
        return { ...run, variant: variant.id, ...(e.states && states ? { states } : {}) };
      }),
  );
}

const mergeLayers = (a: Layer, b: Layer): Layer => ({ ...a, ...b, eval: { ...a.eval, ...b.eval } });
