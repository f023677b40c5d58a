import { choiceIndex, HYPER, HYPER_SIZE } from '../../src/config/hyper';
import { STATS_SIZE, statOf } from '../../src/kernels/metrics';
import { STATE, STATE_SIZE } from '../../src/kernels/state';
import type { ClipoSettings } from '../../src/math/clipo';
import { Random, randomBits, STREAM } from '../../src/math/random';

/** Batches on which CLIPO's kernels are tried. */
export interface ClipoCase {
  prompts: number;
  group: number;
  width: number;
  runs: number;
  /** Chance that a rollout is correct. */
  correct?: number;
}

/** One rollout, ragged sizes around a workgroup, primes, the widest group, several runs, no correct and no wrong rollout. */
export const SHAPES: readonly ClipoCase[] = [
  { prompts: 1, group: 1, width: 4, runs: 1 },
  { prompts: 9, group: 7, width: 12, runs: 3 },
  { prompts: 8, group: 8, width: 64, runs: 1 },
  { prompts: 13, group: 5, width: 68, runs: 2 },
  { prompts: 3, group: 64, width: 260, runs: 1 },
  { prompts: 31, group: 5, width: 8, runs: 2 },
  { prompts: 5, group: 4, width: 8, runs: 1, correct: 0 },
  { prompts: 5, group: 4, width: 8, runs: 1, correct: 1 },
];
export const LOSSES = ['infonce', 'supconOut', 'supconIn', 'softNn'] as const;
export const LEVELS = ['group', 'cross', 'batch'] as const;
/** Every loss at every level. */
export const KINDS = LOSSES.flatMap((loss) => LEVELS.map((level) => [loss, level] as const));

/** The settings of one run: temperature, weight and clamp differ from run to run, and the second run has no λ_c. */
export const settingsOf = (loss: ClipoSettings['loss'], level: ClipoSettings['level'], run: number): ClipoSettings => ({
  loss,
  level,
  tau: 0.05 + 0.1 * run,
  lambda: run === 1 ? 0 : 0.2 + 0.1 * run,
  clamp: 0.5 + run,
});

export function packSettings(s: ClipoSettings): Float64Array {
  const hyper = new Float64Array(HYPER_SIZE);
  for (const name of ['tau', 'lambda', 'clamp'] as const) hyper[HYPER[`clipo.${name}`]] = Math.fround(s[name]);
  for (const name of ['loss', 'level'] as const) hyper[HYPER[`clipo.${name}`]] = choiceIndex(`clipo.${name}`, s[name]);
  return hyper;
}

/** `state` of a run in the middle of training. */
export const stateOf = (run: number) =>
  Uint32Array.from({ length: STATE_SIZE }, (_, i) => (i === STATE.seed ? 40 + run : i === STATE.step ? 7 : 0));

/** The draw that the kernels make with `stateOf`. */
export const pickOf = (run: number) => (i: number, count: number) => randomBits(40 + run, STREAM.clipo, 7, i) % count;

/** `stats` with a number of anchors. */
export function statsOf(anchors: number): Float64Array {
  const stats = new Float64Array(STATS_SIZE);
  stats[statOf('clipo/loss') + 1] = anchors;
  return stats;
}

/**
 * Head outputs, their unit vectors and lengths, and labels of one run; rollouts of a prompt resemble one another. About one in
 * fifteen is no rollout (label −1).
 */
export function clipoBatch({ prompts, group, width, correct = 0.6 }: ClipoCase, run: number) {
  const random = new Random(23 + run, 4, prompts * group);
  const rows = prompts * group;
  const prompt = Array.from({ length: rows }, (_, i) => Math.floor(i / group));
  const centre = Array.from({ length: prompts }, () => Array.from({ length: width }, () => random.normal()));
  const u = prompt.map((p) => centre[p].map((x) => Math.fround(x + random.normal())));
  const label = Float64Array.from({ length: rows }, () => (random.chance(1 / 15) ? -1 : Number(random.chance(correct))));
  const norm = Float64Array.from(u, (x, i) => (label[i] < 0 ? 0 : Math.hypot(...x)));
  const z = Float64Array.from(u.flatMap((x, i) => x.map((v) => (norm[i] > 0 ? v / norm[i] : 0))));
  return { u, prompt, label, norm, z };
}
