import type { Backend } from '../src/gpu/backend';
import { SweepRunner } from '../src/host/sweep/runner';
import { interval, paired } from '../src/math/statistics';
import { bestGroup, groupsOf } from '../src/sweep/analysis/groups';
import { Journal } from '../src/sweep/journal';
import { trialValue } from '../src/sweep/objective';
import { makePruner } from '../src/sweep/pruners/make';
import { makeSampler } from '../src/sweep/samplers/make';
import { nextPoint, prunings, runningTrials, stepsOf } from '../src/sweep/schedule';
import { parseSpec } from '../src/sweep/spec';
import type { Assignment, Entry, PrunerSpec, SweepSpec, SweepState, Trial } from '../src/sweep/types';
import { type Claim, digits, percent, table } from './table';

/** Sweeps compared, points in each, and the share of the steps that a pruned one may take. */
const SWEEPS = 10;
const POINTS = 27;
const SHARE = 0.4;

const FIELDS = [
  { field: 'optimizer.lr', values: [1e-4, 3e-4, 6e-4, 1e-3, 2e-3, 4e-3, 8e-3, 2e-2] },
  { field: 'contrast.lambda', values: [0.02, 0.1, 0.3, 1] },
];
const COMMON = {
  presets: ['tiny', 'mcpo-grpo'],
  changes: { steps: 60, 'rollout.prompts': 10, 'eval.prompts': 1, 'eval.samples': 1 },
  fields: FIELDS,
  seeds: 4,
  objective: { metric: 'reward/mean', window: 10 },
  report: 5,
  places: 32,
};
const PRUNERS: readonly PrunerSpec[] = [
  { kind: 'median', startup: 5, warmup: 0 },
  { kind: 'asha', min: 5, factor: 3 },
  { kind: 'hyperband', min: 5, factor: 3 },
];

export interface PruningReport {
  trials: number;
  pruners: { pruner: string; share: number; difference: number; halfWidth: number | null; within: number }[];
  claims: Claim[];
}

const keyOf = (values: Assignment, seed: number) => JSON.stringify([FIELDS.map((f) => values[f.field]), seed]);

/**
 * The sweep that a specification asks for, its trials' curves taken from trainings made before: what a trial measures does not depend on
 * the sweep it is in, so sampler, pruner and rounds decide here as they do while training.
 */
export function replay(spec: SweepSpec, known: ReadonlyMap<string, Trial>): SweepState {
  const [sampler, pruner] = [makeSampler(spec), makePruner(spec)];
  const journal = new Journal();
  const add = (...entries: Entry[]) => journal.push(entries);
  add({ type: 'sweep', spec, version: '', backend: '', adapter: '', memory: 0, at: 0 });
  for (let round = 0; ; round++) {
    add(...prunings(journal.state, pruner));
    for (let point = nextPoint(journal.state, sampler); point; point = nextPoint(journal.state, sampler)) add(point);
    for (const { trial, point, seed } of journal.state.trials.filter((t) => t.state === 'waiting')) {
      if (runningTrials(journal.state).length >= spec.places) break;
      add({ type: 'trial', trial, point, seed });
    }
    const running = runningTrials(journal.state);
    if (!running.length) return journal.state;
    for (const { trial, point, seed, step } of running) {
      const { curves } = known.get(keyOf(journal.state.points[point].values, seed)) as Trial;
      const end = Math.min(step + spec.report, stepsOf(journal.state, { point, seed }));
      const metrics = Object.fromEntries(Object.entries(curves).map(([name, values]) => [name, values.slice(step, end)]));
      add({ type: 'steps', trial, from: step + 1, metrics });
      if (end < stepsOf(journal.state, { point, seed })) continue;
      const value = trialValue(spec, journal.state.trials[trial], end);
      add({ type: 'end', trial, state: 'finished', step: end, value, why: '' });
    }
    add({ type: 'round', round, seconds: 0 });
  }
}

/** Trains every point that the compared sweeps may choose, as one sweep. */
async function trainAll(backend: Backend, readPublic: (path: string) => Promise<Uint8Array | null>, say: (text: string) => void) {
  const entries: Entry[] = [];
  let told = 0;
  const runner = new SweepRunner(backend, parseSpec({ ...COMMON, name: 'all points', sampler: 'grid' }), [], null, {
    readPublic,
    write: (more) => void entries.push(...more),
    snapshot() {},
    checkpoint() {},
    say,
    progress() {},
    pace(stepsPerSecond) {
      const now = Date.now();
      if (now - told < 5000) return;
      told = now;
      const done = runner.state.trials.reduce((sum, t) => sum + t.step, 0);
      const all = runner.state.trials.length * 60;
      say(
        `training ${runner.state.trials.length} trials: ${percent(done / all)} of those begun, ${digits(stepsPerSecond)} steps/s`,
      );
    },
    shouldStop: () => false,
    orders: () => [],
    now: () => performance.now() / 1000,
    today: () => Date.now(),
    keepEvery: Number.POSITIVE_INFINITY,
    submissionSeconds: 1,
    memory: 2 ** 31,
  });
  try {
    await runner.run();
    return runner.state;
  } finally {
    runner.destroy();
  }
}

const spent = (state: SweepState) => state.trials.reduce((sum, t) => sum + t.step, 0);

/**
 * Ten random sweeps with and without pruning, on the same trainings: share of the steps that a pruned sweep takes, and how far the best
 * point that it ends with is from the best of the full one.
 */
export async function benchPruning(
  backend: Backend,
  {
    readPublic,
    say,
    out,
  }: { readPublic(path: string): Promise<Uint8Array | null>; say(text: string): void; out(text: string): void },
): Promise<PruningReport> {
  const all = await trainAll(backend, readPublic, say);
  const known = new Map(all.trials.map((t) => [keyOf(all.points[t.point].values, t.seed), t]));
  const sweep = (seed: number, pruner: PrunerSpec) =>
    replay(
      parseSpec({ ...COMMON, name: `sweep ${seed}`, sampler: { kind: 'random', seed }, budget: 4 * POINTS, places: 128, pruner }),
      known,
    );
  const seeds = Array.from({ length: SWEEPS }, (_, i) => i + 1);
  const full = seeds.map((seed) => sweep(seed, { kind: 'none' }));
  const best = (state: SweepState) => bestGroup(groupsOf(state)) as NonNullable<ReturnType<typeof bestGroup>>;
  const pruners = PRUNERS.map((pruner) => {
    const states = seeds.map((seed) => sweep(seed, pruner));
    const shares = states.map((s, i) => spent(s) / spent(full[i]));
    const [ours, theirs] = [states.map(best), full.map(best)];
    const { mean, halfWidth } = paired(
      ours.map((g) => g.mean as number),
      theirs.map((g) => g.mean as number),
    );
    const within = ours.filter((g, i) => (g.mean as number) >= (theirs[i].mean as number) - (theirs[i].halfWidth ?? 0)).length;
    return { pruner: pruner.kind, share: interval(shares).mean as number, difference: mean as number, halfWidth, within };
  });
  out(`\n${SWEEPS} random sweeps of ${POINTS} points × 4 seeds × 60 steps, pruned, against the same sweeps in full`);
  const rows = pruners.map((p) => [
    p.pruner,
    percent(p.share),
    `${digits(100 * p.difference)} ± ${digits(100 * (p.halfWidth ?? Number.NaN))}`,
    `${p.within} of ${SWEEPS}`,
  ]);
  for (const line of table(['pruner', 'steps', 'best reward, points', 'within its interval'], rows)) out(line);
  const claims = pruners.map(({ pruner, share, within }) => ({
    text: `${pruner} finds the full sweep's best within its interval in ${within} of ${SWEEPS} sweeps, for ${percent(share)} of the steps`,
    target: `all, for at most ${percent(SHARE)}`,
    met: within === SWEEPS && share <= SHARE,
  }));
  return { trials: all.trials.length, pruners, claims };
}
