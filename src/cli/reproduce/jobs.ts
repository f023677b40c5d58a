import { createHash } from 'node:crypto';
import type { Config } from '../../config/schema';
import { fleetShape } from '../../engine/trainer';
import { trainPlan } from '../../engine/trainPlan';
import { planCost } from '../../gpu/plan';
import { baseKey } from '../../host/base';
import { fleetKind, runBytes } from '../../host/fleetKind';
import { VERSION } from '../../host/version';
import { buildBank } from '../../tasks/bank';
import { configOf, type RunSettings, trainedVariants } from './sizes';
import type { Experiment, Variant } from './types';

/** One training that some experiment needs; experiments and variants that ask for the same one share it. */
export interface Job {
  /** Hash of everything that decides the run. */
  key: string;
  config: Config;
  /** Name for progress lines: the first variant that asks for it. */
  label: string;
}

/** Jobs that train side by side: one shape, one plan, one base. */
export interface Batch {
  jobs: Job[];
  /** Buffers of one run, bytes, and work of one run, floating-point operations. */
  bytes: number;
  flops: number;
}

/** Rounds of generation that a filtering run is taken to need when work is estimated. */
const TYPICAL_ROUNDS = 3;

/** Short name of a value's JSON text. */
export const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

/** The job of a configuration. */
export const jobOf = (config: Config, label: string): Job => ({ key: hash([VERSION, config]), config, label });

/** Key of the run that a variant has for a seed. */
export const keyOf = (variant: Variant, settings: RunSettings): string => jobOf(configOf(variant, settings), '').key;

/** Every training that the experiments need, each once, seed by seed within a variant. */
export function jobsOf(experiments: readonly Experiment[], settings: Omit<RunSettings, 'seed'>, seeds: number): Job[] {
  const jobs = new Map<string, Job>();
  for (const { variants } of experiments)
    for (const variant of trainedVariants(variants))
      for (let seed = 0; seed < seeds; seed++) {
        const job = jobOf(configOf(variant, { ...settings, seed }), variant.label);
        if (!jobs.has(job.key)) jobs.set(job.key, job);
      }
  return [...jobs.values()];
}

/** What runs of one batch must have in common: they train, end and are evaluated together, from one base. */
const signature = ({ config }: Job): string => JSON.stringify([fleetKind(config), config.steps, baseKey(config)]);

/** Groups jobs that can train side by side, in order of first appearance. */
export function batchesOf(jobs: readonly Job[]): Batch[] {
  const groups = new Map<string, Job[]>();
  for (const job of jobs) {
    const key = signature(job);
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  return [...groups.values()].map((group) => {
    const { config } = group[0];
    const bank = buildBank(config.tasks, { split: 'train', perColumn: config.tasks.instances, seed: config.tasks.world });
    const shape = fleetShape([config], bank);
    const typical = shape.rounds === undefined ? shape : { ...shape, rounds: Math.min(shape.rounds, TYPICAL_ROUNDS) };
    return { jobs: group, bytes: runBytes(config), flops: planCost(trainPlan(typical).plan).flops * config.steps };
  });
}

/** Cuts batches into fleets of at most `most` runs and `memory` bytes of buffers (a fleet has at least one run), evenly. */
export function fleetsOf(batches: readonly Batch[], memory: number, most: number): Batch[] {
  return batches.flatMap(({ jobs, bytes, flops }) => {
    const limit = Math.max(1, Math.min(most, Math.floor(memory / bytes)));
    const count = Math.ceil(jobs.length / limit);
    const size = Math.ceil(jobs.length / count);
    return Array.from({ length: count }, (_, i) => ({ jobs: jobs.slice(i * size, (i + 1) * size), bytes, flops }));
  });
}

/** Name of a fleet's snapshot: its runs and their order. */
export const fleetKey = ({ jobs }: Batch): string => hash(jobs.map((j) => j.key));
